"""Engines that get a rule about people, order or ticks wrong (R2, R28–R40); each name says what it does instead."""

from __future__ import annotations

import math
from collections.abc import Callable

from mutant import Mutant
from twin import Twin
from twin_story import Slot, Visit, Window

from simsocial.model.desk import Group, Order, Ranking
from simsocial.units import NEVER

# ---- R2, R36: ticks -------------------------------------------------------------------------------------------------


def _tick(*order: str) -> Callable[[Twin], None]:
    def tick(twin: Twin) -> None:
        for part in order:
            getattr(twin, part)()

    return tick


def _one_start(twin: Twin) -> None:
    named = twin.named
    visit = named()
    if visit:
        twin.named = iter([visit, None]).__next__  # type: ignore[method-assign]
        Twin.dispatch(twin)
        twin.named = named  # type: ignore[method-assign]


horizon_included = Mutant(horizon=lambda twin: twin.desk.horizon + 1)
dispatch_before_effects = Mutant(tick=_tick("dispatch", "happen", "depart"))
leaving_before_dispatch = Mutant(tick=_tick("happen", "depart", "dispatch"))
one_start_a_tick = Mutant(dispatch=_one_start)

# ---- R28, R29, R30, R35, R39: who works, and when -------------------------------------------------------------------


def _inclusive(twin: Twin, agent: int, instant: int) -> Window | None:
    return next((window for window in twin.windows[agent] if window.start <= instant <= window.end), None)


def _stays_on(twin: Twin, agent: int, instant: int) -> Window | None:
    finished = any(visit.slot and visit.slot.agent == agent and visit.end == instant for visit in twin.all_visits())
    return Twin.window(twin, agent, instant) or (twin.windows[agent][-1] if finished else None)


def _off_duty_stops(twin: Twin, visit: Visit) -> bool:
    return visit.slot is None or twin.window(visit.slot.agent, twin.now) is not None


def _at_pace_of(chosen: Callable[[Twin, Visit], float]) -> Mutant:
    def begin(twin: Twin, visit: Visit, *, pace: float, quality: float) -> None:
        Twin.begin(twin, visit, pace=chosen(twin, visit) if visit.slot else pace, quality=quality)

    return Mutant(begin=begin)


def _first_pace(twin: Twin, visit: Visit) -> float:
    assert visit.slot is not None
    return twin.windows[visit.slot.agent][0].pace


def _last_pace(twin: Twin, visit: Visit) -> float:
    assert visit.slot is not None
    return twin.windows[visit.slot.agent][-1].pace


def _free_off_duty(twin: Twin, visit: Visit, slot: Slot) -> bool:
    return visit.slot == slot and not (visit.spec.suspend and twin.stretch_start(slot) > visit.start)


def _never_past_the_last_window(twin: Twin, visit: Visit) -> bool:
    over = visit.slot is not None and twin.now >= twin.windows[visit.slot.agent][-1].end
    return over or Twin.advances(twin, visit)


def _nobody_is_somebody(twin: Twin, visit: Visit, *, pace: float, quality: float) -> None:
    Twin.begin(twin, visit, pace=pace, quality=quality)
    if visit.spec.nobody and twin.team:
        visit.slot = Slot(twin.team[0], 0, 0)


def _nobody_errs(twin: Twin, visit: Visit, *, pace: float, quality: float) -> None:
    Twin.begin(twin, visit, pace=pace, quality=0.5 if visit.spec.nobody else quality)


nobody_occupies_somebody = Mutant(begin=_nobody_is_somebody)
nobody_makes_few_errors = Mutant(begin=_nobody_errs)
nothing_suspends = Mutant(advances=lambda twin, visit: True)
everything_suspends = Mutant(advances=_off_duty_stops)
suspended_work_frees_its_slot = Mutant(occupies=_free_off_duty)
suspended_work_ends_somehow = Mutant(advances=_never_past_the_last_window)
window_end_is_inside = Mutant(window=_inclusive)
overrun_goes_on = Mutant(window=_stays_on)
pace_is_forgotten = _at_pace_of(lambda twin, visit: 1.0)
pace_of_the_first_window = _at_pace_of(_first_pace)
pace_of_the_last_window = _at_pace_of(_last_pace)
one_slot_each = Mutant(idle=lambda twin: [slot for slot in Twin.idle(twin) if slot.number == 0])

# ---- R31: rankings --------------------------------------------------------------------------------------------------


def _in_group(key: Callable[[Group, Visit], tuple[int, ...]]) -> Mutant:
    return Mutant(order_in_group=lambda twin, group, visit: key(group, visit))


def _oldest_of_all(twin: Twin, ranking: Ranking) -> Visit | None:
    heads = [head for queue in sorted(ranking.queues) if (head := twin.head(queue))]
    return min(heads, key=lambda visit: visit.joined, default=None)


def _own_number(twin: Twin, slot: Slot) -> int:
    return twin.windows[slot.agent][0].ranking


def _joined(group: Group, visit: Visit) -> tuple[int, ...]:
    return visit.joined, visit.message.stream, visit.message.index


def _due(group: Group, visit: Visit) -> tuple[int, ...]:
    return visit.message.due, visit.message.stream, visit.message.index


def _undue_first(group: Group, visit: Visit) -> tuple[int, ...]:
    due = -1 if visit.message.due == NEVER and group.order is Order.DUE else _due(group, visit)[0]
    return due, visit.message.stream, visit.message.index


due_order_is_fifo = _in_group(_joined)
fifo_order_is_due = _in_group(_due)
undue_comes_first = _in_group(_undue_first)
group_is_ranked = _in_group(lambda group, visit: (group.queues.index(visit.queue),))
due_ties_by_joining = _in_group(lambda group, visit: (visit.message.due, visit.joined, visit.message.stream))
ties_by_message_before_stream = _in_group(lambda group, visit: (0, visit.message.index, visit.message.stream))
ties_by_message_backwards = _in_group(lambda group, visit: (*_joined(group, visit)[:2], -visit.message.index))
group_is_ranked_backwards = _in_group(lambda group, visit: (-group.queues.index(visit.queue),))
rank_is_forgotten = Mutant(first_of=_oldest_of_all)
queue_by_message = Mutant(order_in_queue=lambda twin, visit: (visit.message.index,))
queue_by_due = Mutant(order_in_queue=lambda twin, visit: (visit.message.due, visit.message.index))
queue_ties_by_due = Mutant(order_in_queue=lambda twin, visit: (visit.joined, visit.message.due))
queue_ties_by_last_message = Mutant(order_in_queue=lambda twin, visit: (visit.joined, -visit.message.index))
ranking_of_the_first_window = Mutant(ranking_of=_own_number)

# ---- R37, R38: dispatch ---------------------------------------------------------------------------------------------


def _named_by(order: Callable[[Twin], list[int]]) -> Mutant:
    def named(twin: Twin) -> Visit | None:
        on_duty = {twin.ranking_of(slot) for slot in twin.idle()}
        found = (twin.first_of(twin.desk.rankings[number]) for number in order(twin) if number in on_duty)
        return next((visit for visit in found if visit), None)

    return Mutant(named=named)


def _teams_backwards(twin: Twin) -> list[int]:
    return list(reversed(range(len(twin.desk.rankings))))


def _stretch_of_window(twin: Twin, slot: Slot) -> int:
    window = twin.window(slot.agent, twin.now)
    assert window is not None
    return window.start


def _namer_takes(twin: Twin, visit: Visit) -> Slot:
    able = [slot for slot in twin.idle() if visit.queue in twin.desk.rankings[twin.ranking_of(slot)].queues]
    return min(able, key=lambda slot: (twin.ranking_of(slot), *twin.order_of_slots(slot)))


def _preferred_takes(twin: Twin, visit: Visit) -> Slot:
    return min(twin.idle(), key=lambda slot: (twin.preference(visit, slot), *twin.order_of_slots(slot)))


takes_what_it_does_not_serve = Mutant(taker=_preferred_takes)
other_teams_follow_backwards = Mutant(
    preference=lambda twin, visit, slot: (slot.team != visit.spec.prefer[0]) * (9 - slot.team)
)
last_ranking_names_first = _named_by(_teams_backwards)
preference_is_forgotten = Mutant(preference=lambda twin, visit, slot: slot.team)
preference_within_the_naming_ranking = Mutant(taker=_namer_takes)
lowest_agent_first = Mutant(order_of_slots=lambda twin, slot: (slot.agent, slot.number))
latest_idle_first = Mutant(order_of_slots=lambda twin, slot: (-twin.idle_since(slot), slot.agent, slot.number))
highest_agent_first = Mutant(order_of_slots=lambda twin, slot: (twin.idle_since(slot), -slot.agent, slot.number))
highest_slot_first = Mutant(order_of_slots=lambda twin, slot: (twin.idle_since(slot), slot.agent, -slot.number))
lowest_slot_first = Mutant(order_of_slots=lambda twin, slot: (slot.number, slot.agent))
slots_before_agents = Mutant(order_of_slots=lambda twin, slot: (twin.idle_since(slot), slot.number, slot.agent))
idle_since_completion = Mutant(idle_since=lambda twin, slot: twin.last_completion(slot))
idle_since_stretch = Mutant(idle_since=lambda twin, slot: twin.stretch_start(slot))
each_window_is_a_stretch = Mutant(stretch_start=_stretch_of_window)

# ---- R40: ticks of work ---------------------------------------------------------------------------------------------

halves_round_up = Mutant(ticks=lambda twin, work: max(1, math.floor(work + 0.5)))
work_is_cut_off = Mutant(ticks=lambda twin, work: max(1, math.floor(work)))
work_may_vanish = Mutant(ticks=lambda twin, work: round(work))
