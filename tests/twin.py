"""A slow engine written a second time from docs/model.md alone: it goes through all messages at every tick.

It shares no idea with the reference engine: no events, heaps or bookkeeping. Who is on duty, idle since when, and how
good the judged work was is read off the windows and visits each time. Every rule is a method, for mutants to get wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from twin_story import Correction, Message, Slot, Visit, Window, drawn, log_of, messages_of, windows_of

from simsocial.model.desk import AUTHOR, OUTSIDE, Desk, Group, Order, Ranking, ReviewRule, When
from simsocial.model.log import Log, MessageOutcome, VisitOutcome
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster
from simsocial.units import NEVER

LEFT = {VisitOutcome.ABANDONED: MessageOutcome.ABANDONED, VisitOutcome.EXPIRED: MessageOutcome.EXPIRED}


class Twin:
    """One replication."""

    def __init__(self, desk: Desk, messages: Messages, roster: Roster) -> None:
        self.desk = desk
        self.now = 0
        self.messages = messages_of(desk, messages)
        self.team = [int(team) for team in roster.team]
        self.slots = [int(slots) for slots in roster.slots]
        self.windows = windows_of(roster)

    def run(self) -> Log:
        while self.now < self.horizon():
            self.tick()
            self.work_passes()
            self.now += 1
        return log_of(self.messages, streams=len(self.desk.routes))

    def tick(self) -> None:
        """R36: what happens takes effect, then dispatch, then patience and expiry."""
        self.happen()
        self.dispatch()
        self.depart()

    def horizon(self) -> int:
        """R2: what would happen at the horizon does not happen."""
        return self.desk.horizon

    def work_passes(self) -> None:
        """A tick of work is done between now and the next tick."""
        for visit in self.in_service():
            if self.advances(visit):
                visit.left -= 1

    # ---- R36: what happens ------------------------------------------------------------------------------------------

    def happen(self) -> None:
        for visit in list(self.in_service()):
            if visit.left == 0:
                self.end(visit)
        for message in self.messages:
            if message.arrival == self.now:
                self.arrive(message)
            elif message.back_at == self.now:
                self.join(message, message.visits[-1].step)

    def arrive(self, message: Message) -> None:
        if not message.actionable and not message.route.triage:
            self.over(message, MessageOutcome.NOISE)  # R17
        else:
            self.go_on(message, 0)

    def go_on(self, message: Message, step: int) -> None:
        """R22, R24: to the next step that the message needs."""
        ahead = [later for later in range(step, len(message.route.steps)) if self.needs(message, later)]
        if message.actionable and not self.unpublished_work(message, ahead):
            self.publish(message)
        if ahead:
            self.join(message, ahead[0])
        else:
            self.over(message, MessageOutcome.HANDLED)

    def publish(self, message: Message) -> None:
        """R24: corrections after publication do not move it."""
        message.published = min(message.published, self.now)

    def needs(self, message: Message, step: int) -> bool:
        return bool(message.draws(step).needs[message.index])

    def unpublished_work(self, message: Message, ahead: list[int]) -> bool:
        """R24: whether a step that is not a review after publication is still to come."""
        reviews = [message.route.steps[step].review for step in ahead]
        return any(review is None or review.when is When.BEFORE for review in reviews)

    def join(self, message: Message, step: int, rework: int | None = None) -> None:
        number = 1 + sum(visit.step == step for visit in message.visits)
        work = self.own_work(message, step) if rework is None else rework
        visit = Visit(message, step, rework is not None, number, self.now, work)
        message.story.append(visit)
        if self.too_late(visit):
            self.leave(visit, VisitOutcome.EXPIRED)
        elif visit.spec.nobody:
            self.begin(visit, pace=1.0, quality=1.0)  # R28

    def own_work(self, message: Message, step: int) -> int:
        """R17, R40: work of a visit to the step's own queue; the message's first visit includes triage."""
        triage = 0 if message.visits else int(message.drawn.triage[message.index])
        if not message.actionable:
            return triage
        before = sum(visit.step == step and not visit.rework for visit in message.visits)
        return triage + int(drawn(message.draws(step).work, before + 1, message.index))

    def too_late(self, visit: Visit) -> bool:
        """R26: one that comes to a queue after its expiry leaves at once."""
        return visit.joined > self.expiry(visit)

    def over(self, message: Message, outcome: MessageOutcome) -> None:
        message.outcome = outcome if message.actionable else MessageOutcome.NOISE
        message.ended = self.now

    # ---- R36, R37: dispatch -----------------------------------------------------------------------------------------

    def dispatch(self) -> None:
        while visit := self.named():
            visit.slot = self.taker(visit)
            window = self.window(visit.slot.agent, self.now)
            assert window is not None
            self.begin(visit, pace=window.pace, quality=window.quality)

    def named(self) -> Visit | None:
        """R37: the first ranking, by team, with somebody idle and waiting work names the message."""
        for number, ranking in enumerate(self.desk.rankings):
            if any(self.ranking_of(slot) == number for slot in self.idle()) and (visit := self.first_of(ranking)):
                return visit
        return None

    def first_of(self, ranking: Ranking) -> Visit | None:
        """R31: the head of the highest-ranked queue; inside a group the heads are compared."""
        for group in ranking.groups:
            heads = [head for queue in group.queues if (head := self.head(queue))]
            if heads:
                return min(heads, key=lambda visit: self.order_in_group(group, visit))
        return None

    def head(self, queue: int) -> Visit | None:
        waiting = [visit for visit in self.waiting() if visit.queue == queue]
        return min(waiting, key=self.order_in_queue, default=None)

    def order_in_queue(self, visit: Visit) -> tuple[int, ...]:
        return visit.joined, visit.message.index

    def order_in_group(self, group: Group, visit: Visit) -> tuple[int, ...]:
        first = visit.message.due if group.order is Order.DUE else visit.joined
        return first, visit.message.stream, visit.message.index, visit.step

    def taker(self, visit: Visit) -> Slot:
        """R37: the first team in the step's ``prefer`` order; inside it the slot idle longest, then the lowest."""
        able = [slot for slot in self.idle() if visit.queue in self.desk.rankings[self.ranking_of(slot)].queues]
        return min(able, key=lambda slot: (self.preference(visit, slot), *self.order_of_slots(slot)))

    def preference(self, visit: Visit, slot: Slot) -> int:
        return visit.spec.prefer.index(slot.team)

    def order_of_slots(self, slot: Slot) -> tuple[int, ...]:
        return self.idle_since(slot), slot.agent, slot.number

    def idle_since(self, slot: Slot) -> int:
        """R38: the later of the slot's last completion and the start of the on-duty stretch."""
        return max(self.last_completion(slot), self.stretch_start(slot))

    def last_completion(self, slot: Slot) -> int:
        ends = [visit.end for visit in self.all_visits() if visit.slot == slot and visit.end < NEVER]
        return max(ends, default=-NEVER)

    def stretch_start(self, slot: Slot) -> int:
        instant = self.now
        while self.window(slot.agent, instant - 1):
            instant -= 1
        return instant

    def idle(self) -> list[Slot]:
        """Free slots of agents on duty."""
        on_duty = [agent for agent in range(len(self.team)) if self.window(agent, self.now)]
        threads = [Slot(self.team[agent], agent, number) for agent in on_duty for number in range(self.slots[agent])]
        return [slot for slot in threads if not any(self.occupies(visit, slot) for visit in self.in_service())]

    def occupies(self, visit: Visit, slot: Slot) -> bool:
        return visit.slot == slot

    def ranking_of(self, slot: Slot) -> int:
        window = self.window(slot.agent, self.now)
        assert window is not None
        return window.ranking

    def window(self, agent: int, instant: int) -> Window | None:
        """R2, R39: a window is half-open, so that nothing begins at its end."""
        return next((window for window in self.windows[agent] if window.start <= instant < window.end), None)

    # ---- R23, R27, R29, R40: work -----------------------------------------------------------------------------------

    def begin(self, visit: Visit, *, pace: float, quality: float) -> None:
        visit.start, visit.quality, visit.outcome = self.now, quality, VisitOutcome.IN_SERVICE
        visit.left = self.ticks(visit.work * pace * self.work_factor(visit))

    def ticks(self, work: float) -> int:
        return max(1, round(work))

    def work_factor(self, visit: Visit) -> float:
        return float(visit.spec.work_factor.at(visit.start))

    def reject_factor(self, visit: Visit) -> float:
        return float(visit.spec.reject_factor.at(visit.start))

    def advances(self, visit: Visit) -> bool:
        """R29: suspended work counts only ticks in which its agent is on duty."""
        return not visit.spec.suspend or visit.slot is None or self.window(visit.slot.agent, self.now) is not None

    def end(self, visit: Visit) -> None:
        visit.end = self.now
        message, review = visit.message, visit.spec.review
        if not message.actionable:
            visit.outcome = VisitOutcome.NOISE
            self.over(message, MessageOutcome.NOISE)
        elif review is None or not self.rejects(visit, review):
            visit.outcome = VisitOutcome.PASSED if review else VisitOutcome.DONE
            self.go_on(message, visit.step + 1)
        else:
            visit.outcome = VisitOutcome.REJECTED
            self.send_back(visit, review)

    def rejects(self, visit: Visit, review: ReviewRule) -> bool:
        """R23: the v-th review has a uniform of its own."""
        uniform = float(drawn(visit.message.draws(visit.step).reject, visit.number, visit.message.index))
        chance = review.reject * self.reject_factor(visit)
        return chance > 0 and self.fails(uniform, chance, self.judged_quality(visit, review))

    def fails(self, uniform: float, chance: float, quality: float) -> bool:
        return uniform / chance < quality

    def judged_quality(self, visit: Visit, review: ReviewRule) -> float:
        """R23: that of the latest visit to the step judged; 1 without one, and after an author's correction."""
        judged = [event.quality for event in visit.message.story if event.step == review.judges]
        return judged[-1] if judged else 1.0

    def send_back(self, visit: Visit, review: ReviewRule) -> None:
        """R25: withdrawn at the last round; else to the author, or to the step's rework queue."""
        message, draws = visit.message, visit.message.draws(visit.step)
        if self.last_round(visit, review):
            self.over(message, MessageOutcome.WITHDRAWN)
        elif review.returns_to == AUTHOR:
            if review.judges != OUTSIDE:
                message.story.append(self.correction(visit, review))
            message.back_at = self.now + int(drawn(draws.author_delay, visit.number, message.index))
        else:
            rework = int(drawn(draws.rework, visit.number, message.index))
            self.join(message, review.returns_to, rework)

    def correction(self, visit: Visit, review: ReviewRule) -> Correction:
        return Correction(review.judges)

    def last_round(self, visit: Visit, review: ReviewRule) -> bool:
        return visit.number >= review.max_rounds

    # ---- R26: patience and expiry -----------------------------------------------------------------------------------

    def depart(self) -> None:
        for visit in list(self.waiting()):
            if self.now == self.patience(visit):
                self.leave(visit, VisitOutcome.ABANDONED)
            elif self.now == self.expiry(visit):
                self.leave(visit, VisitOutcome.EXPIRED)

    def patience(self, visit: Visit) -> int:
        """R26: it matters while the message's first visit has not begun."""
        return int(visit.message.drawn.patience_ends[visit.message.index]) if visit is visit.message.story[0] else NEVER

    def expiry(self, visit: Visit) -> int:
        return visit.message.arrival + visit.spec.expires_after

    def leave(self, visit: Visit, outcome: VisitOutcome) -> None:
        visit.end, visit.outcome = self.now, outcome
        self.over(visit.message, LEFT[outcome])

    # ---- what there is ----------------------------------------------------------------------------------------------

    def all_visits(self) -> Iterator[Visit]:
        return (visit for message in self.messages for visit in message.visits)

    def waiting(self) -> Iterator[Visit]:
        return (visit for visit in self.all_visits() if visit.outcome is VisitOutcome.WAITING)

    def in_service(self) -> Iterator[Visit]:
        return (visit for visit in self.all_visits() if visit.outcome is VisitOutcome.IN_SERVICE)


def simulate(desk: Desk, messages: Messages, roster: Roster) -> Log:
    """The twin as an engine."""
    return Twin(desk, messages, roster).run()
