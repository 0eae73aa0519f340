"""Training, hiring, leaving and certificates in configs: what is read, refused, simulated, measured and checked."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from math import exp, log

import numpy as np
import pytest
from configs_in_short import faults, resolved

import simsocial as ss
from simsocial.config.document import Document
from simsocial.config.loading import normalised, parse
from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import RosterPlan
from simsocial.model.careers import Career, Certificate, Continuing, Hire
from simsocial.model.scenario import Scenario
from simsocial.report.check_report import check_report
from simsocial.study.check import check
from simsocial.study.verify import verify
from simsocial.study.why.presence import presence
from simsocial.units import DAY, HOUR, WEEK

EVERYTHING = """
time.horizon = "20 weeks"
[streams.m]
arrivals.rate = "60 / day"
route = ["respond", "check"]
steps.check = { work = "3 min", when = "after publication", share = 0.3, reject = 0.3, returns_to = "respond" }
promises.completion = { within = "1 day", share = 0.8 }
[streams.posts]
route = ["reply"]
arrivals.rate = "12 / day"
steps.reply.work = "9 min"
[teams.desk]
headcount = 4
serves = ["m.respond", "posts.reply"]
absence = 0.05
leave = "25 days / year"
meetings.weekly = "Mon 10:00-10:30"
on_call.saturday = "Sat 10:00-12:00"
shifts.all = "-"
shifts.day = { days = "Mon-Fri", hours = "09:00-17:00", break = { after = "3 h", length = "30 min" } }
tenure = [{ share = 0.25, length = "6 weeks" }]
leaving.rate = "60 % / year"
leaving.by_tenure = [{ until = "3 months", rate = "90 % / year" }]
leaving.replaced_after = "1 week"
hiring.spring = { date = 2026-02-02, count = 2, lead_time = "2 weeks" }
hiring.summer = { date = 2026-04-06, headcount = 7 }
[teams.desk.training]
class = "2 weeks"
class_size = 2
trainers = "1 / 2"
nesting = { length = "1 week", pace = 1.8, quality = 3.0 }
ramp = { shape = "exponential", pace = 1.5, quality = 2.0, time_constant = "2 weeks" }
continuing = { hours = "2 h / month", group = 2, cover = 1 }
certification.reply = { steps = ["posts.reply"], hours = "8 h", valid = "15 weeks", refresher = "3 h" }
certification.mentions = { steps = ["m.respond"], hours = "2 h" }
[teams.principals]
headcount = 1
serves = ["m.check"]
shifts.day = { days = "Mon-Fri", hours = "09:00-17:00" }
"""


def career(*changes: str) -> Career:
    found = resolved(*changes).teams[0].career
    assert found is not None
    return found


# --- What is read -----------------------------------------------------------------------------------------------------


def test_everything_is_read() -> None:
    scenario = resolved(EVERYTHING)
    found = scenario.teams[0].career
    assert found is not None
    assert (found.trainers, found.size, found.path.in_class, found.path.nesting) == (Fraction(1, 2), 2, 14, 7)
    assert found.tenure == ((0.25, 42), (0.75, 36_525))
    assert found.leaving is not None
    assert (found.leaving.since, found.leaving.replaced_after) == ((0, 92), 7)
    assert found.leaving.hazard == pytest.approx((-log(0.1) / 365.25, -log(0.4) / 365.25))
    assert found.hires == (Hire(6 * WEEK, 2), Hire(13 * WEEK, 1, refills=True))
    assert found.continuing == Continuing(2 * HOUR, 1, group=2, cover=1)
    respond, rework, reply = (
        next(place for place, queue in enumerate(scenario.desk.queues) if queue.name == name)
        for name in ("m.respond", "m.respond.rework", "posts.reply")
    )
    assert found.certificates == (
        Certificate("reply", frozenset({reply}), 8 * HOUR, 3 * HOUR, valid=105),
        Certificate("mentions", frozenset({respond, rework}), 2 * HOUR, 2 * HOUR),
    )
    ((own, without),) = found.rankings
    assert own == without[0] == 0
    left = [scenario.desk.rankings[place].queues for place in without]
    assert left == [{respond, rework, reply}, {respond, rework}, {reply}, set()]
    assert {scenario.desk.rankings[place].team for place in without} == {0}


def test_a_normalised_config_says_the_same() -> None:
    document = resolved(EVERYTHING).origin
    assert document is not None
    again = parse(document.config)
    assert again.origin is not None
    assert again.origin.config == document.config
    assert normalised(Document.model_validate(document.config)) == document.config


@pytest.mark.parametrize(
    ("ramp", "left"),
    [
        ('{ shape = "exponential", pace = 3.0, quality = 2.0, time_constant = "2 weeks" }', lambda t: exp(-t / 14)),
        ('{ shape = "linear", pace = 3.0, quality = 2.0, length = "4 weeks" }', lambda t: max(0, 1 - t / 28)),
        (
            '{ shape = "logistic", pace = 3.0, quality = 2.0, midpoint = "4 weeks", time_constant = "1 week" }',
            lambda t: (1 + exp(-4)) / (1 + exp(t / 7 - 4)),
        ),
    ],
)
def test_ramps(ramp: str, left: object) -> None:
    """R94: constant in each week, as in its middle; over with the first week that begins with at most 1/20 left."""
    assert callable(left)
    path = career(f"teams.desk.hiring.x = {{ date = 2026-01-05, count = 1 }}\nteams.desk.training.ramp = {ramp}").path
    weeks = next(week for week in range(99) if left(7.0 * week) <= 0.05)
    assert path.dates == 7 * weeks
    expected = [1 + 2 * left(7 * week + 3.5) for week in range(weeks)]
    assert path.pace == pytest.approx([*np.repeat(expected, 7), 1.0])
    assert path.quality == pytest.approx([*(1 + (np.repeat(expected, 7) - 1) / 2), 1.0])


def test_a_ramp_in_steps() -> None:
    steps = '[{ after = 0, pace = 2.0 }, { after = "3 days", pace = 1.5, quality = 3.0 }, { after = "5 days" }]'
    path = career(
        f'teams.desk.training.ramp = {{ shape = "steps", steps = {steps} }}\nteams.desk.leaving = "1 % / month"'
    ).path
    assert path.pace == (2.0, 2.0, 2.0, 1.5, 1.5, 1.0)
    assert path.quality == (1.0, 1.0, 1.0, 3.0, 3.0, 1.0)


# --- Nothing from nothing (R99) ---------------------------------------------------------------------------------------

IDLE = (
    'teams.desk.leaving = "0 % / year"',
    'teams.desk.leaving = { rate = "0 % / year", replaced_after = "1 week" }',
    "teams.desk.hiring.x = { date = 2026-01-12, count = 0 }",
    "teams.desk.hiring.x = { date = 2026-01-12, headcount = 2 }",
    'teams.desk.training.continuing = { hours = "0 h / month" }',
    'teams.desk.training.certification.x = { steps = ["m.respond"], hours = 0 }',
    'teams.desk.training.class = "1 week"',
    'teams.desk.training.nesting.length = "2 weeks"\nteams.desk.tenure = [{ share = 1, length = 0 }]',
    'teams.desk.tenure = [{ share = 0.0, length = "1 week" }]',
)


@pytest.mark.parametrize("change", IDLE)
def test_what_changes_nothing_leaves_every_byte_as_it_is(change: str) -> None:
    """R99. With no career the roster is made as ever, and measures and series have the same rows."""
    assert resolved(change).teams[0].career is None
    plain, same = (ss.run(resolved(*each), replications=2) for each in ((), (change,)))
    assert plain.summary().equals(same.summary())
    assert plain.series().equals(same.series())


RAMPS_OF_ONE = (
    '{ shape = "exponential", pace = 1.0, quality = 1.0, time_constant = "1 week" }',
    '{ shape = "linear", length = "3 weeks" }',
    '{ shape = "logistic", midpoint = "2 weeks", time_constant = "1 week" }',
    '{ shape = "steps", steps = [{ after = 0, pace = 1.0 }, { after = "3 weeks" }] }',
)


SLOW = '{ shape = "linear", pace = 1.01, length = "3 weeks" }'


@pytest.mark.parametrize("ramp", RAMPS_OF_ONE)
def test_a_ramp_of_one_leaves_every_measure_as_it_is(ramp: str) -> None:
    """R99: nobody is ramping, and whoever ends his class can train at once."""
    hired = (
        "teams.desk.hiring.x = { date = 2026-01-05, count = 1 }\nteams.desk.hiring.y = { date = 2026-01-14, count = 3 }"
    )
    learns = f'{TRAIN}class = "1 week"\n{TRAIN}trainers = "1 / 1"'
    leaves = 'teams.desk.leaving = { rate = "90 % / year", replaced_after = "1 week" }'
    plain, same, other = (
        ss.run(resolved(hired, learns, leaves, *each), replications=2)
        for each in ((), (f"{TRAIN}ramp = {ramp}",), (f"{TRAIN}ramp = {SLOW}",))
    )
    assert plain.summary().equals(same.summary())
    assert plain.series().equals(same.series())
    assert not plain.summary().equals(other.summary())


def test_a_ramp_of_one_is_no_ramp() -> None:
    hired = 'teams.desk.hiring.x = { date = 2026-01-12, count = 1 }\nteams.desk.leaving = "50 % / year"'
    ramp = 'teams.desk.training.ramp = { shape = "exponential", pace = 1.0, quality = 1.0, time_constant = "1 week" }'
    plain, same, other = (
        RosterPlan.of(resolved(*each)).draw(seed=1, replication=0)
        for each in ((hired,), (hired, ramp), (hired, ramp.replace("pace = 1.0", "pace = 1.5")))
    )
    for name in ("agent", "start", "end", "pace", "quality", "serves", "away_start"):
        assert getattr(plain, name).tobytes() == getattr(same, name).tobytes()
    assert plain.pace.tobytes() != other.pace.tobytes()


def test_careers_change_no_message() -> None:
    plain = draw_messages(resolved(EVERYTHING), seed=1, replication=0)
    fewer = EVERYTHING.replace('"60 % / year"', '"10 % / year"').replace("headcount = 4", "headcount = 9")
    more = draw_messages(resolved(fewer.replace("headcount = 7", "headcount = 20")), seed=1, replication=0)
    for left, right in zip(plain.streams, more.streams, strict=True):
        assert left.arrival.tobytes() == right.arrival.tobytes()


# --- What is refused --------------------------------------------------------------------------------------------------

TRAIN = "teams.desk.training."
NOBODY = "nobody of the team is ever fully ramped to train others; leave it out if others train them"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            TRAIN + 'class = "5 weeks"',
            "training.class: lasts longer than the run, so that nobody would finish it; write less, or more horizon",
        ),
        (
            TRAIN + 'nesting.length = "60 weeks"',
            "training.nesting: lasts longer than the run and than a year; write less",
        ),
        (TRAIN + 'class_size = 3', "training.class_size: there is no class; write class, or leave it out"),
        (
            f'{TRAIN}class = "1 week"\n{TRAIN}trainers = "1 / 8"\nteams.desk.headcount = 0\n'
            "teams.desk.hiring.x = { date = 2026-01-12, count = 2 }",
            f"training.trainers: {NOBODY}",
        ),
        (
            f'{TRAIN}class = "1 week"\n{TRAIN}trainers = "5 / 1"\nteams.desk.leaving = "9 % / year"',
            "training.trainers: a class needs 5 trainers at least, and the team has 2; write fewer",
        ),
        (
            TRAIN + 'trainers = "0 / 8"',
            'training.trainers: write trainers per person in class, such as "1 / 8" (got "0 / 8")',
        ),
        (
            TRAIN + 'certification.x = { steps = ["m.reply"], hours = "1 h" }',
            "training.certification.x.steps.0: there is no queue 'm.reply'; did you mean 'm.respond'?",
        ),
        (
            TRAIN + 'certification.x = { steps = ["m.respond"], hours = "1 h", refresher = "1 h" }',
            "training.certification.x.refresher: the certificate never ends; write valid, or leave it out",
        ),
        (
            TRAIN + 'continuing.hours = "2 h"',
            "training.continuing.hours: write a length of time per week, month, quarter or year, such as "
            '"2 h / month" (got "2 h")',
        ),
        (
            TRAIN + 'ramp = { shape = "steps", steps = [{ after = 0, pace = 2.0 }] }',
            "training.ramp.steps: the ramp never ends; write a last step without pace and quality",
        ),
        (
            "teams.desk.hiring.x = { date = 2026-01-12, headcount = -1 }",
            "hiring.x.headcount: write a whole number, 0 or more (got -1)",
        ),
        (
            "teams.desk.hiring.x = { date = 2026-01-12, headcount = 1 }",
            "hiring.x.headcount: 2 are there by then; write at least that, or let changes take people away",
        ),
        (
            "teams.desk.hiring.x = { date = 2026-01-12, headcount = 3, count = 1 }",
            "hiring.x: write either count or headcount",
        ),
        (
            "teams.desk.leaving = 0.33",
            'leaving: write how many leave, such as "33 % / year" (got 0.33)',
        ),
        (
            'teams.desk.leaving = "120 % / year"',
            'leaving: of those who are there fewer than 100 % leave within a year (got "120 % / year")',
        ),
        (
            'teams.desk.tenure = [{ share = 0.7, length = "9 weeks" }, { share = 0.7, length = "1 week" }]',
            "tenure: the shares add up to 1.4; they must add up to at most 1",
        ),
    ],
)  # fmt: skip
def test_each_mistake_has_its_message(change: str, fault: str) -> None:
    assert faults(change) == [f"teams.desk.{fault}"]


# --- What is simulated, measured and told -----------------------------------------------------------------------------


def test_both_engines_tell_the_same_of_everything() -> None:
    assert verify(resolved(EVERYTHING), replications=2).difference is None


def measured(scenario: Scenario, **options: int) -> dict[str, float]:
    results = ss.run(scenario, **({"replications": 2} | options))
    return {row.name: estimate.value for row, estimate in zip(results.rows, results.estimates, strict=True)}


def test_measures_of_careers_by_hand() -> None:
    """Two people; two more hired for week 1, a class of a week with a trainer for both, nesting to the end of the run:
    shifts of 40 hours a week, four weeks. The ramp ends beyond the run."""
    value = measured(
        resolved(
            "teams.desk.shifts.all = '-'",
            'teams.desk.shifts.day = { days = "Mon-Fri", hours = "09:00-17:00" }',
            "teams.desk.hiring.x = { date = 2026-01-12, count = 2 }",
            f'{TRAIN}class = "1 week"\n{TRAIN}trainers = "1 / 2"\n{TRAIN}nesting = {{ length = "3 weeks" }}',
        )
    )
    assert (value["desk.in_training"], value["desk.teaching"]) == (80, 40)
    assert value["desk.paid"] == 2 * 160 + 2 * 120
    assert value["desk.on_duty"] == value["desk.paid"] - 120
    assert value["desk.in_training_share"] == pytest.approx(80 / 560)
    assert value["desk.headcount_mean"] == pytest.approx(2 + 2 * 3 / 4)
    assert value["desk.headcount_in_class"] == pytest.approx(2 / 4)
    assert value["desk.headcount_nesting"] == pytest.approx(2 * 2 / 4)
    assert (value["desk.headcount_full"], value["desk.headcount_waiting"], value["desk.joined"]) == (2, 0, 2)
    assert value["desk.class_wait_mean"] == 0


def test_the_wait_for_a_class_is_told() -> None:
    """One at a time: the second waits a week; both are full two weeks after they begin."""
    value = measured(
        resolved(
            "teams.desk.hiring.x = { date = 2026-01-05, count = 2 }",
            f'{TRAIN}class = "1 week"\n{TRAIN}class_size = 1\n{TRAIN}nesting = {{ length = "1 week" }}',
        )
    )
    assert value["desk.class_wait_mean"] == pytest.approx(3.5)
    assert value["desk.proficiency_mean"] == pytest.approx(14 + 3.5)
    assert value["desk.headcount_waiting"] == pytest.approx(1 / 4)


def test_who_is_in_class_at_the_horizon_learns_to_the_end_of_it() -> None:
    """A class of all the run; its first week alone is verified too, although it is longer than that."""
    world = resolved("teams.desk.hiring.new = { date = 2026-01-05, count = 1 }", TRAIN + 'class = "4 weeks"')
    found = measured(world, replications=2)
    assert tuple(found[f"desk.{name}"] for name in ("headcount_in_class", "headcount_full", "in_training")) == (
        1,
        2,
        672,
    )
    assert verify(world, replications=2, weeks=1).identical


def test_who_lacks_a_certificate_does_not_serve_the_step() -> None:
    """Everybody is new, and the certificate takes two dates of 24 hours: nothing of these is answered."""
    results = ss.run(
        resolved(
            'teams.desk.tenure = [{ share = 1.0, length = 0 }]',
            TRAIN + 'certification.x = { steps = ["m.respond"], hours = "48 h" }',
        ),
        replications=1, log=True,
    )  # fmt: skip
    visits = results.visits()
    assert visits["start"].min() >= np.datetime64("2026-01-07T00:00")
    value = measured(resolved('teams.desk.tenure = [{ share = 1.0, length = 0 }]',
                              TRAIN + 'certification.x = { steps = ["m.respond"], hours = "48 h" }'))  # fmt: skip
    assert value["desk.certified_share"] == pytest.approx(26 / 28)


def test_check_tells_headcount_and_training() -> None:
    made = check(resolved(EVERYTHING))
    told = [each for each in made.headcounts if each.team == "desk"]
    assert len(told) == len(made.headcounts) == 5
    assert told[0].start.isoformat() == "2026-01-05T00:00:00"
    assert told[0].employed + told[0].waiting == pytest.approx(4, abs=1)
    assert sum(each.training_hours for each in told) > 0
    assert sum(each.teaching_hours for each in told) > 0
    assert made.shrinkage[0].training > 0
    assert check(resolved()).headcounts == ()
    assert check_report(made) is not None


def test_check_tells_how_many_people_there_are_over_the_run() -> None:
    """Two for four weeks, one hired for the last three, one more in the last two: not the headcount at the start."""
    hired = "teams.desk.hiring.x = { date = 2026-01-12, count = 1 }"
    more = "teams.desk.changes.x = { date = 2026-01-19, add = 1 }"
    (desk,) = check(resolved(hired, more)).teams
    assert desk.agents == 2 + 3 / 4 + 2 / 4
    (plain,) = check(resolved(more)).teams
    assert plain.agents == 2 + 2 / 4
    (leaving,) = check(resolved('teams.desk.leaving = "60 % / month"\nteams.desk.headcount = 20')).teams
    assert 10 < leaving.agents < 18


NOTHING_MORE = (
    "teams.desk.hiring.none = { date = 2026-01-19, count = 0 }",
    'teams.desk.leaving.by_tenure = [{ until = "1 month", rate = "60 % / year" }]',
    'teams.desk.training.continuing = { hours = "0 h / week" }',
    'teams.desk.training.certification.x = { steps = ["m.respond"], hours = 0 }',
    'teams.desk.dips.x = { date = 2026-01-12, pace = 1, recovers_in = "2 weeks" }',
)


@pytest.mark.parametrize("change", NOTHING_MORE)
def test_what_changes_nothing_does_so_where_people_come_and_leave_too(change: str) -> None:
    """R99, in a team that has careers: every measure and series is the same; with one more hired they are not."""
    base = (
        'teams.desk.leaving = { rate = "60 % / year", replaced_after = "1 week" }',
        "teams.desk.hiring.x = { date = 2026-01-12, count = 1 }",
        f'{TRAIN}class = "1 week"\n{TRAIN}trainers = "1 / 2"',
    )
    plain, same = (ss.run(resolved(*base, *each), replications=2) for each in ((), (change,)))
    assert plain.summary().equals(same.summary())
    assert plain.series().equals(same.series())
    other = ss.run(resolved(*base, "teams.desk.hiring.none = { date = 2026-01-19, count = 1 }"), replications=2)
    assert not plain.summary().equals(other.summary())


def test_the_planned_roster_loses_as_many_as_are_expected() -> None:
    """R93: of 200 agents in four weeks at 50 % a year, as many as are expected, to within two."""
    plan = RosterPlan.of(resolved("teams.desk.headcount = 200", 'teams.desk.leaving = "50 % / year"')).planned
    gone = (plan.stage_end < 28 * DAY) & (plan.stage == 4)
    assert gone.sum() == pytest.approx(200 * (1 - 0.5 ** (27 / 365.25)), abs=2)


def test_why_tells_who_is_in_class_and_who_trains() -> None:
    """Hired for week 1: agent 2 is in class on that Tuesday, agent 0 trains him, and nobody sits in seat 2 before."""
    scenario = resolved(
        "teams.desk.hiring.x = { date = 2026-01-12, count = 1 }",
        f'{TRAIN}class = "1 week"\n{TRAIN}trainers = "1 / 2"',
    )
    roster = RosterPlan.of(scenario).planned
    before, then = (presence(scenario, roster, 0, dt.date(2026, 1, day)) for day in (6, 13))
    assert (set(before.on_duty), before.away, before.off) == ({0, 1}, {}, ())
    assert (set(then.on_duty), set(then.away["training"]), set(then.away["teaching"])) == ({1}, {2}, {0})
