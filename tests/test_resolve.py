"""Streams of a config against the scenario they describe, by hand: queues, routes, rankings, promises."""

from __future__ import annotations

import datetime as dt

import pytest
from configs_in_short import resolved

from simsocial.model.desk import AUTHOR, OUTSIDE, Group, Order, ReviewRule, When
from simsocial.model.laws import Deterministic
from simsocial.model.promises import Measured
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, HOUR, MINUTE, NEVER, WEEK

REVIEWED = """
teams.desk.self_review = true
[streams.m]
route = ["sort", "respond", "check"]
[streams.m.steps.sort]
work = "1 min"
[streams.m.steps.check]
when = "after publication"
work = "2 min"
share = 0.1
reject = 0.06
returns_to = "respond"
"""
DMS = """
[streams.d]
route = ["reply", "check"]
arrivals.rate = "1 / h"
steps.reply.work = "3 min"
[streams.d.steps.check]
when = "before publication"
work = "2 min"
reject = 0.1
returns_to = "reply"
rework = "4 min"
max_rounds = 2
"""


def ranked(scenario: Scenario, ranking: int = 0) -> list[tuple[str, ...]]:
    """Return a ranking in names; an order other than first come first served stands at the end of its group."""
    names = [queue.name for queue in scenario.desk.queues]
    groups = scenario.desk.rankings[ranking].groups
    orders = [("due",) if group.order is Order.DUE else () for group in groups]
    return [(*(names[queue] for queue in group.queues), *order) for group, order in zip(groups, orders, strict=True)]


def serves(written: str) -> list[tuple[str, ...]]:
    return ranked(resolved(REVIEWED, DMS, f"teams.desk.serves = {written}", *HELPERS))


ALL = [
    ("m.sort",),
    ("m.respond.rework",),
    ("m.respond",),
    ("m.check",),
    ("d.reply.rework",),
    ("d.reply",),
    ("d.check",),
]
HELPERS = ('teams.help = { headcount = 1, self_review = true, serves = ["*"], shifts.all.hours = "always" }',)


# ---- queues and routes ----------------------------------------------------------------------------------------------


def test_a_rework_queue_stands_directly_before_its_queue() -> None:
    queues = resolved(REVIEWED, DMS).desk.queues
    assert [(queue.name, queue.stream, queue.step, queue.rework) for queue in queues] == [
        ("m.sort", 0, 0, False),
        ("m.respond.rework", 0, 1, True),
        ("m.respond", 0, 1, False),
        ("m.check", 0, 2, False),
        ("d.reply.rework", 1, 0, True),
        ("d.reply", 1, 0, False),
        ("d.check", 1, 1, False),
    ]


def test_a_review_returns_to_the_step_it_judges() -> None:
    """R23, R25; rework takes its own law, or that of the work it repeats."""
    scenario = resolved(REVIEWED, DMS)
    mentions, messages = scenario.desk.routes
    assert mentions.steps[2].review == ReviewRule(When.AFTER, 0.06, returns_to=1, judges=1, max_rounds=5)
    assert messages.steps[1].review == ReviewRule(When.BEFORE, 0.1, returns_to=0, judges=0, max_rounds=2)
    assert [(step.queue, step.rework_queue) for step in mentions.steps] == [(0, -1), (2, 1), (3, -1)]
    assert [step.share for step in scenario.streams[0].steps] == [1, 1, 0.1]
    assert [stream.steps[-1].rework for stream in scenario.streams] == [
        Deterministic(6 * MINUTE),
        Deterministic(4 * MINUTE),
    ]


@pytest.mark.parametrize(
    ("route", "judges"),
    [('["check"]', OUTSIDE), ('["sort", "respond", "check"]', 1), ('["sort", "first", "check"]', 0)],
)
def test_a_review_by_the_author_judges_the_last_step_that_is_not_a_review(route: str, judges: int) -> None:
    """R23, with `first` a review itself."""
    to_author = (
        '{ when = "before publication", work = "1 min", reject = 0.1, returns_to = "author", author_delay = "1 h" }'
    )
    steps = {"sort": '{ work = "1 min" }', "respond": '{ work = "1 min" }', "first": to_author, "check": to_author}
    named = [name for name in steps if f'"{name}"' in route]
    if "respond" not in named:
        steps["respond"] = '"-"'
    lines = [f"streams.m.steps.{name} = {steps[name]}" for name in steps if name in named or steps[name] == '"-"']
    scenario = resolved(f"streams.m.route = {route}", "teams.desk.self_review = true", *lines)
    review = scenario.desk.routes[0].steps[-1].review
    assert review == ReviewRule(When.BEFORE, 0.1, returns_to=AUTHOR, judges=judges, max_rounds=5)
    assert scenario.streams[0].steps[-1].author_delay == Deterministic(HOUR)
    assert scenario.streams[0].steps[-1].rework is None


def test_publication_ends_the_last_step_that_is_not_a_review_after_it() -> None:
    """R24; where everything is reviewed afterwards, a message is published as it arrives."""
    scenario = resolved(REVIEWED, DMS)
    assert [route.published_after for route in scenario.desk.routes] == [1, 1]
    only = 'when = "after publication", reject = 0.1, returns_to = "author", author_delay = "1 h"'
    assert resolved(f"streams.m.steps.respond = {{ {only} }}").desk.routes[0].published_after == -1


def test_what_a_step_may_say_about_its_service() -> None:
    """R26, R28, R29, R37: preferences are followed by the other teams in the config's order."""
    prefer = 'streams.m.steps.respond = { prefer = ["help"], suspend = true, expires_after = "2 days" }'
    mentions = resolved(REVIEWED, DMS, *HELPERS, prefer, 'streams.m.steps.sort.served_by = "nobody"').desk.routes[0]
    assert [step.prefer for step in mentions.steps] == [(0, 1), (1, 0), (0, 1)]
    assert [step.suspend for step in mentions.steps] == [False, True, False]
    assert [step.expires_after for step in mentions.steps] == [NEVER, 2 * DAY, NEVER]
    assert [step.nobody for step in mentions.steps] == [True, False, False]


def test_factors_hold_from_their_date_until_the_next() -> None:
    """R27: what a factor leaves out stays; what begins before the start holds from the start on."""
    table = """
    [streams.m.steps.check.factors]
    tool = { from = 2026-01-12, work = 0.9, reject = 0.5 }
    before = { from = 2025-12-01, work = 1.2 }
    tuned = { from = 2026-01-19, work = 0.8 }
    """
    plain, check = (resolved(REVIEWED, table).desk.routes[0].steps[step] for step in (1, 2))
    assert (check.work_factor.breaks.tolist(), check.work_factor.values.tolist()) == (
        [0, WEEK, 2 * WEEK],
        [1.2, 0.9, 0.8],
    )
    assert (check.reject_factor.breaks.tolist(), check.reject_factor.values.tolist()) == ([0, WEEK], [1, 0.5])
    assert plain.work_factor.is_constant
    assert plain.work_factor.at(WEEK) == 1


# ---- rankings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "ranking"),
    [
        ('["m.respond", "m.sort"]', [("m.respond.rework",), ("m.respond",), ("m.sort",)]),
        ('["m.respond", "m.sort", "m.respond.rework"]', [("m.respond",), ("m.sort",), ("m.respond.rework",)]),
        (
            '[["m.respond", "d.reply"]]',
            [("m.respond.rework", "d.reply.rework"), ("m.respond", "d.reply")],
        ),
        (
            '[{ queues = ["d.reply", "m.respond", "m.sort"], order = "due" }]',
            [("m.respond.rework", "d.reply.rework", "due"), ("m.sort", "m.respond", "d.reply", "due")],
        ),
        (
            '[["m.respond", "d.reply"], "d.reply.rework"]',
            [("m.respond.rework",), ("m.respond", "d.reply"), ("d.reply.rework",)],
        ),
        (
            '["*"]',
            ALL,
        ),
        ('["m.*", "d.check"]', [("m.sort",), ("m.respond.rework",), ("m.respond",), ("m.check",), ("d.check",)]),
        ('["*.check", "*.rework"]', [("m.check",), ("d.check",), ("m.respond.rework",), ("d.reply.rework",)]),
        ('[["*.check"], "m.*"]', [("m.check", "d.check"), ("m.sort",), ("m.respond.rework",), ("m.respond",)]),
        (
            '["*.rework", "*"]',
            [
                ("m.respond.rework",),
                ("d.reply.rework",),
                ("m.sort",),
                ("m.respond",),
                ("m.check",),
                ("d.reply",),
                ("d.check",),
            ],
        ),
        ('[["m.*", "*.rework"]]', [("m.sort", "m.respond.rework", "m.respond", "m.check", "d.reply.rework")]),
        (
            '["m.respond", "*.rework", "d.reply"]',
            [("m.respond.rework",), ("m.respond",), ("d.reply.rework",), ("d.reply",)],
        ),
        ('["m.*", "m.sort"]', [("m.respond.rework",), ("m.respond",), ("m.check",), ("m.sort",)]),
    ],
)
def test_entries_of_a_ranking(written: str, ranking: list[tuple[str, ...]]) -> None:
    """R22, R31; wildcards name what no entry of the same list names itself, and no queue has two places."""
    assert serves(written) == ranking


def test_a_wildcard_leaves_out_what_nobody_serves() -> None:
    scenario = resolved(REVIEWED, 'streams.m.steps.respond.served_by = "nobody"')
    assert ranked(scenario) == [("m.sort",), ("m.check",)]


def test_rankings_are_listed_once_per_team_the_teams_own_first() -> None:
    """R37: early serves what the team serves; late and night serve something else, and the same."""
    shifts = """
    [teams.desk]
    serves = ["m.respond"]
    [teams.desk.shifts]
    all = "-"
    late = { hours = "Mon 10:00-11:00", serves = ["m.sort"] }
    night = { hours = "Mon 11:00-12:00", serves = [["m.sort"]] }
    early = { hours = "Mon 08:00-09:00", serves = ["m.respond"] }
    own = { hours = "Mon 08:00-09:00" }
    """
    scenario = resolved(REVIEWED, shifts, *HELPERS)
    assert [ranking.team for ranking in scenario.desk.rankings] == [0, 0, 1]
    assert ranked(scenario, 0) == [("m.respond.rework",), ("m.respond",)]
    assert scenario.desk.rankings[1].groups == (Group((0,)),)
    assert [shift.ranking for shift in scenario.teams[0].shifts] == [1, 1, 0, 0]
    assert scenario.teams[1].shifts[0].ranking == 2


# ---- promises and calendars -----------------------------------------------------------------------------------------

CALENDARS = """
calendars.late.hours = "Mon-Fri 12:00-20:00"
calendars.office = { hours = "Mon-Fri 09:00-17:00", holidays = [2026-01-08] }
"""


def test_promises_are_charged_to_the_stage_that_ends_what_they_measure() -> None:
    """R6, R7, R47."""
    promises = """
    [streams.m.promises]
    completion = { within = "2 days", share = 0.9 }
    pickup = { within = "10 min", share = 0.7, grace = "1 min" }
    publication = { within = "8 h", share = 0.6, clock = "office" }
    first_response = { within = "end of business day + 2", share = 0.8, clock = "late" }
    check = { within = "1 h", share = 0.5 }
    """
    scenario = resolved(REVIEWED, CALENDARS, promises)
    found = {promise.name: promise for promise in scenario.streams[0].promises}
    assert {name: (promise.measured, promise.step) for name, promise in found.items()} == {
        "completion": (Measured.COMPLETION, 2),
        "pickup": (Measured.PICKUP, 0),
        "publication": (Measured.PUBLICATION, 1),
        "first_response": (Measured.FIRST_RESPONSE, 1),
        "check": (Measured.STEP, 2),
    }
    assert [(p.within, p.end_of_day, p.calendar, p.share, p.grace) for p in found.values()] == [
        (2 * DAY, None, None, 0.9, 0),
        (10 * MINUTE, None, None, 0.7, MINUTE),
        (8 * HOUR, None, 1, 0.6, 0),
        (None, 2, 0, 0.8, 0),
        (HOUR, None, None, 0.5, 0),
    ]


@pytest.mark.parametrize(
    ("lines", "calendar"),
    [
        (['streams.m.calendar = "late"', 'streams.m.promises.pickup.clock = "office"'], 0),
        (['streams.m.promises.pickup.clock = "office"'], 1),
        ([], None),
        (['calendars.late = "-"'], 0),
    ],
)
def test_the_calendar_of_a_stream(lines: list[str], calendar: int | None) -> None:
    """R10: its own; that of its first promise on one; the only one there is."""
    promise = 'streams.m.promises = { completion.within = "1 h", completion.share = 0.9 }'
    pickup = 'streams.m.promises.pickup = { within = "1 h", share = 0.9 }'
    assert resolved(CALENDARS, promise, pickup, *lines).streams[0].calendar == calendar


def test_calendars_are_compiled_beyond_the_horizon() -> None:
    late, office = resolved(CALENDARS).calendars
    assert (late.name, office.name) == ("late", "office")
    assert office.holidays == {dt.date(2026, 1, 8)}
    assert office.due(2 * DAY + 16 * HOUR, 2 * HOUR) == 4 * DAY + 10 * HOUR  # Wednesday, over the holiday, to Friday
    assert office.due(4 * WEEK, HOUR) == 4 * WEEK + 10 * HOUR


def test_noise_triage_and_patience() -> None:
    stream = resolved('streams.m = { actionable = { share = 0.4, triage = "20 s" }, patience = "1 h" }').streams[0]
    assert (stream.actionable, stream.triage, stream.patience) == (0.4, Deterministic(20_000), Deterministic(HOUR))
    assert resolved("streams.m.actionable = 0.3").streams[0].actionable == 0.3
    assert resolved("streams.m.actionable = 0.3").desk.routes[0].triage is False
    assert resolved('streams.m.actionable = { triage = "1 s" }').desk.routes[0].triage is True
