"""Split streams: the parts together are the messages of the whole, and their names are known everywhere (R90)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from configs_in_short import changed, faults, resolved

from simsocial.config.loading import parse
from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import compile_roster
from simsocial.measure.fluid import forecast
from simsocial.model.messages import StreamMessages
from simsocial.model.scenario import Scenario
from simsocial.simulation.run import run
from simsocial.study.verify import verify

BUSY = """
run.replications = 3
[streams.m]
route = ["respond", "audit"]
patience = { law = "exponential", mean = "3 days" }
actionable = { share = 0.6, triage = "1 min" }
promises.first_response = { within = "2 h", share = 0.8 }
arrivals = { rate = "60 / day", day_level_cv = 0.4 }
[streams.m.steps.respond]
work = { law = "lognormal", mean = "6 min", cv = 1.0 }
backlog = { count = 40, age = { law = "exponential", mean = "3 h" } }
[streams.m.steps.audit]
work = { law = "exponential", mean = "2 min" }
share = 0.3
when = "after publication"
reject = 0.5
returns_to = "respond"
[teams.desk]
self_review = true
"""
SPLIT = "streams.m.split = { en = 0.5, fr = 0.3, it = 0.2 }"


def drawn(scenario: Scenario) -> list[StreamMessages]:
    return list(draw_messages(scenario, seed=5, replication=2).streams)


def told(messages: StreamMessages) -> list[tuple[Any, ...]]:
    """All that is drawn of each message but its later visits, which are members of fewer."""
    columns = [messages.arrival, messages.patience_ends, messages.actionable, messages.triage, *messages.due]
    for step in messages.steps:
        columns += [step.needs, step.work.first]
        columns += [] if step.reject is None else [step.reject.first]
    return list(zip(*(column.tolist() for column in columns), strict=True))


def later(messages: StreamMessages) -> list[tuple[Any, ...]]:
    """Arrival, visit and value of all that is drawn for later visits."""
    kinds = ("work", "reject", "rework")
    return [
        (messages.arrival[member], number, kind, visit, value)
        for number, step in enumerate(messages.steps)
        for kind in kinds
        if getattr(step, kind) is not None
        for visit, level in enumerate(getattr(step, kind).later, start=2)
        for member, value in zip(level.member.tolist(), level.value.tolist(), strict=True)
    ]


def test_the_parts_together_are_the_messages_of_the_whole() -> None:
    (whole,) = drawn(resolved(BUSY))
    parts = drawn(resolved(BUSY, SPLIT))
    assert sorted(row for part in parts for row in told(part)) == sorted(told(whole))
    assert sorted(row for part in parts for row in later(part)) == sorted(later(whole))
    assert later(whole)
    assert (whole.arrival < 0).sum() == sum((part.arrival < 0).sum() for part in parts) == 40


def test_bursts_and_followers_fall_to_the_parts_too() -> None:
    """R73, R74: what is brought is addressed by the whole stream as all else is."""
    bursts = """
    [streams.m.arrivals]
    self_exciting = { branching_ratio = 0.4, decay = "20 min" }
    bursts.storms = { every = "2 days", size = 30, decay = "1 h" }
    """
    (whole,) = drawn(resolved(BUSY, bursts))
    parts = drawn(resolved(BUSY, bursts, SPLIT))
    assert len(whole) > 1.3 * len(drawn(resolved(BUSY))[0])
    assert sorted(row for part in parts for row in told(part)) == sorted(told(whole))


def test_independent_streams_of_these_shares_would_not_be_the_whole() -> None:
    """Negative control."""
    (whole,) = drawn(resolved(BUSY))
    apart = resolved(BUSY, SPLIT)
    parts = drawn(apart.but(streams=tuple(replace(stream, part=None) for stream in apart.streams)))
    assert sorted(row for part in parts for row in told(part)) != sorted(told(whole))


def test_parts_have_their_shares() -> None:
    scenario = resolved('streams.m.arrivals.rate = "2000 / day"', SPLIT)
    sizes = np.array([len(part) for part in drawn(scenario)])
    expected = sizes.sum() * np.array([0.5, 0.3, 0.2])
    assert (abs(sizes - expected) < 4.5 * np.sqrt(expected)).all()
    assert [stream.share for stream in scenario.streams] == pytest.approx([0.5, 0.3, 0.2])


def test_a_larger_share_keeps_the_messages_of_the_first_part() -> None:
    small, large = (
        {row[0] for row in told(drawn(resolved(BUSY, f"streams.m.split = {{ en = {share}, fr = {1 - share} }}"))[0])}
        for share in (0.25, 0.5)
    )
    assert small < large


def test_queues_of_parts_are_named_and_meant_by_wildcards() -> None:
    scenario = resolved(BUSY, SPLIT, 'teams.desk.serves = ["m.fr.*", ["m.*"]]')
    names = [queue.name for queue in scenario.desk.queues]
    assert names[:3] == ["m.en.respond.rework", "m.en.respond", "m.en.audit"]
    (ranking,) = scenario.desk.rankings
    ranked = [[names[queue] for queue in group.queues] for group in ranking.groups]
    assert ranked == [
        ["m.fr.respond.rework"],
        ["m.fr.respond"],
        ["m.fr.audit"],
        ["m.en.respond.rework", "m.it.respond.rework"],
        ["m.en.respond", "m.en.audit", "m.it.respond", "m.it.audit"],
    ]
    assert [promise.name for stream in scenario.streams for promise in stream.promises] == ["first_response"] * 3


def test_engines_agree_and_measures_name_the_parts() -> None:
    precise = "run.replications = { min = 2, max = 3, precision = '50 %', of = 'm.fr.first_response_kept_share' }"
    scenario = resolved(BUSY.replace("run.replications = 3", precise), SPLIT)
    assert verify(scenario).identical
    summary = run(scenario, replications=2).summary()
    assert {"m.en", "m.fr", "m.it"} == set(summary.stream) - {""}
    assert set(summary.loc[summary.measure == "initial", "stream"]) == {"m.en", "m.fr", "m.it"}


def test_the_forecast_shares_messages_out() -> None:
    whole, parts = (forecast(world, compile_roster(world)).offered for world in (resolved(BUSY), resolved(BUSY, SPLIT)))
    np.testing.assert_allclose(parts.messages, np.outer([0.5, 0.3, 0.2], whole.messages[0]))
    np.testing.assert_allclose(parts.work.sum(axis=0), whole.work.sum(axis=0))


def test_open_items_of_a_part_or_of_the_whole(tmp_path: Path) -> None:
    """R90: "a file may list open items of a part or of the whole"; those of the whole fall to the parts by chance."""
    (tmp_path / "today.csv").write_text("stream,age,count\nm.fr,1 h,5\nm,2 h,400\n", encoding="utf-8")
    scenario = resolved(SPLIT, 'backlog = "today.csv"', base=tmp_path)
    there = [part.arrival[part.arrival < 0] for part in drawn(scenario)]
    assert [int((arrival == -3_600_000).sum()) for arrival in there] == [0, 5, 0]
    shared = [int((arrival == -7_200_000).sum()) for arrival in there]
    assert sum(shared) == 400
    assert (abs(np.array(shared) - [200, 120, 80]) < 4.5 * np.sqrt([200, 120, 80])).all()
    numbers = [those.number.tolist() for those in scenario.streams[1].waiting]
    assert numbers == [list(range(5)), list(range(5, 405))]


def test_what_is_wrong_with_a_split_is_said_once() -> None:
    assert faults("streams.m.split = { en = 0.7, fr = 0.2 }") == [
        "streams.m.split: the shares add up to 0.9; they must add up to 1"
    ]
    assert faults("streams.m.split = {}") == ["streams.m.split: the shares add up to 0; they must add up to 1"]
    assert faults("streams.m.split = { 'e.n' = 1.0 }")[0].startswith('streams.m.split."e.n":')
    assert faults(SPLIT, 'streams.m.calendar = "office"') == [
        "streams.m.calendar: there is no calendar 'office'; nothing is named here"
    ]


def test_the_normal_form_keeps_the_split() -> None:
    scenario = parse(changed(BUSY, SPLIT))
    assert scenario.origin is not None
    assert list(scenario.origin.config["streams"]) == ["m"]
    again = parse(scenario.origin.config)
    assert [stream.part for stream in again.streams] == [stream.part for stream in scenario.streams]
