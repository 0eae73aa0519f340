"""Falling behind, rule by rule, against answers worked out by hand (R47–R50)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from builders import ReviewSpec, ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, scenario
from hypothesis import given
from hypothesis import strategies as st

from simsocial.measure.behind.episodes import Episode, episodes, struggling
from simsocial.measure.behind.lateness import broken, late
from simsocial.measure.behind.stages import Stage, stages
from simsocial.model.calendar import Calendar
from simsocial.model.laws import Deterministic
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, HOUR, MINUTE, WEEK

MONDAY = dt.datetime(2025, 1, 6)
OFFICE = tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5))
SHOP = tuple((day * DAY + 10 * HOUR, day * DAY + 20 * HOUR) for day in range(6))


def office(*, hours=OFFICE, start: dt.datetime = MONDAY, holidays=frozenset()) -> Calendar:
    return Calendar.compile("office", start=start, hours=hours, holidays=holidays, until=8 * WEEK)


def promise(*, step: int = 0, measured=Measured.FIRST_RESPONSE, within=HOUR, share=0.8, calendar=None) -> Promise:
    return Promise(measured.value, measured, step, within, None, share, calendar)


def flags(text: str) -> np.ndarray:
    """Read checkpoints from a drawing: ``#`` late, ``.`` not."""
    return np.array([sign == "#" for sign in text], dtype=bool)


# R47: what a stage is made of.


def desk(**changes: object) -> Scenario:
    """Mentions are answered and reviewed, questions answered; a team for each, and a pool that helps both."""
    check = ReviewSpec(reject=0.5, returns_to="respond", rework=Deterministic(MINUTE))
    mentions = StreamSpec(
        "mentions",
        at(HOUR),
        (StepSpec("respond", Deterministic(HOUR)), StepSpec("check", Deterministic(MINUTE), review=check)),
        promises=(promise(step=1), promise(step=0, measured=Measured.PICKUP, share=0.5)),
    )
    questions = StreamSpec("questions", at(HOUR), (StepSpec("help", Deterministic(HOUR)),), promises=(promise(),))
    teams = (
        TeamSpec("helpers", 1, ("questions.help", "mentions.respond")),
        TeamSpec("principals", 1, ("mentions.check",)),
        TeamSpec("pool", 1, (("mentions.respond", "questions.help"), "mentions.check")),
    )
    return scenario(mentions, questions, teams=teams, **{"horizon": 2 * WEEK, **changes})  # type: ignore[arg-type]


def named(scenario: Scenario, name: str) -> Stage:
    return next(stage for stage in stages(scenario) if stage.name == name)


def queue_names(scenario: Scenario, queues: tuple[int, ...]) -> set[str]:
    return {scenario.desk.queues[queue].name for queue in queues}


def test_a_stage_is_a_steps_queue_with_its_rework():
    scene = desk()
    assert [stage.name for stage in stages(scene)] == ["mentions.respond", "mentions.check", "questions.help"]
    assert queue_names(scene, named(scene, "mentions.respond").queues) == {
        "mentions.respond",
        "mentions.respond.rework",
    }
    assert queue_names(scene, named(scene, "mentions.check").queues) == {"mentions.check"}


def test_promises_are_charged_to_the_stage_that_they_measure():
    scene = desk()
    assert (named(scene, "mentions.respond").promises, named(scene, "mentions.respond").shares) == ((1,), (0.5,))
    assert (named(scene, "mentions.check").promises, named(scene, "mentions.check").shares) == ((0,), (0.8,))
    assert named(scene, "questions.help").promises == (2,)


def test_the_teams_of_a_stage_are_those_that_may_serve_it():
    scene = desk()
    assert named(scene, "mentions.respond").team_names == ("helpers", "pool")
    assert named(scene, "mentions.check").team_names == ("principals", "pool")


def test_above_a_stage_is_what_one_of_its_teams_ranks_strictly_higher():
    scene = desk()
    assert queue_names(scene, named(scene, "mentions.respond").above) == {"questions.help"}
    everything = {"mentions.respond.rework", "mentions.respond", "questions.help"}
    assert queue_names(scene, named(scene, "mentions.check").above) == everything
    # The pool ranks them equally, below the rework that is ranked directly before (R22).
    assert queue_names(scene, named(scene, "questions.help").above) == {"mentions.respond.rework"}


def test_a_shift_that_serves_something_else_is_no_part_of_a_stage():
    shifts = (ShiftSpec("early", serves=("mentions.respond",)), ShiftSpec("late", serves=("questions.help",)))
    streams = [StreamSpec(name, at(HOUR), (StepSpec(step, Deterministic(HOUR)),)) for name, step in WORK]
    scene = scenario(*streams, teams=(TeamSpec("desk", 2, shifts=shifts),), horizon=WEEK)
    assert [stage.rankings for stage in stages(scene)] == [(0,), (1,)]
    assert [stage.teams for stage in stages(scene)] == [(0,), (0,)]


WORK = (("mentions", "respond"), ("questions", "help"))


def test_a_step_served_by_nobody_is_no_stage():
    steps = (StepSpec("wait", Deterministic(HOUR), nobody=True), StepSpec("respond", Deterministic(HOUR)))
    scene = scenario(
        StreamSpec("mentions", at(HOUR), steps), teams=(TeamSpec("desk", 1, ("mentions.respond",)),), horizon=WEEK
    )
    assert [stage.name for stage in stages(scene)] == ["mentions.respond"]


# R48: checkpoints.


def clocked(*, promised=None, of_stream=None, calendars=(), **changes: object) -> Stage:
    promises = () if promised is None else (promise(calendar=promised),)
    stream = StreamSpec(
        "mentions", at(HOUR), (StepSpec("respond", Deterministic(HOUR)),), promises=promises, calendar=of_stream
    )
    settings = {"horizon": 2 * WEEK, "calendars": calendars, **changes}
    (stage,) = stages(scenario(stream, teams=(TeamSpec("desk", 1),), **settings))  # type: ignore[arg-type]
    return stage


def closes(stage: Stage) -> list[float]:
    return [float(tick) / HOUR for tick in stage.checkpoints]


def test_checkpoints_are_the_closes_of_the_promises_calendar():
    two = (office(hours=SHOP), office(holidays=frozenset({dt.date(2025, 1, 8)})))
    stage = clocked(promised=1, of_stream=0, calendars=two, horizon=WEEK)
    assert closes(stage) == [17, 41, 89, 113]  # not on Wednesday
    assert stage.on_calendar


def test_without_a_promise_on_a_calendar_the_streams_counts():
    assert closes(clocked(of_stream=0, calendars=(office(hours=SHOP), office()), horizon=WEEK))[:2] == [20, 44]
    assert closes(clocked(calendars=(office(),), horizon=WEEK))[:2] == [17, 41]  # R10: the only one there is
    assert closes(clocked(calendars=(office(), office()), horizon=2 * DAY)) == [24]


def test_without_a_calendar_checkpoints_are_midnights():
    stage = clocked(horizon=3 * DAY)
    assert closes(stage) == [24, 48]  # R2: the midnight at the horizon does not happen
    assert not stage.on_calendar
    noon = clocked(horizon=3 * DAY, start=MONDAY + dt.timedelta(hours=12))
    assert closes(noon) == [12, 36, 60]


def test_marks_reach_from_the_last_close_of_the_warm_up_to_the_first_after_the_horizon():
    stage = clocked(horizon=WEEK, calendars=(office(),), warmup=41 * HOUR)
    assert [mark / HOUR for mark in stage.marks.tolist()] == [41, 65, 89, 113, 7 * 24 + 17]
    assert clocked(horizon=WEEK).marks[0] == -1


def test_a_run_may_be_too_short_for_any_checkpoint():
    assert closes(clocked(horizon=HOUR)) == []


# R49 (a): of the messages due, fewer than the share kept the promise.


@pytest.mark.parametrize(
    ("share", "due", "kept", "expected"),
    [
        *((0.8, 5, 4, False), (0.8, 5, 3, True), (0.9, 10, 9, False), (0.9, 10, 8, True), (1.0, 3, 3, False)),
        *(
            (0.7, 10, 7, False),
            (0.07, 100, 7, False),
            (0.29, 100, 29, False),
            (1 / 3, 3, 1, False),
            (1 / 3, 3, 0, True),
        ),
    ],
)
def test_a_share_that_is_met_exactly_is_not_late(share, due, kept, expected):
    assert broken(np.array([[due]]), np.array([[kept]]), (share,)).tolist() == [[expected]]


def test_shares_compared_as_floats_would_be_wrong():
    assert 0.07 * 100 > 7  # the control: 7 of 100 would not be 7 %


def test_with_none_due_it_is_as_at_the_checkpoint_before():
    due = np.array([[0, 5, 0, 0, 5, 0]])
    kept = np.array([[0, 3, 0, 0, 4, 0]])
    assert broken(due, kept, (0.8,)).tolist() == [[False, True, True, True, False, False]]
    everything_due = np.where(due == 0, 1, due)  # the control: the zeros are what matters
    assert broken(everything_due, kept, (0.8,)).tolist() != broken(due, kept, (0.8,)).tolist()


def test_one_broken_promise_of_several_is_enough_and_each_remembers_for_itself():
    due, kept = np.array([[2, 0, 2], [0, 3, 3]]), np.array([[0, 0, 2], [0, 3, 3]])
    assert broken(due, kept, (0.8, 0.9)).tolist() == [[True, True, False], [False, False, False]]
    nothing = np.zeros(3, dtype=np.int64)
    assert late(due, kept, (0.8, 0.9), nothing, np.zeros(3)).tolist() == [True, True, False]
    assert late(due[::-1], kept[::-1], (0.9, 0.8), nothing, np.zeros(3)).tolist() == [True, True, False]


# R49 (b): more work waiting than the teams can do until the next checkpoint.


def test_a_backlog_is_late_when_it_exceeds_the_capacity_ahead():
    none = np.zeros((0, 4), dtype=np.int64)
    backlog, capacity = np.array([0, 8, 9, 1]), np.array([0.0, 8.0, 8.0, 0.0])
    assert late(none, none, (), backlog, capacity).tolist() == [False, False, True, True]


def test_either_clause_makes_late():
    due, kept = np.array([[10, 10, 10, 10]]), np.array([[9, 9, 1, 1]])
    backlog, capacity = np.array([0, 9, 0, 9]), np.full(4, 8.0)
    assert late(due, kept, (0.8,), backlog, capacity).tolist() == [False, True, True, True]


# R50: episodes.


@pytest.mark.parametrize(
    ("drawn", "persistence", "expected"),
    [
        ("", 5, ()),
        ("..........", 5, ()),
        ("####.####.", 5, ()),  # four in a row are not five
        ("..#####...", 5, (Episode(2),)),  # three good days are no recovery
        ("..#####.....", 5, (Episode(2, 7),)),
        ("#####.....", 5, (Episode(0, 5),)),
        ("#####....#.....", 5, (Episode(0, 10),)),  # one bad day begins the count of good ones anew
        ("##########", 5, (Episode(0),)),
        ("###...###...", 3, (Episode(0, 3), Episode(6, 9))),
        ("###...###..", 3, (Episode(0, 3), Episode(6))),
        ("###...##", 3, (Episode(0, 3),)),  # a third bad day would make it an onset
        ("#.#..#", 1, (Episode(0, 1), Episode(2, 3), Episode(5))),
        ("####", 5, ()),  # fewer checkpoints than it takes
    ],
)
def test_episodes(drawn, persistence, expected):
    assert episodes(flags(drawn), persistence) == expected


def test_persistence_matters():
    assert episodes(flags("..###..."), 3) == (Episode(2, 5),)
    assert episodes(flags("..###..."), 4) == ()
    assert episodes(flags("..###..."), 2) == (Episode(2, 5),)


def by_definition(drawn: list[bool], persistence: int) -> list[tuple[int, int | None]]:
    """Read R50 word by word: walk the checkpoints; a state turns at the first of ``persistence`` that contradict it."""
    stays: list[tuple[int, int | None]] = []
    behind = False
    for k in range(len(drawn) - persistence + 1):
        if all(late != behind for late in drawn[k : k + persistence]):
            behind = not behind
            stays = [*stays, (k, None)] if behind else [*stays[:-1], (stays[-1][0], k)]
    return stays


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 6))
def test_episodes_are_what_the_rule_says(drawn, persistence):
    found = episodes(np.array(drawn, dtype=bool), persistence)
    assert [(stay.start, stay.end) for stay in found] == by_definition(drawn, persistence)


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 6), st.integers(0, 60))
def test_a_longer_horizon_changes_only_whether_the_last_episode_is_open(drawn, persistence, cut):
    whole, part = (episodes(np.array(run, dtype=bool), persistence) for run in (drawn, drawn[:cut]))
    known = min(cut, len(drawn)) - persistence  # what begins later needs checkpoints that the shorter run has not
    assert [stay.start for stay in part] == [stay.start for stay in whole if stay.start <= known]
    for shorter, longer in zip(part, whole, strict=False):
        assert shorter.end == longer.end or (shorter.end is None and longer.end > known)


def test_late_at_every_checkpoint_to_the_horizon_would_depend_on_the_horizon():
    """The control: the rule that R50 replaces takes an onset back when the run goes on."""

    def late_to_the_end(late: np.ndarray) -> int | None:
        on_time = np.flatnonzero(~late)
        start = int(on_time[-1]) + 1 if len(on_time) else 0
        return start if start < len(late) else None

    run = flags("..######.###")
    assert late_to_the_end(run[:8]) == 2
    assert late_to_the_end(run) == 9
    assert episodes(run[:8], 5) == episodes(run, 5) == (Episode(2),)


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("..#..#..#", True),  # a third
        ("..#..#...", False),
        ("#####.....", False),  # its bad days are an episode
        ("#####.....##.#", True),  # three of nine outside
        ("#####.....##.#.", False),  # three of ten
        ("##########", False),  # nothing outside
        ("", False),
    ],
)
def test_struggling_is_late_on_a_third_of_the_days_outside_episodes(drawn, expected):
    late = flags(drawn)
    assert struggling(late, episodes(late, 5)) is expected
