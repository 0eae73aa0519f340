"""Configs whose parts are right and do not fit together: each fault says where, what, and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from configs_in_short import faults, resolved

from simsocial.config.document import Document
from simsocial.config.loading import load
from simsocial.config.resolve.size import measures_told
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import Span, World, compile_calendars
from simsocial.config.time import OpenHours
from simsocial.errors import InputError
from simsocial.measure.series import series_rows
from simsocial.units import YEAR

REVIEWED = """
teams.desk.self_review = true
[streams.m]
route = ["respond", "check"]
[streams.m.steps.check]
when = "after publication"
work = "2 min"
reject = 0.1
returns_to = "respond"
"""
SHIFTS = """
[teams.desk.shifts]
all = "-"
early = { hours = "Mon-Fri 06:00-14:00" }
night = { hours = "Mon-Sun 22:00-07:00" }
"""


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            ['streams.m.route = ["respnd"]'],
            "streams.m.route.0: there is no step 'respnd'; did you mean 'respond'?",
        ),
        (
            ['streams.m.route = ["respond", "respond"]'],
            "streams.m.route.1: names respond a second time; write each step once",
        ),
        (
            ['streams.m.steps.archive.work = "1 min"'],
            "streams.m.steps.archive: is not in the route; name it there, or leave it out",
        ),
        (
            ['streams.m.steps.pickup.work = "1 min"', 'streams.m.route = ["respond", "pickup"]'],
            "streams.m.steps.pickup: 'pickup' has a meaning of its own; give the step another name",
        ),
        (
            [REVIEWED, 'streams.m.route = ["check", "respond"]', 'streams.m.steps.check.when = "before publication"'],
            "streams.m.steps.check.returns_to: respond does not come before check; write an earlier step of the route, "
            "or author",
        ),
        (
            [REVIEWED, 'streams.m.steps.check.returns_to = "writer"'],
            "streams.m.steps.check.returns_to: there is no step 'writer'; known here: author, respond",
        ),
        (
            [REVIEWED, 'streams.m.steps.send.work = "1 min"', 'streams.m.route = ["respond", "check", "send"]'],
            "streams.m.steps.send: comes after check, a review after publication; write it before that in the route",
        ),
        (
            [
                "streams.m.steps.respond.factors.a = { from = 2026-02-01, work = 1 }",
                "streams.m.steps.respond.factors.b = { from = 2026-02-01, work = 2 }",
            ],
            "streams.m.steps.respond.factors.b.from: a begins on that date too; write them as one",
        ),
        (
            ['streams.m.steps.respond.work = "0 min"'],
            "streams.m.steps.respond.work: takes no time; write a length greater than 0",
        ),
        (
            ['streams.m.steps.respond.work = { law = "exponential", mean = "1 h", zero_share = 0.1 }'],
            "streams.m.steps.respond.work.zero_share: belongs to patience; leave it out here",
        ),
        (
            ['streams.m.actionable.triage = "1 min"', "streams.m.steps.respond.share = 0.5"],
            "streams.m.actionable.triage: needs a first step that every message takes; write share = 1 for respond",
        ),
    ],
)
def test_streams(changes: list[str], found: str) -> None:
    assert faults(*changes) == [found]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            ['streams.m.promises.first_respons = { within = "1 h", share = 0.9 }'],
            "streams.m.promises.first_respons: there is no step or promise 'first_respons'; "
            "did you mean 'first_response'?",
        ),
        (
            ['streams.m.promises.pickup = { within = "1 h", share = 0.9, clock = "office" }'],
            "streams.m.promises.pickup.clock: there is no clock 'office'; known here: elapsed",
        ),
        (
            ['calendars.elapsed.hours = "always"'],
            "calendars.elapsed: elapsed time needs no calendar; give it another name",
        ),
        (['streams.m.calendar = "office"'], "streams.m.calendar: there is no calendar 'office'; nothing is named here"),
        (
            ['teams.desk.holidays = "office"'],
            "teams.desk.holidays: there is no calendar 'office'; nothing is named here",
        ),
        (
            [
                REVIEWED,
                'streams.m = { route = ["check"], steps.respond = "-" }',
                'streams.m.steps.check = { returns_to = "author", author_delay = "1 h" }',
                'streams.m.promises.publication = { within = "1 h", share = 0.9 }',
            ],
            "streams.m.promises.publication: nothing comes before publication in this route; promise a step or "
            "completion instead",
        ),
        (
            ['run.replications = { precision = "2 %", of = "n.kept" }'],
            "run.replications.of: there is no stream or team 'n'; known here: desk, m",
        ),
        (
            ['run.replications = { precision = "2 %", of = "m.respon.wait_mean" }'],
            "run.replications.of: there is no step or promise 'respon'; did you mean 'respond'?",
        ),
        (
            ['run.replications = { precision = "2 %", of = "kept" }'],
            "run.replications.of: write a stream or team and a measure, such as mentions.first_response.kept",
        ),
        (
            ["streams.m = '-'", "streams = {}"],
            "streams: there is no stream; write at least one, such as [streams.mentions]",
        ),
    ],
)
def test_names(changes: list[str], found: str) -> None:
    assert found in faults(*changes)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            ['teams.desk.serves = ["m.respnd"]'],
            "teams.desk.serves.0: there is no queue 'm.respnd'; did you mean 'm.respond'?",
        ),
        (
            ['teams.desk.serves = [["m.respond"], { queues = ["m.respond"] }]'],
            "teams.desk.serves.1.queues.0: names m.respond a second time; write each queue once",
        ),
        (
            ['teams.desk.serves = ["m.respond", "m.respond.rework"]'],
            "teams.desk.serves.1: no review returns to m.respond, so it has no rework queue; leave it out",
        ),
        (
            ['teams.desk.serves = ["m.respond", "n.*"]'],
            "teams.desk.serves.1: means no queue that is to be served; there are: m.respond",
        ),
        (
            ['streams.m.steps.respond.served_by = "nobody"', 'teams.desk.serves = ["m.respond"]'],
            "teams.desk.serves.0: m.respond is served by nobody; take it out here, or served_by there",
        ),
        (
            [REVIEWED, 'teams.desk.serves = ["m.check"]'],
            "streams.m.steps.respond: no team serves m.respond; name it in a team's serves, "
            'or write served_by = "nobody"',
        ),
        (
            [REVIEWED, "teams.desk.self_review = false"],
            "teams.desk: serves m.respond and its review m.check; take one of them out, or write self_review = true",
        ),
        (
            ['streams.m.steps.respond.prefer = ["dsk"]'],
            "streams.m.steps.respond.prefer.0: there is no team 'dsk'; did you mean 'desk'?",
        ),
        (
            [
                REVIEWED,
                'teams.desk.serves = ["m.respond"]',
                'streams.m.steps.check.prefer = ["desk"]',
                'teams.help = { headcount = 1, serves = ["m.check"], shifts.all.hours = "always" }',
            ],
            "streams.m.steps.check.prefer.0: desk does not serve m.check; name a team that does",
        ),
    ],
)
def test_service(changes: list[str], found: str) -> None:
    assert faults(*changes) == [found]


def test_a_team_that_serves_nothing() -> None:
    helper = 'teams.help = { headcount = 1, shifts.all.hours = "always" }'
    assert faults(helper) == ['teams.help.serves: serves nothing; write queues, such as ["mentions.respond"]']
    assert faults(helper, "teams.help.serves = []") == faults(helper)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            ["teams.desk.shifts = '-'"],
            'teams.desk: has no shift; write when it works, such as shifts.day = { hours = "Mon-Fri 08:00-16:30" }',
        ),
        (
            [SHIFTS, "teams.desk.shifts = { early.share = 0.5, night.share = 0.4 }"],
            "teams.desk.shifts: the shares add up to 0.9; they must add up to 1",
        ),
        (
            [SHIFTS, "teams.desk.shifts = { early.count = 1, night.share = 0.4 }"],
            "teams.desk.shifts.night.share: another shift has a count; write counts for all shifts, or shares",
        ),
        (
            [SHIFTS, "teams.desk.shifts.early.count = 1"],
            "teams.desk.shifts.night: has neither count nor share; write one, as for the other shifts",
        ),
        (
            [SHIFTS, "teams.desk.shifts = { early.count = 0, night.count = 0 }"],
            "teams.desk.shifts: nobody works in any of them; write at least one count that is greater than 0",
        ),
        (
            [SHIFTS, 'teams.desk.rotate = ["early", "nigt"]'],
            "teams.desk.rotate.1: there is no shift 'nigt'; did you mean 'night'?",
        ),
        (
            [SHIFTS, 'teams.desk.rotate = ["early"]'],
            "teams.desk.rotate: a single shift cannot rotate; name two or more, or leave it out",
        ),
        (
            [SHIFTS, 'teams.desk.rotate = ["early", "night"]'],
            "teams.desk.rotate: night ends in the next week after early has begun; change their hours or their order",
        ),
        (
            ["teams.desk.changes = { a = { date = 2026-01-12, add = -2 }, b = { date = 2026-01-19, add = -1 } }"],
            "teams.desk.changes.b: leaves -1 people; take away at most those who are there",
        ),
        (
            [
                "teams.desk.changes.a = { date = 2026-01-12, headcount = 2 }",
                "teams.desk.changes.b = { date = 2026-01-12, headcount = 1 }",
            ],
            "teams.desk.changes.b: a sets the headcount on that date too; leave one out",
        ),
    ],
)
def test_teams(changes: list[str], found: str) -> None:
    assert faults(*changes) == [found]


def test_what_is_right_beside_what_is_wrong() -> None:
    """Negative controls: the nearest right config of some of the faults above has none."""
    resolved(REVIEWED, 'streams.m.steps.check.when = "before publication"')
    resolved(SHIFTS, "teams.desk.shifts = { early.share = 0.5, night.share = 0.5 }")
    resolved(SHIFTS, 'teams.desk.rotate = ["early", "night"]', 'teams.desk.shifts.early.hours = "Mon 07:00-08:00"')
    resolved("teams.desk.changes = { a = { date = 2026-01-12, add = -2 }, b = { date = 2026-01-19, add = 1 } }")
    resolved('streams.m.steps.respond.served_by = "nobody"', "teams = '-'")
    resolved('streams.m.actionable.triage = "1 min"')


def test_all_are_found_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    """Faults of names, of values and of another file, in one message."""
    (tmp_path / "p.csv").write_text("weight\n1\nx\n")
    file = tmp_path / "wrong.toml"
    file.write_text(
        """name = "wrong"
[time]
start = 2026-01-05
horizon = "4 weeks"
[streams.m]
route = ["respond"]
arrivals = { rate = "24 / day", profile = "p.csv" }
steps.respond.work = 6
[teams.desk]
headcount = 2
serves = ["m.respnd"]
holidays = "office"
"""
    )
    with pytest.raises(InputError) as caught:
        load(file)
    found = [str(fault).replace(f"{tmp_path}/", "") for fault in caught.value.faults]
    assert [fault.split(": ")[:2] for fault in found] == [
        ["wrong.toml:8", "streams.m.steps.respond.work"],
        ["wrong.toml:9", "teams.desk"],
        ["wrong.toml:11", "teams.desk.serves.0"],
        ["wrong.toml:12", "teams.desk.holidays"],
        ["p.csv:3", "weight"],
    ]


# ---- size -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["quickstart", "broker_review", "m2"])
def test_the_rows_of_a_series_are_known_before_anything_is_laid_out(name: str) -> None:
    file = Path(__file__).parents[1] / "configs" / f"{name}.toml"
    world = load(file, overrides=['time.horizon="3 weeks"'])
    assert measures_told(Document.model_validate(world.origin.config)) == len(series_rows(world))  # type: ignore[union-attr]


@pytest.mark.parametrize(("horizon", "laid_out"), [(900 * YEAR, 50 * YEAR), (10 * YEAR, 10 * YEAR)])
def test_a_horizon_too_long_to_report_is_refused_before_it_is_laid_out(
    monkeypatch: pytest.MonkeyPatch, horizon: int, laid_out: int
) -> None:
    spans: list[Span] = []

    def compiling(written: Mapping[str, OpenHours], world: World, spot: Spot) -> None:
        spans.append(world.span)
        compile_calendars(written, world, spot)

    monkeypatch.setattr("simsocial.config.resolve.compile_calendars", compiling)
    file = Path(__file__).parents[1] / "configs" / "m2.toml"
    overrides = [f'time.horizon="{horizon} ms"', 'time.interval="6 min"']
    if laid_out == horizon:
        load(file, overrides=overrides)
    else:
        with pytest.raises(InputError, match=r"intervals of \d+ measures would take some \d+ GB of memory, more than"):
            load(file, overrides=overrides)
    assert [span.horizon for span in spans] == [laid_out]
