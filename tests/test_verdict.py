"""What replications say together: probabilities, onsets and the verdict in words, on paths drawn by hand (R51, R52)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from builders import StepSpec, StreamSpec, TeamSpec, at, scenario

from simsocial.measure.behind.by_checkpoint import by_checkpoint
from simsocial.measure.behind.definitions import STAGE, TEAM
from simsocial.measure.behind.kept import Elsewhere, Kept, kept_promises
from simsocial.measure.behind.onset import evaluate, rows, stage_outlook, team_outlooks
from simsocial.measure.behind.path import Path
from simsocial.measure.behind.stages import Stage, stages
from simsocial.measure.behind.stays import stays
from simsocial.measure.behind.verdict import Answer, Promises, Verdict, stage_verdicts, team_verdicts
from simsocial.measure.measures import summarise
from simsocial.measure.stats import Estimate, wilson
from simsocial.model.calendar import Calendar
from simsocial.model.laws import Deterministic
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import RunSettings, Scenario
from simsocial.units import DAY, HOUR, WEEK

MONDAY = dt.datetime(2026, 3, 2)
OFFICE = tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5))


def desk(
    *, teams: Sequence[TeamSpec] = (), calendar: bool = True, horizon: int = 2 * WEEK, persistence: int = 2
) -> Scenario:
    """Two streams of one step each over ten business days; by default a team for each."""
    streams = [
        StreamSpec("mentions", at(), (StepSpec("respond", Deterministic(HOUR)),)),
        StreamSpec("posts", at(), (StepSpec("review", Deterministic(HOUR)),)),
    ]
    office = Calendar.compile("office", start=MONDAY, hours=OFFICE, until=horizon)
    return scenario(
        *streams,
        teams=teams or (TeamSpec("desk", 1, ("mentions.respond",)), TeamSpec("principals", 1, ("posts.review",))),
        horizon=horizon,
        start=MONDAY,
        calendars=(office,) if calendar else (),
        run=RunSettings(persistence=persistence),
    )


def all_kept(_: Stage) -> tuple[Kept, ...]:
    """Tell of a stage whose promises nobody doubts."""
    return ()


def kept_to(value: float, low: float, high: float) -> Promises:
    """Tell of a stage whose only promise, to 80 %, was kept to a share with an interval."""
    return lambda _: (Kept("first_response", 0.80, Estimate(value, low, high, 0.95, 6)),)


def paths(scene: Scenario, *drawings: str, stage: int = 0) -> list[Path]:
    """Read one path per replication from drawings: ``#`` late, ``.`` not."""
    of = stages(scene)[stage]
    flags = [np.array([sign == "#" for sign in drawn], dtype=bool) for drawn in drawings]
    assert {len(late) for late in flags} == {len(of.checkpoints)}
    return [Path.of(of, late, persistence=scene.run.persistence) for late in flags]


def close(day: int) -> float:
    """Return the close of the office on a business day, counted from 0, in days from the start."""
    return day // 5 * 7 + day % 5 + 17 / 24


# R52 over replications.


def test_behind_by_counts_the_onsets_that_have_come():
    drawn = paths(desk(), "..........", ".##.......", "...##.....", "...#######")
    of_stage, of_team = by_checkpoint([[path] for path in drawn])
    assert [row.name for row in (*of_stage.rows, *of_team.rows)] == ["mentions.respond.behind_by", "desk.behind_by"]
    for found in (of_stage, of_team):
        assert found.start.tolist() == [round(close(day) * DAY) for day in range(10)]
        assert found.value.tolist() == [[0, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75]]
        assert found.n == 4
    for place, hits in ((0, 0), (2, 1), (9, 3)):
        expected = wilson(hits, 4)
        assert (of_stage.low[0, place], of_stage.high[0, place]) == (expected.low, expected.high)


def test_a_team_is_behind_by_a_checkpoint_with_the_first_of_its_stages():
    """R51; negative control: neither stage alone, nor their shares added up, is the team's."""
    one = desk(teams=[TeamSpec("desk", 1, ("mentions.respond", "posts.review"))])
    first = paths(one, "..........", ".##.......", "...##.....", "......##..")
    second = paths(one, "....##....", "..##......", "##........", "..........", stage=1)
    of_first, of_second, of_team = by_checkpoint(list(zip(first, second, strict=True)))
    assert of_team.value.tolist() == [[0.25, 0.5, 0.5, 0.5, 0.75, 0.75, 1, 1, 1, 1]]
    assert of_team.value.tolist() not in ((of_first.value + of_second.value).tolist(), of_first.value.tolist())


def test_a_team_is_asked_at_the_checkpoints_of_all_its_stages():
    """One stage closes with the office, the other at midnight: it has no calendar."""
    one = desk(teams=[TeamSpec("desk", 1, ("mentions.respond", "posts.review"))])
    office, midnight = stages(one)[0], stages(desk(calendar=False))[1]
    other = dataclasses.replace(midnight, teams=office.teams, team_names=office.team_names)
    late = np.zeros(len(other.checkpoints), dtype=bool)
    never = Path.of(other, late, persistence=2)
    _, _, of_team = by_checkpoint([[path, never] for path in paths(one, "##........", "..##......")])
    assert of_team.start.tolist() == sorted({*office.checkpoints.tolist(), *other.checkpoints.tolist()})
    assert len(of_team.start) == 10 + 13
    assert of_team.value[0, :5].tolist() == [0.5, 0.5, 0.5, 0.5, 1]  # Mon 17:00, midnight, Tue, midnight, Wed


def test_what_has_no_checkpoint_is_not_asked_when_it_is_behind():
    short = desk(calendar=False, horizon=DAY)
    assert by_checkpoint([paths(short, "")]) == ()


def test_no_replication_behind_does_not_read_as_certainty():
    never, _ = by_checkpoint([[path] for path in paths(desk(), *[".........."] * 200)])
    assert never.value[0, -1] == 0
    z2 = 3.841458820694124
    assert never.high[0, -1] == pytest.approx(z2 / (200 + z2))  # Wilson's limit of 0 of n
    assert never.high[0, -1] > 0.018


def test_the_median_first_onset_is_an_order_statistic():
    runs = ["##........"] * 2 + ["..##......"] * 3 + ["......##.."] * 3 + [".........."] * 2
    outlook = stage_outlook(paths(desk(), *runs))
    assert outlook.first_onset.value == close(2)  # the 5th of 10
    assert outlook.p_behind.value == 0.8


def test_the_median_is_not_within_the_horizon_where_fewer_than_half_fall_behind():
    some = stage_outlook(paths(desk(), *["##........"] * 4 + [".........."] * 6))
    assert some.first_onset.value == math.inf
    half = stage_outlook(paths(desk(), *["##........"] * 5 + [".........."] * 5))
    assert half.first_onset.value == close(0)
    assert half.first_onset.high == math.inf


def test_onset_for_good_is_that_of_the_episode_open_at_the_horizon():
    outlook = stage_outlook(paths(desk(), "##..######", "....######", "##........"))
    assert (outlook.first_onset.value, outlook.onset_for_good.value) == (close(0), close(4))
    assert outlook.p_behind_for_good.value == pytest.approx(2 / 3)


def test_days_ahead_episodes_and_lateness_are_means_over_replications():
    outlook = stage_outlook(paths(desk(), "..........", "....##....", "##..##..##"))
    assert outlook.days_ahead.value == pytest.approx((10 + 4 + 0) / 3)
    assert outlook.episodes.value == pytest.approx((0 + 1 + 3) / 3)
    assert outlook.late_share.value == pytest.approx((0 + 0.2 + 0.6) / 3)
    assert outlook.days_ahead.low < outlook.days_ahead.value < outlook.days_ahead.high


def test_drain_time_is_the_mean_length_of_closed_episodes_not_of_replications():
    outlook = stage_outlook(paths(desk(), "##..##..##", "######....", ".........."))
    assert outlook.drain_time.value == pytest.approx((2 + 2 + 6) / 3)
    assert outlook.drain_time.value != pytest.approx((2 + 6) / 2)
    assert math.isnan(stage_outlook(paths(desk(), "....######", "..........")).drain_time.value)


def test_struggling_is_a_share_of_replications():
    assert stage_outlook(paths(desk(), "#.#.#.#.#.", "#..#..#..#", "..........")).struggling.value == pytest.approx(
        2 / 3
    )


# R51: teams.


def test_a_team_is_behind_when_a_stage_that_it_alone_serves_is():
    scene = desk(teams=(TeamSpec("desk", 1),))
    mentions, posts = paths(scene, "..######..", ".........."), paths(scene, "....######", "....######", stage=1)
    together = team_outlooks(list(zip(mentions, posts, strict=True)))
    assert [[stage.name for stage in outlook.stages] for outlook in together] == [["mentions.respond", "posts.review"]]
    assert together[0].first_onset.value == close(2)
    assert together[0].p_behind.value == 1  # either stage
    assert together[0].onset_for_good.value == close(4)


def test_teams_that_share_a_stage_are_named_together():
    helped = (TeamSpec("desk", 1, ("mentions.respond",)), TeamSpec("pool", 1, ("mentions.respond", "posts.review")))
    scene = desk(teams=helped)
    found = team_outlooks([[*paths(scene, "##########"), *paths(scene, "..........", stage=1)]])
    assert [(outlook.stages[0].team, outlook.p_behind.value) for outlook in found] == [("desk + pool", 1), ("pool", 0)]
    assert [verdict.subject for verdict in team_verdicts(scene, found, kept=all_kept)] == [
        "teams desk and pool",
        "team pool",
    ]


@pytest.mark.parametrize(
    ("drawing", "together", "one"),
    [
        ("..########", "teams desk and pool fall behind: ", "team pool falls behind: "),
        ("..######..", "teams desk and pool come and go: ", "team pool comes and goes: "),
        ("..........", "teams desk and pool keep up: ", "team pool keeps up: "),
    ],
)
def test_of_several_teams_the_verdict_is_in_the_plural(drawing, together, one):
    helped = (TeamSpec("desk", 1, ("mentions.respond",)), TeamSpec("pool", 1, ("mentions.respond", "posts.review")))
    scene = desk(teams=helped)
    both = [[*paths(scene, drawing), *paths(scene, drawing, stage=1)]]
    said = {verdict.subject: verdict.sentence for verdict in team_verdicts(scene, team_outlooks(both), kept=all_kept)}
    assert said["teams desk and pool"].startswith(together)
    assert said["team pool"].startswith(one)
    (stage,) = stage_verdicts(scene, [stage_outlook(paths(scene, drawing))], kept=all_kept, turning={})
    assert stage.sentence.startswith(f"mentions.respond (teams desk and pool) {stage.answer.value}: ")


# The verdict.


def judged(scene: Scenario, *drawings: str, kept: Promises = all_kept) -> Verdict:
    (verdict,) = stage_verdicts(scene, [stage_outlook(paths(scene, *drawings))], kept=kept, turning={})
    return verdict


@pytest.mark.parametrize(
    ("drawings", "answer", "sentence"),
    [
        (
            [".###......", "..########"] + ["...#######"] * 8,
            Answer.FALLS_BEHIND,
            "mentions.respond (team desk) falls behind: first onset in median on Thu 2026-03-05 "
            "(95 %: 2026-03-04 to 2026-03-05), in 10 of 10 replications (95 %: at least 72 %); "
            "for good from Thu 2026-03-05 in median",
        ),
        (
            ["##..####.."] * 9 + [".........."],
            Answer.COMES_AND_GOES,
            "mentions.respond (team desk) comes and goes: first onset in median on Mon 2026-03-02 "
            "(95 %: 2026-03-02 to 2026-03-02), in 9 of 10 replications (95 %: 59–99 %); "
            "behind at the end in 0 of 10 replications (95 %: at most 28 %); "
            "mean 1.8 episodes, drains in 3.0 business days on average",
        ),
        (
            ["##........"] + [".........."] * 99,
            Answer.MAY_FALL_BEHIND,
            "mentions.respond (team desk) may fall behind: behind in 1 of 100 replications (95 %: at most 6 %)",
        ),
        (
            ["#.#.#.#.#."] * 80 + [".........."] * 20,
            Answer.STRUGGLES,
            "mentions.respond (team desk) struggles: late on 40 % (95 %: 36–44 %) of business days, "
            "behind in 0 of 100 replications (95 %: at most 4 %)",
        ),
        (
            ["....#....."] * 100,
            Answer.KEEPS_UP,
            "mentions.respond (team desk) keeps up: behind in 0 of 100 replications (95 %: at most 4 %)",
        ),
    ],
)
def test_the_answer_in_words(drawings, answer, sentence):
    verdict = judged(desk(), *drawings)
    assert (verdict.answer, verdict.sentence) == (answer, sentence)


def test_limits_outside_the_run_are_said():
    verdict = judged(desk(), *[".###......"] * 3 + [".........."] * 3)
    assert "on Tue 2026-03-03 (95 %: 2026-03-03 or later), in 3 of 6 replications" in verdict.because
    few = judged(desk(), "....######")
    assert "on Fri 2026-03-06 (95 %: unknown, too few replications), in 1 of 1 replications" in few.because


def test_one_replication_has_no_interval():
    verdict = judged(desk(), "#.#.#.#.#.")
    assert verdict.because.startswith(
        "late on 50 % (95 %: unknown, too few replications) of business days, behind in 0 of 1"
    )


def test_a_midnight_closes_the_day_before_it():
    verdict = judged(desk(calendar=False, horizon=8 * DAY), *["##....."] * 6)
    assert "on Mon 2026-03-02" in verdict.because
    assert "drains in 2.0 days" in verdict.because


def test_a_run_of_fewer_checkpoints_than_it_takes_cannot_be_judged():
    scene = desk(horizon=3 * DAY, persistence=5)
    verdict = judged(scene, "###", "###")
    assert verdict.answer is Answer.CANNOT_BE_JUDGED
    assert verdict.because == "3 checkpoints are fewer than the 5 in a row that falling behind takes"
    scene = desk(horizon=HOUR)
    assert judged(scene, "").answer is Answer.CANNOT_BE_JUDGED


def test_a_promise_that_is_surely_not_kept_is_said_to_be_broken():
    """R54: two bad days a week never make the five in a row that falling behind takes."""
    verdict = judged(desk(), *["..........", ".........."] * 3, kept=kept_to(0.72, 0.70, 0.74))
    assert verdict.answer is Answer.BREAKS_PROMISE
    assert verdict.sentence.replace("\u00a0", " ") == (
        "mentions.respond (team desk) breaks its promise: first_response kept to 72 % (95 %: 70–74 %), "
        "promised to 80 %; behind in 0 of 6 replications (95 %: at most 40 %)"
    )


@pytest.mark.parametrize(
    ("drawing", "high", "answer"),
    [
        ("..........", 0.80, Answer.KEEPS_UP),
        ("..........", 0.79, Answer.BREAKS_PROMISE),
        ("..########", 0.79, Answer.FALLS_BEHIND),
        ("..###.....", 0.79, Answer.COMES_AND_GOES),
    ],
)
def test_a_broken_promise_is_said_only_of_what_is_not_worse(drawing, high, answer):
    assert judged(desk(), *[drawing] * 6, kept=kept_to(0.7, 0.6, high)).answer is answer
    teams = team_verdicts(
        desk(), team_outlooks([[path] for path in paths(desk(), *[drawing] * 6)]), kept=kept_to(0.7, 0.6, high)
    )
    assert teams[0].answer is answer


BEFORE = Kept("first_response", 0.80, Estimate(0.7, 0.6, 0.79, 0.95, 6), Elsewhere("mentions.answer", 200.0, 0.0))


def test_the_verdict_names_the_step_at_which_the_time_passes():
    """R54: the promise is charged to its last step, but messages have waited before."""
    behind = judged(desk(), *["..########"] * 6, kept=lambda _: (BEFORE,))
    assert behind.because.endswith(
        "; but most of the time passes before, at mentions.answer: messages wait 3.33 h there on average, not here"
    )
    fine = judged(
        desk(), *[".........."] * 6, kept=lambda _: (replace(BEFORE, share=Estimate(0.9, 0.8, 1.0, 0.95, 6)),)
    )
    assert "most of the time" not in fine.because


TWO_STEPS = StreamSpec(
    "mentions",
    at(),
    (StepSpec("answer", Deterministic(HOUR)), StepSpec("check", Deterministic(HOUR))),
    promises=(Promise("first_response", Measured.PUBLICATION, 1, HOUR, None, 0.8, None),),
)


@pytest.mark.parametrize(("there", "here", "named"), [(9.0, 1.0, True), (1.0, 9.0, False), (0.0, 0.0, False)])
def test_a_step_is_named_where_messages_wait_longer_than_at_all_others(there, here, named):
    scene = scenario(TWO_STEPS, teams=(TeamSpec("desk", 1, ("mentions.answer", "mentions.check")),), horizon=WEEK)
    (stage,) = (stage for stage in stages(scene) if stage.step == "check")
    waits = {
        ("mentions", step, "", "wait_mean"): Estimate(wait, wait, wait, 0.95, 6)
        for step, wait in (("answer", there), ("check", here))
    }
    kept = kept_promises(scene, stage, {**waits, ("mentions", "", "", "first_response_kept_share"): BEFORE.share})
    assert [promise.elsewhere for promise in kept] == [Elsewhere("mentions.answer", there, here) if named else None]


def test_the_worst_comes_first():
    scene = desk()
    good, bad = paths(scene, *[".........."] * 6), paths(scene, *["..########"] * 6, stage=1)
    verdicts = stage_verdicts(scene, [stage_outlook(good), stage_outlook(bad)], kept=all_kept, turning={})
    assert [verdict.subject for verdict in verdicts] == [
        "posts.review (team principals)",
        "mentions.respond (team desk)",
    ]
    earlier = paths(scene, *[".#########"] * 6)
    verdicts = stage_verdicts(scene, [stage_outlook(bad), stage_outlook(earlier)], kept=all_kept, turning={})
    assert verdicts[0].subject == "mentions.respond (team desk)"


def test_the_verdict_on_a_team():
    scene = desk()
    good, bad = paths(scene, *[".........."] * 6), paths(scene, *["..########"] * 6, stage=1)
    worst, best = team_verdicts(scene, team_outlooks(list(zip(good, bad, strict=True))), kept=all_kept)
    assert worst.sentence.startswith("team principals falls behind: first onset in median on Wed 2026-03-04 (95 %: ")
    assert best.sentence == "team desk keeps up: behind in 0 of 6 replications (95 %: at most 40 %)"


# Tables.


def test_every_stage_and_team_has_its_rows_and_every_row_its_estimate():
    scene = desk()
    mentions, posts = paths(scene, "##..######", ".........."), paths(scene, "....######", "..........", stage=1)
    replications = list(zip(mentions, posts, strict=True))
    table = rows(stages(scene))
    values = [evaluate(each) for each in replications]
    found = summarise(table, *(np.array(side) for side in zip(*values, strict=True)))
    named = {row.name: each for row, each in zip(table, found, strict=True)}
    assert len(named) == len(table) == 2 * len(STAGE) + 2 * len(TEAM)
    outlook = stage_outlook(mentions)
    assert [named[f"mentions.respond.{each.name}"] for each in STAGE] == [getattr(outlook, each.name) for each in STAGE]
    team = team_outlooks(replications)[1]
    assert [named[f"principals.{each.name}"] for each in TEAM] == [getattr(team, each.name) for each in TEAM]
    assert named["mentions.respond.drain_time"].value == 2
    assert named["desk.first_onset"].value == close(0)


def test_episodes_as_a_table():
    scene = desk(teams=(TeamSpec("desk", 1), TeamSpec("pool", 1)))
    mentions, posts = paths(scene, "##..######"), paths(scene, "..........", stage=1)
    first, second = dt.datetime(2026, 3, 2, 17), dt.datetime(2026, 3, 4, 17)
    assert list(stays(scene, 7, [*mentions, *posts])) == [
        (7, "mentions", "respond", "desk + pool", 1, first, second, 2),
        (7, "mentions", "respond", "desk + pool", 2, dt.datetime(2026, 3, 6, 17), None, None),
    ]
