"""What would turn the verdict: the turning point is where the fluid forecast changes its mind (R86)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import ShiftSpec, StepSpec, StreamSpec, TeamSpec, poisson, scenario
from tiny import tiny

import simsocial as ss
from simsocial.draw.roster import compile_roster
from simsocial.measure.fluid import forecast
from simsocial.measure.turning_point import TurningPoint, turning_points
from simsocial.model.laws import Exponential
from simsocial.model.scenario import Scenario
from simsocial.model.streams import Stream
from simsocial.units import DAY, HOUR, MINUTE, WEEK


def points(world: Scenario) -> dict[str, TurningPoint]:
    return turning_points(forecast(world, compile_roster(world)))


def two_streams(*, first: str) -> Scenario:
    """Ten mentions of 1 h and ten posts of 2 h a day, and two agents who work 20 h a day each."""
    hours = tuple((day * DAY, day * DAY + 20 * HOUR) for day in range(7))
    streams = [
        StreamSpec(name, poisson(per_hour=10 / 24, horizon=2 * WEEK), (StepSpec("do", Exponential(length)),))
        for name, length in (("mentions", HOUR), ("posts", 2 * HOUR))
    ]
    served = ("mentions.do", "posts.do") if first == "mentions" else ("posts.do", "mentions.do")
    return scenario(*streams, teams=(TeamSpec("desk", 2, served, shifts=(ShiftSpec("day", hours),)),), horizon=2 * WEEK)


def test_by_hand() -> None:
    """40 h a day: the first in rank may take all of it, the second what the first leaves, per ten messages."""
    first, second = points(two_streams(first="mentions")).values()
    assert (first.work, second.work) == pytest.approx((HOUR, 2 * HOUR))
    assert (first.most, second.most) == pytest.approx((4 * HOUR, 3 * HOUR))
    posts = points(two_streams(first="posts"))
    assert [posts["mentions.do"].most, posts["posts.do"].most] == pytest.approx([2 * HOUR, 4 * HOUR])
    assert all(point.holds for point in (first, second))


def test_without_room_there_is_none() -> None:
    world = two_streams(first="mentions")
    crowded = world.but(streams=(working(world.streams[0], 5 * HOUR), world.streams[1]))
    first, second = points(crowded).values()
    assert (first.holds, first.most) == (False, pytest.approx(4 * HOUR))
    assert (second.holds, second.most) == (False, 0)


def working(stream: Stream, length: int) -> Stream:
    """Return a stream of one step with another mean of its work."""
    return replace(stream, steps=(replace(stream.steps[0], work=Exponential(length)),))


@pytest.mark.parametrize(("factor", "overloaded"), [(1 - 1e-6, False), (1 + 1e-6, True)])
def test_beyond_it_a_week_is_overloaded_and_not_before(tmp_path: Path, factor: float, overloaded: bool) -> None:
    """R53, with rework, whose law is that of the step, on the configured desk."""
    config = tiny(tmp_path)
    most = points(ss.load(config))["mentions.respond"].most
    mean = f"streams.mentions.steps.respond.work.mean='{most * factor / MINUTE!r} min'"
    stage = ss.check(ss.load(config, overrides=[mean])).stages[0]
    assert (stage.overloaded_weeks > 0) is overloaded


def test_the_verdict_tells_it_where_both_agree(tmp_path: Path) -> None:
    config = tiny(tmp_path)

    def said(*overrides: str) -> str:
        results = ss.run(ss.load(config, overrides=overrides), replications=4)
        return next(each.sentence for each in results.verdict() if each.subject.startswith("mentions.respond"))

    # 56 mentions a week, of which 1 in 5 is reviewed and 1 in 10 of these done again, make 57.2 visits in 40 hours
    assert said().endswith("by the fluid forecast it would hold if the work of a visit were at most 41.9 min (now 1 h)")
    enough = said("teams.desk.headcount=4")
    assert enough.endswith("; by the fluid forecast it holds unless the work of a visit exceeds 2.8 h (now 1 h)")
    nobody = said("teams.desk.headcount=0")
    assert "falls behind" in nobody
    assert "forecast" not in nobody
