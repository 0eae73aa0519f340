"""Falling behind from arrivals to episodes: small desks whose weeks can be worked out by hand (R47–R51).

Unless said otherwise the office is open and everybody on duty from 9 to 17 on weekdays, a message takes an hour, and
arrivals are given as how many come at 9:00 on each business day. One agent does eight messages a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from builders import ReviewSpec, ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, scenario

from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import compile_roster
from simsocial.engines.reference import simulate
from simsocial.measure.behind.episodes import Episode
from simsocial.measure.behind.path import Path, paths
from simsocial.measure.behind.stages import stages
from simsocial.measure.tally import buckets, tally
from simsocial.model.calendar import Calendar
from simsocial.model.laws import Deterministic
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import RunSettings, Scenario
from simsocial.units import DAY, HOUR, MINUTE, WEEK

MONDAY = dt.datetime(2025, 1, 6)
OFFICE = tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5))
SATURDAY = ((5 * DAY + 9 * HOUR, 5 * DAY + 17 * HOUR),)
OPEN = 9 * HOUR
CLOSE = 17 * HOUR


def fare(scene: Scenario) -> dict[str, Path]:
    """Run one replication: how each stage fared, by name."""
    messages, roster = draw_messages(scene, seed=1, replication=0), compile_roster(scene)
    tallies = tally(scene, messages, roster, simulate(scene.desk, messages, roster), buckets(scene))
    return {path.stage.name: path for path in paths(scene, stages(scene), tallies, roster)}


def business_days(counts: Sequence[int], hour: int = OPEN) -> list[int]:
    """Return the arrivals of ``counts`` messages at ``hour`` of each business day."""
    return [(day // 5 * 7 + day % 5) * DAY + hour for day, count in enumerate(counts) for _ in range(count)]


def desk(
    arrivals: Sequence[int],
    *promises: Promise,
    work: int = HOUR,
    hours: tuple[tuple[int, int], ...] = OFFICE,
    agents: int = 1,
    persistence: int = 2,
    **changes: object,
) -> Scenario:
    """Mentions that are answered by one team, over two weeks."""
    stream = StreamSpec("mentions", at(*arrivals), (StepSpec("respond", Deterministic(work)),), promises=promises)
    return office(
        stream, teams=(TeamSpec("desk", agents, shifts=(ShiftSpec("day", hours),)),), persistence=persistence, **changes
    )


def office(*streams: StreamSpec, teams: Sequence[TeamSpec], persistence: int = 2, **changes: object) -> Scenario:
    calendar = Calendar.compile("office", start=MONDAY, hours=OFFICE, until=8 * WEEK)
    settings = {"horizon": 2 * WEEK, "calendars": (calendar,), "run": RunSettings(persistence=persistence)}
    return scenario(*streams, teams=teams, **{**settings, **changes})  # type: ignore[arg-type]


def drawn(path: Path) -> str:
    """Draw a path: ``#`` late, ``.`` not, a space between weeks of the office."""
    signs = "".join("#" if late else "." for late in path.late)
    return " ".join(signs[week : week + 5] for week in range(0, len(signs), 5))


def respond(scene: Scenario) -> Path:
    return fare(scene)["mentions.respond"]


def first_response(*, within: int = HOUR, share: float = 0.8) -> Promise:
    return Promise("first_response", Measured.FIRST_RESPONSE, 0, within, None, share, None)


# R49 (b): the backlog against the capacity to the next checkpoint.


def test_a_backlog_that_fits_into_the_next_day_is_not_late():
    assert drawn(respond(desk(business_days([16])))) == "..... ....."  # 8 wait on Monday evening, Tuesday does 8
    assert drawn(respond(desk(business_days([17])))) == "#.... ....."  # 9 wait
    assert drawn(respond(desk(business_days([25])))) == "##... ....."  # 17, 9, 1


def test_capacity_is_that_of_the_roster_at_its_pace():
    assert drawn(respond(desk(business_days([32]), agents=2))) == "..... ....."
    assert drawn(respond(desk(business_days([33]), agents=2))) == "#.... ....."
    slow = TeamSpec("desk", 1, shifts=(ShiftSpec("day", OFFICE, pace=2.0),))  # four messages a day
    stream = StreamSpec("mentions", at(*business_days([9])), (StepSpec("respond", Deterministic(HOUR)),))
    assert drawn(respond(office(stream, teams=(slow,)))) == "#.... ....."  # 5 wait
    assert drawn(respond(desk(business_days([9])))) == "..... ....."  # the control: at pace 1, 1 waits


def test_weekend_duty_counts_because_time_runs_to_the_next_checkpoint():
    friday = business_days([0, 0, 0, 0, 20])  # 12 wait on Friday evening, Monday does 8
    assert drawn(respond(desk(friday))) == "....# ....."
    assert drawn(respond(desk(friday, hours=OFFICE + SATURDAY))) == "..... ....."


def test_the_last_checkpoint_looks_beyond_the_horizon():
    friday = business_days([0] * 9 + [16])
    assert drawn(respond(desk(friday))) == "..... ....."  # 8 wait, and Monday will do 8
    assert (
        drawn(respond(desk(friday, horizon=11 * DAY + CLOSE + 1))) == "..... ....."
    )  # though the run ends with the close
    assert (
        drawn(respond(desk(friday, horizon=11 * DAY + CLOSE))) == "..... ...."
    )  # R2: at the horizon there is no checkpoint


def test_what_happens_at_the_close_is_before_the_checkpoint():
    assert drawn(respond(desk([CLOSE] * 9))) == "#.... ....."
    assert drawn(respond(desk([CLOSE + 1] * 9))) == "..... ....."  # Tuesday does 8, 1 waits


def test_what_left_does_not_wait():
    stream = StreamSpec(
        "mentions",
        at(*business_days([25])),
        (StepSpec("respond", Deterministic(HOUR)),),
        patience=Deterministic(5 * HOUR),
    )
    team = TeamSpec("desk", 1, shifts=(ShiftSpec("day", OFFICE),))
    assert drawn(respond(office(stream, teams=(team,)))) == "..... ....."
    patient = replace(stream, patience=None)  # the control
    assert drawn(respond(office(patient, teams=(team,)))) == "##... ....."


# R49 (a): the promise.


def test_fewer_than_the_share_kept():
    five = business_days([5])  # answered at 9:12, 9:24, 9:36, 9:48 and 10:00
    for minutes, expected in ((60, "....."), (48, "....."), (47, "#####")):  # 5, 4 and 3 of 5; then none is due
        path = respond(desk(five, first_response(within=minutes * MINUTE), work=12 * MINUTE))
        assert drawn(path) == f"{expected} {expected}"


def test_none_due_keeps_what_was_until_the_next_is_due():
    days = business_days([5, 0, 0, 1])
    path = respond(desk(days, first_response(within=47 * MINUTE), work=12 * MINUTE))
    assert drawn(path) == "###.. ....."
    assert (
        drawn(respond(desk(days[:5], first_response(within=47 * MINUTE), work=12 * MINUTE))) == "##### #####"
    )  # the control


def test_a_promise_counts_at_the_checkpoint_of_its_due_instant():
    """Two messages at 16:00 are due at 17:00, the second is answered at 18:00; Tuesday and Wednesday keep one each."""
    days = [CLOSE - HOUR, CLOSE - HOUR, DAY + OPEN, 2 * DAY + OPEN]
    longer = tuple((start, end + HOUR) for start, end in OFFICE)
    assert drawn(respond(desk(days, first_response(), hours=longer))) == "#.... ....."
    assert drawn(respond(desk(days, first_response(within=HOUR + 1), hours=longer))) == ".#... ....."  # Tuesday: 2 of 3


def test_a_step_promise_counts_every_visit_where_it_is_charged():
    by_step = Promise("respond", Measured.STEP, 0, 3 * HOUR, None, 1.0, None)
    assert drawn(respond(desk(business_days([3, 4, 3]), by_step))) == ".#... ....."


# R50: episodes on these weeks; with persistence 2.


def test_an_episode_begins_and_ends_with_the_first_of_its_checkpoints():
    path = respond(desk(business_days([8, 24, 8, 8, 8])))  # waiting: 0, 16, 16, 16, 16 | 8, 0
    assert drawn(path) == ".#### ....."
    assert path.episodes == (Episode(1, 5),)
    assert path.first_onset == DAY + CLOSE
    assert path.onset_for_good == float("inf")
    assert (path.days_ahead, path.drains, path.drain_ticks) == (1, (4,), (6 * DAY,))
    assert path.late_share == 0.4
    assert not path.struggling


def test_an_episode_is_open_when_the_work_never_ends():
    path = respond(desk(business_days([16] * 10)))  # waiting: 8, 16, 24, …
    assert drawn(path) == ".#### #####"
    assert path.episodes == (Episode(1),)
    assert path.first_onset == path.onset_for_good == DAY + CLOSE
    assert (path.days_ahead, path.drains) == (1, ())


def test_two_episodes_and_the_second_for_good():
    path = respond(desk(business_days([25, 0, 0, 0, 0, 16, 16, 16, 16, 16])))  # 17, 9, 1, 0, 0 | 8, 16, 24, 32, 40
    assert drawn(path) == "##... .####"
    assert path.episodes == (Episode(0, 2), Episode(6))
    assert (path.first_onset, path.onset_for_good) == (CLOSE, WEEK + DAY + CLOSE)
    assert (path.days_ahead, path.drains) == (0, (2,))


def test_persistence_decides():
    weeks = business_days([25])
    assert respond(desk(weeks)).episodes == (Episode(0, 2),)
    never = respond(desk(weeks, persistence=3))
    assert never.episodes == ()
    assert (never.first_onset, never.days_ahead) == (float("inf"), 10)


def test_struggling_without_ever_falling_behind():
    path = respond(desk(business_days([17, 0, 17, 0, 17, 0, 17, 0, 17, 0])))
    assert drawn(path) == "#.#.# .#.#."
    assert path.episodes == ()
    assert path.struggling


def test_a_longer_run_leaves_the_weeks_before_as_they_were():
    arrivals = business_days([8, 24, 8, 8, 8, 16, 16, 16, 16, 0, 0, 0, 0])
    long = respond(desk(arrivals, first_response(within=4 * HOUR), horizon=3 * WEEK))
    for days in range(1, 21):
        short = respond(
            desk([t for t in arrivals if t < days * DAY], first_response(within=4 * HOUR), horizon=days * DAY)
        )
        assert short.late.tolist() == long.late[: len(short.late)].tolist()


# R9: the warm-up.


def test_a_stage_is_ahead_when_the_warm_up_ends():
    arrivals = business_days([8, 24, 8, 8, 8])  # late from Tuesday to Friday
    path = respond(desk(arrivals, warmup=2 * DAY))
    assert drawn(path) == "###.. ..."  # Wednesday is the first checkpoint; the backlog is there all the same
    assert path.episodes == (Episode(0, 3),)
    assert path.first_onset == 2 * DAY + CLOSE
    assert drawn(respond(desk(arrivals, warmup=DAY + CLOSE))) == "###.. ..."  # a close at its end is not after it
    assert drawn(respond(desk(arrivals, warmup=DAY + CLOSE - 1))) == "####. ...."


def test_promises_of_the_warm_up_are_forgotten():
    five = business_days([5, 0, 0, 5])
    late_twice = first_response(within=47 * MINUTE)
    assert drawn(respond(desk(five, late_twice, work=12 * MINUTE))) == "##### #####"
    assert drawn(respond(desk(five, late_twice, work=12 * MINUTE, warmup=DAY))) == "..### ####"


# Queues that share a team.


def two_streams(urgent: Sequence[int], routine: Sequence[int], *serves, agents: int = 1, **teams) -> Scenario:
    streams = [
        StreamSpec("urgent", at(*urgent), (StepSpec("reply", Deterministic(HOUR)),)),
        StreamSpec("routine", at(*routine), (StepSpec("reply", Deterministic(HOUR)),)),
    ]
    desk = TeamSpec("desk", agents, serves, (ShiftSpec("day", OFFICE),))
    others = [TeamSpec(name, 1, queues, (ShiftSpec("day", OFFICE),)) for name, queues in teams.items()]
    return office(*streams, teams=(desk, *others))


EVENING = [CLOSE] * 8


@pytest.mark.parametrize(
    ("serves", "expected"),
    [
        (("urgent.reply", "routine.reply"), ("..", "#.")),  # 8 urgent are served before the 1 routine
        ((("urgent.reply", "routine.reply"),), ("..", "..")),  # equal rank is not above
        (("routine.reply", "urgent.reply"), ("#.", "..")),
    ],
)
def test_work_ranked_above_counts(serves, expected):
    found = fare(two_streams(EVENING, [CLOSE], *serves))
    assert (drawn(found["urgent.reply"])[:2], drawn(found["routine.reply"])[:2]) == expected


def test_teams_that_share_a_stage_add_their_capacity_and_what_they_rank_above():
    alone = two_streams(EVENING, [CLOSE] * 9, "routine.reply", urgents=("urgent.reply",))
    assert drawn(fare(alone)["routine.reply"])[:2] == "#."
    helped = two_streams(EVENING, [CLOSE] * 8, "routine.reply", pool=("urgent.reply", "routine.reply"))
    assert drawn(fare(helped)["routine.reply"])[:2] == ".."  # 16 hours wait, two agents
    too_much = two_streams([*EVENING, CLOSE], [CLOSE] * 8, "routine.reply", pool=("urgent.reply", "routine.reply"))
    assert drawn(fare(too_much)["routine.reply"])[0] == "#"  # 17 hours


def test_hours_in_which_a_team_serves_something_else_are_no_capacity():
    shifts = (ShiftSpec("day", OFFICE, serves=("urgent.reply",)), ShiftSpec("other", OFFICE, serves=("routine.reply",)))
    streams = [
        StreamSpec(name, at(*[CLOSE] * 9), (StepSpec("reply", Deterministic(HOUR)),)) for name in ("urgent", "routine")
    ]
    found = fare(office(*streams, teams=(TeamSpec("desk", 2, shifts=shifts),)))
    assert {drawn(path)[:2] for path in found.values()} == {"#."}  # 9 hours wait, one of the two agents serves them


def test_rework_waits_in_its_stage():
    """An answer fails its review on Monday when the desk has just gone home."""
    for rework, expected in ((9 * HOUR, "#."), (HOUR, "..")):
        review = ReviewSpec(reject=1.0, returns_to="respond", rework=Deterministic(rework), max_rounds=2)
        steps = (StepSpec("respond", Deterministic(MINUTE)), StepSpec("check", Deterministic(MINUTE), review=review))
        until_52 = tuple((start, end - 8 * MINUTE) for start, end in OFFICE)
        teams = (
            TeamSpec("desk", 1, ("mentions.respond",), (ShiftSpec("day", until_52),)),
            TeamSpec("principals", 1, ("mentions.check",), (ShiftSpec("day", OFFICE),)),
        )
        found = fare(office(StreamSpec("mentions", at(CLOSE - 9 * MINUTE), steps), teams=teams))
        assert drawn(found["mentions.respond"])[:2] == expected
        assert drawn(found["mentions.check"])[:2] == ".."
