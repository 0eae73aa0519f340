"""Adoption against closed forms, calendars worked by hand, and the configs that say the same without it (R100-R104)."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from configs_in_short import faults, resolved
from reference_cases import CASES, cases

import simsocial as ss
from simsocial.draw.roster import RosterPlan, compile_roster
from simsocial.errors import InputError
from simsocial.measure.people import people
from simsocial.measure.support import support_ratio
from simsocial.model.adoption import Adoption
from simsocial.model.arrivals import RateArrivals
from simsocial.model.careers import Stage
from simsocial.model.scenario import Scenario
from simsocial.report.figures.adoption import carried_by
from simsocial.report.run_folder import write
from simsocial.report.support_report import support_report
from simsocial.report.workbook import HEADINGS
from simsocial.simulation.results import Results
from simsocial.study.check import Concern
from simsocial.units import DAY, HOUR, WEEK, YEAR

CONFIGS = Path(__file__).parents[1] / "configs"


def adopted(curve: str, *changes: str) -> Adoption:
    """The adoption of the short config with ``[adoption.a]`` of these lines."""
    (only,) = resolved(f"[adoption.a]\n{curve}", *changes).adoptions
    return only


# ---- curves ---------------------------------------------------------------------------------------------------------


def between(adoption: Adoption, count: float) -> float:
    """The instant at which the curve reaches ``count``, ticks; linear between one employee and the next."""
    return float(np.interp(count, np.arange(1, len(adoption.called) + 1), adoption.called))


def number_at(adoption: Adoption, instant: float) -> float:
    return float(np.interp(instant, adoption.called, np.arange(1, len(adoption.called) + 1)))


@pytest.mark.skipif(not CASES.exists(), reason="needs the reference cases")
@pytest.mark.parametrize("case", ["BASS-01", "BASS-02"])
def test_bass_is_the_closed_form(case: str) -> None:
    """R100. The case is continuous, ours whole employees: its limit is what lies between one employee and the next."""
    law, told = cases()[case]["parameters"], cases()[case]["metrics"]
    lines = (
        f'population = {law["m"]}\ncurve = "bass"\ninnovation = "{law["p"]} / year"\nimitation = "{law["q"]} / year"'
    )
    adoption = adopted(lines, "time.horizon = '21 years'", "time.interval = '1 day'")
    for years, expected in told["cumulative"].items():
        if expected < adoption.population - 1:
            assert number_at(adoption, float(years) * YEAR) == pytest.approx(expected, rel=2e-6)
        assert abs(int(np.searchsorted(adoption.called, float(years) * YEAR)) - expected) < 1
    at_peak = told["cumulative_at_peak"]
    assert between(adoption, at_peak) / YEAR == pytest.approx(told["peak_time"], rel=1e-6)
    rates = [2 * YEAR / (between(adoption, n + 1) - between(adoption, n - 1)) for n in (at_peak - 300, at_peak)]
    assert rates[1] == pytest.approx(told["peak_rate"], rel=1e-5)
    assert rates[0] < rates[1] * (1 - 1e-4)


@pytest.mark.skipif(not CASES.exists(), reason="needs the reference cases")
def test_a_wrong_bass_is_noticed() -> None:
    """Negative control: innovation and imitation changed for one another."""
    law, told = cases()["BASS-01"]["parameters"], cases()["BASS-01"]["metrics"]
    lines = (
        f'population = {law["m"]}\ncurve = "bass"\ninnovation = "{law["q"]} / year"\nimitation = "{law["p"]} / year"'
    )
    adoption = adopted(lines, "time.horizon = '2 years'", "time.interval = '1 day'")
    assert number_at(adoption, YEAR) > 2 * told["cumulative"]["1"]


def test_curves_by_hand() -> None:
    linear = adopted('population = 60\ncurve = "linear"\nstart = 5\nrate = "2 / day"')
    assert linear.at([0, DAY - 1, DAY, 2 * DAY, 20 * DAY]).tolist() == [5, 5, 7, 9, 45]
    compound = adopted('population = 900\ncurve = "compound"\nstart = 100\ngrowth = "100 % / week"')
    assert compound.at([0, WEEK, 2 * WEEK, 3 * WEEK]).tolist() == [100, 200, 400, 800]
    assert compound.at(4 * WEEK) == 900


def test_a_logistic_curve_is_said_by_any_two_of_three() -> None:
    """R100: from 100 of 1000 to the middle in two weeks, so the odds triple in every week."""
    first = adopted('population = 1000\ncurve = "logistic"\nstart = 100\nmidpoint = "2 weeks"')
    second = adopted('population = 1000\ncurve = "logistic"\nmidpoint = "2 weeks"\nsteepness = "200 % / week"')
    third = adopted('population = 1000\ncurve = "logistic"\nstart = 100\nsteepness = "200 % / week"')
    assert [int(first.at(week * WEEK)) for week in range(4)] == [100, 250, 500, 750]
    for other in (second, third):
        assert np.abs(other.called[101:] - first.called[101:]).max() <= 1
        assert other.at(0) == 100


def test_who_is_enabled_during_a_date_counts_from_the_next_midnight() -> None:
    adoption = adopted(
        'population = 9\ncurve = "linear"\nstart = 1\nrate = "1 / h"', "time.start = 2026-01-05T22:00:00"
    )
    assert adoption.at([0, 2 * HOUR - 1, 2 * HOUR, 26 * HOUR]).tolist() == [1, 1, 3, 9]


@pytest.mark.parametrize(
    "still",
    [
        'curve = "linear"\nstart = 7\nrate = "0 / day"',
        'curve = "compound"\nstart = 7\ngrowth = "0 % / month"',
        'curve = "logistic"\nstart = 7\nsteepness = "0 % / month"',
        'curve = "bass"\nstart = 7\ninnovation = "0 / day"\nimitation = "0 / day"',
        'curve = "waves"\nstart = 7\nwaves.none = { date = 2026-01-12, employees = 0 }',
    ],
)
def test_curves_that_do_not_rise_reach_nobody_more(still: str) -> None:
    assert adopted(f"population = 20\n{still}").at([0, 4 * WEEK]).tolist() == [7, 7]


# ---- classes --------------------------------------------------------------------------------------------------------

WAVE = 'population = 20\ncurve = "waves"\nstart = 3\nwaves.one = { date = 2026-01-07, employees = 7 }\n'
MORE = "changes.more = { date = 2026-01-19, trainers = 2 }"


def dates(ticks: np.ndarray) -> list[str]:
    return [(dt.datetime(2026, 1, 5) + dt.timedelta(milliseconds=int(tick))).isoformat(" ", "hours") for tick in ticks]


def test_a_wave_larger_than_the_trainers_can_take() -> None:
    """R101: seven are called on Wednesday 7 January; classes of two, one on the 12th, two on the 19th, one of one."""
    adoption = adopted(f'{WAVE}[adoption.a.classes]\nsize = 2\nlength = "1 day"\ntrainers = 1\n{MORE}')
    assert dates(adoption.called[3:]) == ["2026-01-07 00"] * 7
    assert dates(adoption.taught[3:]) == ["2026-01-12 09"] * 2 + ["2026-01-19 09"] * 4 + ["2026-01-26 09"]
    assert dates(adoption.enabled[3:]) == ["2026-01-14 00"] * 2 + ["2026-01-21 00"] * 4 + ["2026-01-28 00"]
    mondays = 9 * HOUR + WEEK * np.arange(4)
    assert adoption.waiting(mondays).tolist() == [0, 5, 1, 0]


def test_a_trainer_keeps_his_class_to_its_end() -> None:
    """R101: a class of eight days holds its only trainer over the next Monday; without him more would be taught."""
    longer = adopted(f'{WAVE}[adoption.a.classes]\nsize = 2\nlength = "8 days"\ntrainers = 1')
    assert dates(longer.taught[3:]) == ["2026-01-12 09"] * 2 + ["2026-01-26 09"] * 2
    whole = adopted(f'{WAVE}[adoption.a.classes]\nsize = 2\nlength = "7 days"\ntrainers = 1')
    assert dates(whole.taught[3:]) == [f"2026-01-{day} 09" for day in (12, 12, 19, 19, 26, 26)]


def test_no_class_begins_on_a_holiday() -> None:
    office = '[calendars.office]\nhours = "Mon-Fri 08:00-18:00"\nholidays = [2026-01-12]'
    classes = 'size = 20\nlength = "8 h"\ntrainers = 1\nholidays = "office"'
    adoption = adopted(f"{WAVE}[adoption.a.classes]\n{classes}", office)
    assert dates(adoption.taught[3:]) == ["2026-01-19 09"] * 7
    assert dates(adoption.enabled[3:]) == ["2026-01-20 00"] * 7


def test_check_tells_who_waits_for_a_class() -> None:
    text = f'[adoption.a]\n{WAVE}[adoption.a.classes]\nsize = 2\nlength = "1 day"\ntrainers = 1\n{MORE}'
    (remark,) = [each for each in ss.check(resolved(text)).remarks if each.concern is Concern.CLASSES]
    assert remark.text == (
        "up to 5 employees wait for a class, on Mon 2026-01-12, and one of them for 2.77 weeks; "
        "write more trainers, or larger classes"
    )
    enough = text.replace("size = 2\n", "size = 7\n")
    assert [each for each in ss.check(resolved(enough)).remarks if each.concern is Concern.CLASSES] == []


# ---- arrivals -------------------------------------------------------------------------------------------------------

PER_EMPLOYEE = 'streams.m.arrivals = { rate = "-", per_employee = "2 / day", of = "a", profile = "office" }'


def arrivals(world: Scenario) -> RateArrivals:
    found = world.streams[0].arrivals
    assert isinstance(found, RateArrivals)
    return found


def test_the_rate_is_that_of_the_employees_enabled_on_the_date() -> None:
    """R102: ten at first, thirty from Tuesday 13 January on, twice a day each."""
    wave = '[adoption.a]\npopulation = 30\ncurve = "waves"\nstart = 10\nwaves.x = { date = 2026-01-13, employees = 20 }'
    flat = 'streams.m.arrivals = { rate = "-", per_employee = "2 / day", of = "a" }'
    laid_out = arrivals(resolved(wave, flat))
    assert laid_out.breaks.tolist() == [0, 8 * DAY, 4 * WEEK]
    assert laid_out.rates * DAY == pytest.approx([20, 60], rel=1e-15)


def test_employees_who_never_change_are_the_rate_that_they_make_together() -> None:
    """Doing nothing: byte for byte the same, with classes for nobody and a wave of nobody."""
    still = 'population = 64\ncurve = "waves"\nstart = 64\nwaves.none = { date = 2026-01-12, employees = 0 }'
    classes = 'classes = { size = 2, length = "1 day", trainers = 1 }'
    mine = resolved(
        f"[adoption.a]\n{still}\n{classes}",
        PER_EMPLOYEE,
        'teams.desk.dips.x = { waves_of = "a", pace = 2, recovers_in = "9 days" }',
    )
    plain = resolved('streams.m.arrivals = { rate = "128 / day", profile = "office" }')
    assert arrivals(mine).rates.tobytes() == arrivals(plain).rates.tobytes()
    one, other = (ss.run(world, replications=2) for world in (mine, plain))
    assert one.numerators.tobytes() == other.numerators.tobytes()
    assert one.denominators.tobytes() == other.denominators.tobytes()
    grown = resolved(f"[adoption.a]\n{still}".replace("start = 64", "start = 63"), PER_EMPLOYEE)
    assert arrivals(grown).rates.tobytes() != arrivals(plain).rates.tobytes()


def test_an_adoption_that_nothing_counts_changes_no_number() -> None:
    unused = resolved('[adoption.a]\npopulation = 9\ncurve = "linear"\nrate = "1 / day"')
    assert (
        ss.run(unused, replications=2).numerators.tobytes() == ss.run(resolved(), replications=2).numerators.tobytes()
    )


# ---- dips -----------------------------------------------------------------------------------------------------------

OFFICE = 'teams.desk.shifts.all.hours = "Mon-Fri 09:00-17:00"'


def paces(*changes: str) -> list[float]:
    roster = compile_roster(resolved(OFFICE, *changes))
    return [float(pace) for pace in roster.pace[roster.agent == 0][:10]]


def test_a_dip_recovers_date_by_date() -> None:
    """R104: half as long again on Wednesday, an eighth less on each date after it, done on Sunday."""
    dip = 'teams.desk.dips.tool = { date = 2026-01-07, pace = 1.5, recovers_in = "4 days" }'
    assert paces(dip) == [1, 1, 1.5, 1.375, 1.25, 1, 1, 1, 1, 1]
    early = dip.replace("2026-01-07", "2026-01-03")
    assert paces(early) == [1.25, 1.125, *[1] * 8]


def test_dips_multiply_and_come_with_every_wave() -> None:
    waves = (
        '[adoption.a]\npopulation = 9\ncurve = "waves"\nwaves.x = { date = 2026-01-07, employees = 1 }\n'
        "waves.none = { date = 2026-01-05, employees = 0 }\nwaves.y = { date = 2026-01-08, employees = 2 }"
    )
    dip = 'teams.desk.dips.tool = { waves_of = "a", pace = 1.5, recovers_in = "2 days" }'
    assert paces(waves, dip) == [1, 1, 1.5, 1.25 * 1.5, 1.25, 1, 1, 1, 1, 1]
    assert paces(dip.replace('waves_of = "a"', "date = 2026-01-07").replace("1.5", "1")) == [1] * 10


# ---- support ratio --------------------------------------------------------------------------------------------------

OVERLOAD = (
    'name = "wave"',
    '[adoption.a]\npopulation = 60\ncurve = "waves"\nstart = 10\nwaves.x = { date = 2026-01-13, employees = 50 }',
    'streams.m.arrivals = { rate = "-", per_employee = "1 / h", of = "a" }',
    'streams.m.promises.first_response = { within = "1 h", share = 0.8 }',
    "run.falls_behind.persistence = 2",
)


@pytest.fixture(scope="module")
def overloaded() -> Results:
    return ss.run(resolved(*OVERLOAD), replications=8)


def test_the_largest_ratio_before_the_first_onset(overloaded: Results, tmp_path: Path) -> None:
    """R103: two agents carry ten employees an hour apiece, not thirty; 13 January is the first bad day."""
    results = overloaded
    (team,) = results.support
    assert (team.team, team.people, team.enabled, team.ratios) == ("desk", (2, 2), (10, 60), (5.0, 30.0))
    assert team.carried is not None
    assert (team.carried.value, team.carried.low, team.carried.high, team.carried.n) == (5.0, 5.0, 5.0, 8)
    plan = ss.capacity_plan(results).frame()
    assert plan["enabled_employees"].tolist() == [10, 60, 60, 60] * 2
    assert plan["support_ratio"].tolist()[:4] == [5, 30, 30, 30]
    assert plan["support_ratio"].isna().tolist() == [False] * 4 + [True] * 4
    assert set(plan) == set(HEADINGS)
    (sentence,) = (line.text.plain for line in support_report(results))
    assert sentence == (
        "support ratio of team desk: 5 enabled employees per person at the start (10 to 2), 30 at the end (60 to 2); "
        "it carries 5 (95 %: 5 to 5) per person in median before it first falls behind, which is in week 2026-W03"
    )
    write(results, tmp_path / "run")
    told = pd.read_csv(tmp_path / "run" / "support_ratio.csv")
    assert told.loc[0, ["team", "carried", "ratio_at_horizon", "n"]].tolist() == ["desk", 5, 30, 8]


def test_a_team_that_never_falls_behind_carries_what_it_saw() -> None:
    few = OVERLOAD[1].replace("employees = 50", "employees = 5")
    results = ss.run(resolved(*OVERLOAD, few), replications=8)
    (team,) = results.support
    assert team.carried is not None
    assert math.isinf(team.carried.value)
    (sentence,) = (line.text.plain for line in support_report(results))
    assert sentence.endswith("it falls behind in fewer than half of the replications, so it carries that")


def test_trainers_are_told_by_themselves_and_teams_without_people_are_infinite() -> None:
    classes = 'adoption.a.classes = { size = 30, length = "8 h", trainers = 4 }'
    results = ss.run(resolved(*OVERLOAD, classes), replications=2)
    assert [(each.team, each.adoption, each.people) for each in results.support] == [
        ("desk", "", (2, 2)),
        ("", "a", (4, 4)),
    ]
    nobody = resolved(*OVERLOAD, "teams.desk.changes.gone = { date = 2026-01-12, headcount = 0 }")
    assert ratios(nobody, [0, WEEK]) == [5, math.inf]


def ratios(world: Scenario, instants: list[int], *, replication: int | None = None) -> list[float]:
    """Employees per person of the only team, by the planned roster or that of a replication."""
    plan = RosterPlan.of(world)
    roster = plan.planned if replication is None else plan.draw(seed=1, replication=replication)
    ratio: list[float] = support_ratio(world, people(world, roster, (0,), instants), instants).tolist()
    return ratio


def test_hires_count_from_the_date_on_which_they_begin() -> None:
    """R103: ten employees for two, and sixty for three from the hire of the second Monday on, in class; with room for
    one in a class of a week, the second one hired with him counts a week later."""
    hired = resolved(*OVERLOAD, "teams.desk.hiring.new = { date = 2026-01-12, count = 1 }")
    assert ratios(hired, [0, WEEK - 1, WEEK + 2 * DAY]) == [5, 5, 20]
    assert ss.run(hired, replications=2).support[0].people == (2, 3)
    classes = 'teams.desk.training = { class = "1 week", class_size = 1 }'
    both = resolved(*OVERLOAD, "teams.desk.hiring.new = { date = 2026-01-12, count = 2 }", classes)
    assert ratios(both, [WEEK + 2 * DAY, 2 * WEEK]) == [20, 15]


LEAVERS = 'teams.desk.headcount = 6\nteams.desk.leaving = { rate = "90 % / week", replaced_after = "1 week" }'


def test_leavers_are_deducted_until_their_successors_begin() -> None:
    """R103: against those who sit in a seat, midnight by midnight, in three replications that differ."""
    world, midnights = resolved(*OVERLOAD, LEAVERS), DAY * np.arange(28)
    told = []
    for number in range(3):
        roster = RosterPlan.of(world).draw(seed=1, replication=number)
        employed = (roster.stage >= Stage.IN_CLASS) & (roster.stage <= Stage.FULL)
        spans = np.stack([roster.stage_start[employed], roster.stage_end[employed]])
        there = [int(((spans[0] <= at) & (at < spans[1])).sum()) for at in midnights.tolist()]
        assert people(world, roster, (0,), midnights).tolist() == there
        assert there[0] == 6 > min(there)
        told.append(there)
    assert len(set(map(tuple, told))) == 3


def test_the_ratio_that_is_carried_is_of_those_who_are_there() -> None:
    """R103: each replication by its own leavers; negative control: some have other ratios than three people would."""
    world = resolved(*OVERLOAD, LEAVERS.replace("= 6", "= 3"), OVERLOAD[1].replace("employees = 50", "employees = 10"))
    results = ss.run(world, replications=7, seed=1)
    seen = []
    for number, (path,) in enumerate(results.paths):
        before = path.checkpoints[path.checkpoints < path.first_onset] - 1
        seen.append(max(ratios(world, [0, *before.tolist()], replication=number)))
        assert not math.isinf(path.first_onset)
    (team,) = results.support
    assert team.carried is not None
    assert team.carried.value == sorted(seen)[3]
    assert set(seen) - {10 / 3, 20 / 3}


def test_without_adoption_nothing_is_told_of_it(tmp_path: Path) -> None:
    results = ss.run(resolved(), replications=2)
    assert results.support == ()
    assert list(support_report(results)) == []
    assert "support_ratio" not in ss.capacity_plan(results).frame()
    write(results, tmp_path / "run")
    assert not (tmp_path / "run" / "support_ratio.csv").exists()


def test_as_many_are_carried_as_fill_the_net_hours(overloaded: Results) -> None:
    """R103: 10 an hour at 6 min make one hour of work an hour, two agents do two: twenty are carried, all weeks."""
    plan = ss.capacity_plan(overloaded)
    assert plan.enabled.tolist() == pytest.approx([10, (10 + 6 * 60) / 7, 60, 60])
    assert carried_by(plan.teams[0], plan.enabled) == pytest.approx([20] * 4)
    beside = 'streams.n = { route = ["x"], arrivals = { rate = "10 / h" }, steps = { x = { work = "6 min" } } }'
    plan = ss.capacity_plan(ss.run(resolved(*OVERLOAD, beside), replications=8))
    assert carried_by(plan.teams[0], plan.enabled) == pytest.approx([10] * 4)


def test_the_figure_has_both_lines_and_refuses_teams_without_employees(overloaded: Results) -> None:
    from matplotlib.figure import Figure

    plan = ss.capacity_plan(overloaded)
    axes = ss.figures.adoption(Figure().subplots(), plan, team="desk")
    enabled, carried = axes.get_lines()
    assert enabled.get_ydata()[-1] == 60
    assert carried.get_ydata()[-1] == pytest.approx(20)
    assert axes.get_title(loc="left") == "Adoption and capacity of team desk"
    with pytest.raises(InputError, match="there is no 'pool' to which enabled employees bring work; there are: desk"):
        ss.figures.adoption(Figure().subplots(), plan, team="pool")


# ---- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (
            'curve = "logistic"\nstart = 1\nmidpoint = "2 weeks"\nsteepness = "2 % / week"',
            "adoption.a: write exactly two of start, midpoint and steepness; the third follows "
            "(got start and midpoint and steepness)",
        ),
        (
            'curve = "logistic"\nstart = 5\nmidpoint = "2 weeks"',
            "adoption.a.start: less than half of the population is enabled before the midpoint; write less than 5 "
            "(got 5)",
        ),
        (
            'curve = "waves"\nstart = 5\nwaves.x = { date = 2026-02-01, employees = 6 }',
            "adoption.a.waves.x.employees: enables 11 in all, more than the population of 10; write fewer",
        ),
        (
            'curve = "waves"\nwaves.x = { date = 2026-01-04, employees = 6 }',
            "adoption.a.waves.x.date: lies before the start; count these employees in start",
        ),
        (
            'curve = "linear"\nstart = 20\nrate = "2 / day"',
            "adoption.a.start: more than the population of 10 (got 20)",
        ),
        (
            'curve = "linear"\nrate = "2 / open day"',
            'adoption.a.rate: open days belong to a stream; write "2 / day" (got "2 / open day")',
        ),
        (
            'curve = "compound"\nstart = 1\ngrowth = "-2 % / month"',
            'adoption.a.growth: must not be negative; write growth such as "6 % / month" (got "-2 % / month")',
        ),
        (
            'curve = "linear"\nrate = "2 / day"\nclasses = { size = 1, length = "1 day", trainers = 0 }',
            "adoption.a.classes.trainers: nobody could ever be taught; write 1 or more, or a change that adds some",
        ),
        (
            'curve = "linear"\nrate = "2 / day"\nclasses = { size = 1, length = "4 weeks", trainers = 1 }',
            "adoption.a.classes.length: nobody would be taught before the horizon; write less, or a longer horizon",
        ),
    ],
)
def test_what_cannot_be(lines: str, found: str) -> None:
    assert faults(f"[adoption.a]\npopulation = 10\n{lines}") == [found]


def test_names_of_nothing() -> None:
    adoption = '[adoption.advisers]\npopulation = 10\ncurve = "linear"\nrate = "2 / day"'
    dip = 'teams.desk.dips.x = { waves_of = "advisers", pace = 1.2, recovers_in = "4 weeks" }'
    assert faults(adoption, 'streams.m.arrivals = { rate = "-", per_employee = "1 / day", of = "advisors" }') == [
        "streams.m.arrivals.of: there is no adoption 'advisors'; did you mean 'advisers'?"
    ]
    assert faults(adoption, dip) == [
        'teams.desk.dips.x.waves_of: advisers has no waves; write the date of the dip, or curve = "waves" there'
    ]
    assert faults(adoption, dip.replace("1.2", "0.8"))[0] == (
        "teams.desk.dips.x.pace: write a number of 1 or more, such as 1.2 (got 0.8)"
    )


# ---- engines --------------------------------------------------------------------------------------------------------


def test_engines_agree_on_a_large_firm_with_waves_classes_and_dips() -> None:
    early = [
        "adoption.employees.waves.first.date=2026-01-06",
        "adoption.employees.waves.second.date=2026-01-12",
        "teams.reviewers.headcount=2",
    ]
    world = ss.load(CONFIGS / "fortune100_enablement.toml", overrides=early)
    assert world.adoptions[0].at(2 * WEEK) > 2 * world.adoptions[0].at(0)
    assert ss.verify(world, replications=2, weeks=2).identical
