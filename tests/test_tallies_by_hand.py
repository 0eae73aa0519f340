"""Tallies of small desks against counts made by hand, the edges of buckets, and the bins of waits."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from builders import MONDAY, StepSpec, StreamSpec, TeamSpec, at, scenario

from simsocial.engines import reference
from simsocial.measure.tally import buckets, edges, tally
from simsocial.model.away import Away
from simsocial.model.calendar import Calendar
from simsocial.model.cells import Buckets, Cells
from simsocial.model.laws import Deterministic
from simsocial.model.messages import Messages, PerVisit, StepDraws, StreamMessages
from simsocial.model.promises import Measured, Promise
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.model.waits import bin_of, bins, longest
from simsocial.units import DAY, HOUR, NEVER, WEEK


def roster(*windows: tuple[int, int], breaks: tuple[tuple[int, int], ...] = (), slots: int = 1) -> Roster:
    """One agent."""
    start, end = np.array(windows, np.int64).T
    rest_start, rest_end = np.array(breaks, np.int64).reshape(-1, 2).T
    ones = np.ones(len(start))
    none, rest = np.zeros(len(start)), np.zeros(len(breaks))
    why = np.full(len(breaks), Away.BREAK)
    return Roster([0], [slots], none, start, end, ones, ones, none, rest, rest_start, rest_end, why)


def messages(
    arrival: list[int], work: list[int], *, patience: int = NEVER, due: list[list[int]] | None = None
) -> Messages:
    size = len(arrival)
    begin = np.array(arrival, np.int64)
    names = ("pickup", "completion")[: len(due or [])]
    stream = StreamMessages(
        arrival=begin,
        patience_ends=np.minimum(begin + patience, NEVER),
        actionable=np.ones(size, np.bool_),
        triage=np.zeros(size, np.int64),
        due=np.array(due or [], np.int64).reshape(-1, size),
        promises=names,
        steps=(StepDraws(needs=np.ones(size, np.bool_), work=PerVisit(np.array(work, np.int64))),),
    )
    return Messages((stream,))


def desk(horizon: int, *promises: Promise, interval: int = 10, suspend: bool = False, warmup: int = 0) -> Scenario:
    step = StepSpec("serve", Deterministic(1), suspend=suspend)
    stream = StreamSpec("mail", at(), (step,), promises=promises)
    return scenario(stream, teams=(TeamSpec("desk", 1),), horizon=horizon, interval=interval, warmup=warmup)


def counted(world: Scenario, given: Messages, people: Roster) -> Tallies:
    return tally(world, given, people, reference.simulate(world.desk, given, people), buckets(world))


def test_work_over_a_break_is_overrun_and_the_horizon_cuts_what_is_at_work() -> None:
    """R39, R46: 0–4, 4–8; 9–15 runs through the break 10–12; 16–25 runs over the end at 20 to the horizon at 22."""
    people = roster((0, 10), (12, 20), breaks=((10, 12),))
    times = counted(desk(22), messages([0, 1, 9, 16], [4, 4, 6, 9]), people).teams
    totals = {field.name: getattr(times, field.name).sum() for field in fields(times)}
    assert totals == {
        "on_duty": 18,
        "duty_agents": 18,
        "on_break": 2,
        **dict.fromkeys(
            ("in_meetings", "at_other_duties", "on_leave", "absent", "in_training", "teaching", "in_outages"), 0
        ),
        "busy": 4 + 4 + (1 + 3) + 4,
        "worked_agents": 16,
        "overrun": 2 + 2,
    }
    by_interval = [times.busy[0, edges(desk(22))[:-1] // 10 == i].sum() for i in range(3)]
    assert by_interval == [9, 7, 0]


def test_suspended_work_is_busy_only_on_duty_and_has_no_overrun() -> None:
    """R29: six ticks of work from 9 on: 9–10, then 12–17."""
    times = counted(desk(22, suspend=True), messages([9], [6]), roster((0, 10), (12, 20)))
    assert (times.teams.busy.sum(), times.teams.overrun.sum()) == (6, 0)
    assert times.queues.service_sum.sum() == 8  # the pause included


def test_an_agent_with_two_threads_works_once() -> None:
    """R35, R46: threads 0–6 and 2–5 occupy the slots for 9 ticks, and the agent for 6."""
    times = counted(desk(20), messages([0, 2], [6, 3]), roster((0, 20), slots=2)).teams
    assert (times.on_duty.sum(), times.duty_agents.sum()) == (40, 20)
    assert (times.busy.sum(), times.worked_agents.sum()) == (9, 6)


def test_warmup_leaves_out_earlier_time_and_messages() -> None:
    """R9: of 0–6 and 6–9, what is after 4 counts as time; the message of 5 counts, that of 0 does not."""
    world = desk(20, warmup=4)
    tallies = counted(world, messages([0, 5], [6, 3]), roster((0, 20)))
    assert tallies.teams.busy.sum() == 2 + 3
    assert (tallies.streams.arrived.sum(), tallies.queues.wait_sum.sum()) == (1, 1)
    assert tallies.flows.joined.sum() == 2


def test_promises_are_booked_when_due_and_losses_break_them() -> None:
    """R8: kept at the very due instant; lost after 5 ticks; not begun at 30, the horizon, where it was due."""
    pickup = Promise("pickup", Measured.PICKUP, 0, 4, None, 0.8, None)
    given = messages([0, 1, 2, 25], [5, 20, 1, 1], patience=5, due=[[4, 5, 6, 30]])
    world = desk(30, pickup)
    promises = counted(world, given, roster((0, 28))).promises
    due_in = np.searchsorted(edges(world), [4, 5, 6, 30], side="right") - 1
    assert due_in[3] == len(edges(world)) - 2
    assert promises.due.sum() == 4
    assert promises.kept.sum() == 3  # starts 0, 5, 25; the third leaves at 7
    assert promises.excused.sum() == 0
    lenient = counted(desk(30, replace(pickup, grace=6)), given, roster((0, 28))).promises
    assert (lenient.due.sum(), lenient.kept.sum()) == (3, 3)  # it left within grace: not counted at all
    patient = messages([0, 1, 2, 25], [5, 20, 1, 1], patience=5, due=[[4, 5, 9, 30]])
    assert counted(world, patient, roster((0, 28))).promises.excused.sum() == 1


def test_a_step_promise_counts_every_visit_that_is_due_by_the_horizon() -> None:
    """R7: visits of 0, 1 and 9 end at 4, 8 and 15; that of 16 is still at work at 22, that of 17 has not begun."""
    promise = Promise("serve", Measured.STEP, 0, 6, None, 0.8, None)
    given = messages([0, 1, 9, 16, 17], [4, 4, 6, 9, 1])
    promises = counted(desk(22, promise), given, roster((0, 22))).promises
    assert (promises.due.sum(), promises.kept.sum()) == (4, 2)  # the last is due at 23: after the horizon


# ---- edges and bins ------------------------------------------------------------------------------------------------


def test_edges_hold_intervals_dates_checkpoints_warmup_and_horizon() -> None:
    """R48: a checkpoint's own tick is before it, so its bucket ends one tick later."""
    start = MONDAY.replace(hour=6)
    shop = Calendar.compile("shop", start=start, hours=((9 * HOUR, 17 * HOUR),), until=WEEK)
    world = desk(2 * DAY, interval=12 * HOUR).but(start=start, calendars=(shop,), warmup=HOUR)
    assert edges(world).tolist() == [
        0, HOUR, 11 * HOUR + 1, 12 * HOUR, 18 * HOUR, 18 * HOUR + 1, 24 * HOUR, 36 * HOUR,
        42 * HOUR, 42 * HOUR + 1, 48 * HOUR, 48 * HOUR + 1,
    ]  # fmt: skip


@pytest.mark.parametrize("longest_bucket", [1, 2, 50, DAY, 52 * WEEK])
def test_the_grid_finds_the_bucket_of_every_instant(longest_bucket: int) -> None:
    """Long and short buckets beside each other: every edge, the ticks around it, and what lies between."""
    random = np.random.default_rng(1)
    steps = np.where(random.random(200) < 0.3, 1, random.integers(1, longest_bucket, 200, endpoint=True))
    found_in = Buckets(np.cumsum([-7, *steps]))
    around = (found_in.edges[:, None] + [-1, 0, 1]).ravel().clip(found_in.edges[0], found_in.edges[-1])
    instant = np.concatenate([around, random.integers(found_in.edges[0], found_in.edges[-1], 5000)])
    counted = (found_in.edges <= instant[:, None]).sum(axis=1) - 1
    assert (found_in.of(instant) == counted).all()


def test_sums_by_cell_are_exact_beyond_what_a_float_holds() -> None:
    amount = np.array([2**53, 1, 1, 2**60, -1])
    cells = Cells(np.array([2, 2, 2, 5, 5]), (2, 3))
    assert cells.sum(amount).tolist() == [[0, 0, 2**53 + 2], [0, 0, 2**60 - 1]]
    floats = np.bincount(cells.place, weights=amount, minlength=6)  # negative control
    assert floats.astype(np.int64).tolist() != cells.sum(amount).ravel().tolist()


def test_bins_of_waits_are_as_narrow_as_promised() -> None:
    """R44: every wait is in one bin, bins ascend, and their longest wait is at most 1/32 above any wait in them."""
    wait = np.concatenate(
        [np.arange(5000), 2 ** np.arange(13, 45) - 1, 2 ** np.arange(13, 45), [WEEK, 52 * WEEK + 12345]]
    )
    upper = longest(bin_of(wait))
    assert (upper >= wait).all()
    assert (32 * (upper - wait) <= wait).all()
    assert (upper[wait < 64] == wait[wait < 64]).all()
    every = np.arange(bins(WEEK))
    assert (bin_of(longest(every)) == every).all()
    assert (bin_of(longest(every) + 1) == every + 1).all()
    assert bin_of(WEEK) == every[-1]
