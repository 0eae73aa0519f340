"""Engines that get a rule about messages wrong (R17, R22–R28); each name says what it does instead."""

from __future__ import annotations

from dataclasses import replace

from mutant import Mutant
from twin import Twin
from twin_story import Correction, Message, Visit, drawn

from simsocial.model.desk import ReviewRule
from simsocial.model.log import MessageOutcome, VisitOutcome
from simsocial.units import NEVER

NOWHERE = -9

# ---- R17, R22: noise, triage, needs ---------------------------------------------------------------------------------


def _all_work_of_noise(twin: Twin, message: Message, step: int) -> int:
    triage = 0 if message.visits else int(message.drawn.triage[message.index])
    return triage + int(drawn(message.draws(step).work, 1, message.index))


def _triage_each_time(twin: Twin, message: Message, step: int) -> int:
    work = Twin.own_work(twin, message, step)
    return work + int(message.drawn.triage[message.index]) if message.visits else work


def _same_work_again(twin: Twin, message: Message, step: int) -> int:
    own = [visit for visit in message.visits if visit.step == step and not visit.rework]
    return own[0].work if own else Twin.own_work(twin, message, step)


def _over_by_outcome(twin: Twin, message: Message, outcome: MessageOutcome) -> None:
    message.outcome, message.ended = outcome, twin.now


def _go_on_in_public(twin: Twin, message: Message, step: int) -> None:
    ahead = [later for later in range(step, len(message.route.steps)) if twin.needs(message, later)]
    if not twin.unpublished_work(message, ahead):
        twin.publish(message)
    Twin.go_on(twin, message, step)


untriaged_noise_joins = Mutant(arrive=lambda twin, message: twin.go_on(message, 0))
noise_takes_all_work = Mutant(own_work=_all_work_of_noise)
triage_at_every_visit = Mutant(own_work=_triage_each_time)
noise_counts_as_lost = Mutant(over=_over_by_outcome)
noise_is_published = Mutant(go_on=_go_on_in_public)
every_step_is_needed = Mutant(needs=lambda twin, message, step: True)
work_is_drawn_once = Mutant(own_work=_same_work_again)

# ---- R23: review ----------------------------------------------------------------------------------------------------


def _judged(visit: Visit, review: ReviewRule) -> list[Visit | Correction]:
    return [event for event in visit.message.story if event.step == review.judges]


def _quality_at_first(twin: Twin, visit: Visit, review: ReviewRule) -> float:
    judged = _judged(visit, review)
    return judged[0].quality if judged else 1.0


def _quality_at_the_end(twin: Twin, visit: Visit, review: ReviewRule) -> float:
    served = [event for event in _judged(visit, review) if isinstance(event, Visit) and event.slot]
    window = twin.window(served[-1].slot.agent, served[-1].end) if served and served[-1].slot else None
    return window.quality if window else 1.0


def _quality_just_before(twin: Twin, visit: Visit, review: ReviewRule) -> float:
    return visit.message.story[-2].quality if len(visit.message.story) > 1 else 1.0


def _uniform_of_the_first(twin: Twin, visit: Visit, review: ReviewRule) -> bool:
    return Twin.rejects(twin, replace(visit, number=1), review)


def _chance_zero(twin: Twin, visit: Visit, review: ReviewRule) -> bool:
    uniform = float(drawn(visit.message.draws(visit.step).reject, visit.number, visit.message.index))
    return uniform <= review.reject * twin.reject_factor(visit) or Twin.rejects(twin, visit, review)


equality_rejects = Mutant(fails=lambda twin, uniform, chance, quality: uniform / chance <= quality)
product_instead_of_quotient = Mutant(fails=lambda twin, uniform, chance, quality: uniform < chance * quality)
chance_zero_rejects = Mutant(rejects=_chance_zero)
one_uniform_for_all_reviews = Mutant(rejects=_uniform_of_the_first)
quality_is_forgotten = Mutant(judged_quality=lambda twin, visit, review: 1.0)
quality_of_the_reviewer = Mutant(judged_quality=lambda twin, visit, review: visit.quality)
quality_at_first = Mutant(judged_quality=_quality_at_first)
quality_at_the_end = Mutant(judged_quality=_quality_at_the_end)
quality_of_the_step_before = Mutant(judged_quality=_quality_just_before)
author_corrects_nothing = Mutant(correction=lambda twin, visit, review: Correction(NOWHERE))

# ---- R24, R25: publication, rejection -------------------------------------------------------------------------------


def _back_at_once(twin: Twin, visit: Visit, review: ReviewRule) -> None:
    Twin.send_back(twin, visit, review)
    if visit.message.outcome is MessageOutcome.PENDING and visit.message.back_at > twin.now:
        visit.message.back_at = twin.now + 1


def _passed_by_author(twin: Twin) -> None:
    for message in twin.messages:
        if message.back_at == twin.now:
            message.back_at = NEVER
            twin.go_on(message, message.visits[-1].step + 1)
    Twin.happen(twin)


def _back_to_review(twin: Twin, message: Message, step: int) -> None:
    rejected = [visit.step for visit in message.visits if visit.outcome is VisitOutcome.REJECTED]
    reworked = bool(message.visits) and message.visits[-1].rework
    Twin.go_on(twin, message, rejected[-1] if reworked else step)


def _last_of_own_visits(twin: Twin, visit: Visit, review: ReviewRule) -> bool:
    own = [other for other in visit.message.visits if other.step == visit.step and not other.rework]
    return len(own) >= review.max_rounds


def _publish_again(twin: Twin, message: Message) -> None:
    message.published = twin.now


def _ordinary_work(twin: Twin, message: Message, ahead: list[int]) -> bool:
    return any(message.route.steps[step].review is None for step in ahead)


author_takes_no_time = Mutant(send_back=_back_at_once)
author_ends_the_review = Mutant(happen=_passed_by_author)
one_round_more = Mutant(last_round=lambda twin, visit, review: visit.number > review.max_rounds)
rework_of_a_review_is_no_round = Mutant(last_round=_last_of_own_visits)
rework_returns_to_its_review = Mutant(go_on=_back_to_review)
publication_at_the_end = Mutant(unpublished_work=lambda twin, message, ahead: bool(ahead))
publication_before_review = Mutant(unpublished_work=_ordinary_work)
publication_moves = Mutant(publish=_publish_again)

# ---- R26, R27, R28: patience, expiry, factors, nobody ---------------------------------------------------------------


def _expiry_first(twin: Twin) -> None:
    for visit in list(twin.waiting()):
        if twin.now == twin.expiry(visit):
            twin.leave(visit, VisitOutcome.EXPIRED)
    Twin.depart(twin)


def _patience_of_message(twin: Twin, visit: Visit) -> int:
    return int(visit.message.drawn.patience_ends[visit.message.index])


def _expiry_at_first(twin: Twin, visit: Visit) -> int:
    return Twin.expiry(twin, visit) if visit.number == 1 else NEVER


expiry_goes_before_patience = Mutant(depart=_expiry_first)
patience_at_every_queue = Mutant(patience=_patience_of_message)
patience_is_endless = Mutant(patience=lambda twin, visit: NEVER)
patience_ends_a_tick_later = Mutant(patience=lambda twin, visit: Twin.patience(twin, visit) + 1)
expiry_at_the_first_visit_only = Mutant(expiry=_expiry_at_first)
expiry_at_the_first_step_only = Mutant(expiry=lambda twin, visit: NEVER if visit.step else Twin.expiry(twin, visit))
expiry_from_a_tick_later = Mutant(expiry=lambda twin, visit: Twin.expiry(twin, visit) + 1)
expiry_from_joining = Mutant(expiry=lambda twin, visit: visit.joined + visit.spec.expires_after)
expired_still_queues = Mutant(too_late=lambda twin, visit: False)
too_late_at_the_tick = Mutant(too_late=lambda twin, visit: visit.joined >= twin.expiry(visit))
nobody_takes_the_expired = Mutant(too_late=lambda twin, visit: not visit.spec.nobody and Twin.too_late(twin, visit))
work_factor_is_forgotten = Mutant(work_factor=lambda twin, visit: 1.0)
work_factor_at_joining = Mutant(work_factor=lambda twin, visit: float(visit.spec.work_factor.at(visit.joined)))
reject_factor_is_forgotten = Mutant(reject_factor=lambda twin, visit: 1.0)
reject_factor_at_the_end = Mutant(reject_factor=lambda twin, visit: float(visit.spec.reject_factor.at(visit.end)))
reject_factor_at_joining = Mutant(reject_factor=lambda twin, visit: float(visit.spec.reject_factor.at(visit.joined)))
