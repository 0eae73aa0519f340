"""Points against runs: the same to the last bit, however lanes are put together and draws are shared (R118)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import swept

import simsocial
from simsocial.draw.messages import Plan, drawn_by, seen
from simsocial.draw.roster import RosterPlan, staffed_by
from simsocial.errors import InputError
from simsocial.model.alike import said
from simsocial.model.scenario import Precision, Scenario
from simsocial.simulation.points import run_points, run_points_until_precise
from simsocial.simulation.shared_draws import SharedDraws

CONFIGS = Path(__file__).parents[1] / "configs"
HEADCOUNT, RATE = "teams.desk.headcount", "streams.mentions.arrivals.rate"
REJECT, HORIZON = "streams.mentions.steps.check.reject", "time.horizon"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the config of the small desk."""
    file = tmp_path_factory.mktemp("points") / "desk.toml"
    file.write_text(swept.CONFIG, encoding="utf-8")
    return file


def variant(desk: Path, **changes: Any) -> Scenario:
    """Return the small desk with other values, by the names above."""
    return simsocial.load(desk, overrides={globals()[name]: value for name, value in changes.items()})


def numbers(results: Any) -> list[bytes]:
    return [results.numerators.tobytes(), results.denominators.tobytes()]


# ---- equal to runs ---------------------------------------------------------------------------------------------------

POINTS: list[Mapping[str, Any]] = [
    {"HEADCOUNT": 1},
    {"HEADCOUNT": 2},
    {"HEADCOUNT": 1, "REJECT": 0.5},  # whose desk cannot advance with the others'
    {"HEADCOUNT": 2, "RATE": "80 / day"},
    {"HORIZON": "10 days"},
    {"HEADCOUNT": 3, "REJECT": 0.5},
]


@pytest.mark.parametrize("engine", ["numpy", "simpy"])
@pytest.mark.parametrize("memory", [1e9, 3e5])
def test_points_measure_what_runs_of_them_measure(desk: Path, engine: str, memory: float) -> None:
    scenarios = [variant(desk, **changes) for changes in POINTS]
    made = list(run_points(scenarios, replications=5, first=2, engine=engine, memory=memory))
    for scenario, results in zip(scenarios, made, strict=True):
        alone = simsocial.run(scenario, replications=5, first=2)
        assert results.scenario is scenario
        assert (results.rows, results.seed, results.first, len(results)) == (alone.rows, alone.seed, 2, 5)
        assert numbers(results) == numbers(alone)
        assert repr(results.estimates) == repr(alone.estimates)


def test_lanes_that_advance_together_measure_the_same(desk: Path) -> None:
    scenarios = [variant(desk, HEADCOUNT=number) for number in (1, 2, 3)]
    made = list(run_points(scenarios, replications=40))  # more than advance together, less than one by one
    assert [numbers(each) for each in made] == [numbers(simsocial.run(each, replications=40)) for each in scenarios]
    assert numbers(made[0]) != numbers(made[1]), "control: a headcount changes what is measured"


def test_messages_are_counted(desk: Path) -> None:
    scenario = variant(desk, HEADCOUNT=1)
    (made,) = run_points([scenario], replications=3)
    plan = Plan.of(scenario)
    drawn = [plan.draw(seed=1, replication=number).streams for number in range(3)]
    assert made.messages == sum(len(stream) for streams in drawn for stream in streams)


def test_a_precision_takes_as_many_replications_as_a_run(desk: Path) -> None:
    precision = Precision("mentions.answer.wait_mean", relative=0.2, least=4, most=30)
    scenarios = [variant(desk, HEADCOUNT=number, RATE=rate) for number in (1, 3) for rate in ("30 / day", "60 / day")]
    made = run_points_until_precise(scenarios, precision=precision)
    for scenario, results in zip(scenarios, made, strict=True):
        alone = simsocial.run(scenario.but(run=precise(scenario, precision)))
        assert (len(results), numbers(results)) == (len(alone), numbers(alone))
    assert len({len(results) for results in made}) > 1, "control: points need different numbers"


def precise(scenario: Scenario, precision: Precision) -> Any:
    return type(scenario.run)(seed=scenario.run.seed, precision=precision)


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"first": -1}, {"seed": -1}, {"engine": "abacus"}])
def test_senseless_numbers_are_refused(desk: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        list(run_points([variant(desk)], **{"replications": 1, **wrong}))


# ---- draws are shared, and only where they are equal -----------------------------------------------------------------


def test_equal_parts_share_their_draws(desk: Path) -> None:
    draws = SharedDraws(
        [variant(desk, HEADCOUNT=1), variant(desk, HEADCOUNT=2), variant(desk, RATE="50 / day")], [1] * 3
    )
    assert draws.messages(0, 0) is draws.messages(1, 0)
    assert draws.messages(0, 0) is not draws.messages(2, 0)
    assert draws.messages(0, 0) is not draws.messages(0, 1)
    assert draws.roster(0, 0) is draws.roster(2, 0)
    assert draws.roster(0, 0) is not draws.roster(1, 0)
    assert draws.roster(0, 0) is not draws.roster(0, 1), "who is absent differs"


def test_another_seed_shares_nothing(desk: Path) -> None:
    draws = SharedDraws([variant(desk), variant(desk)], [1, 2])
    assert draws.messages(0, 0) is not draws.messages(1, 0)
    assert draws.roster(0, 0) is not draws.roster(1, 0)


SCENARIOS = sorted(path for path in CONFIGS.glob("*.toml") if "fortune" not in path.name)


@pytest.mark.parametrize("config", SCENARIOS, ids=lambda path: path.stem)
def test_messages_depend_on_nothing_but_what_is_compared(config: Path) -> None:
    """What :func:`seen` takes away changes no message: drawn from the rest alone, they are the same to the byte."""
    scenario = simsocial.load(config, overrides={HORIZON: "3 weeks"})
    quality = Plan.of(scenario).quality
    alone = Plan(seen(scenario), Plan.of(seen(scenario)).arrivals, quality)
    whole = Plan.of(scenario)
    assert said(alone.draw(seed=3, replication=1)) == said(whole.draw(seed=3, replication=1))


CHANGED = {
    "streams.mentions.arrivals.rate": "41 / day",
    "streams.mentions.steps.answer.work": "11 min",
    REJECT: 0.3,
    "streams.mentions.promises.first_response.within": "5 h",
    "time.start": "2026-01-06",
    HORIZON: "8 days",
    "calendars.office.hours": "Mon-Fri 09:00-16:00",
    "streams.mentions.patience": "5 h",
}


@pytest.mark.parametrize("path", CHANGED)
def test_what_changes_messages_is_told_apart(desk: Path, path: str) -> None:
    assert drawn_by(simsocial.load(desk)) == drawn_by(simsocial.load(desk))
    assert drawn_by(simsocial.load(desk)) != drawn_by(simsocial.load(desk, overrides={path: CHANGED[path]}))


STAFF = {
    HEADCOUNT: 2,
    "teams.desk.absence": 0.2,
    "teams.desk.shifts.day.hours": "Mon-Fri 09:00-16:00",
    "teams.desk.pace": 1.1,
    "time.start": "2026-01-06",
    HORIZON: "8 days",
}


@pytest.mark.parametrize("path", STAFF)
def test_what_changes_rosters_is_told_apart(desk: Path, path: str) -> None:
    assert staffed_by(simsocial.load(desk)) == staffed_by(simsocial.load(desk, overrides={RATE: "41 / day"}))
    assert staffed_by(simsocial.load(desk)) != staffed_by(simsocial.load(desk, overrides={path: STAFF[path]}))


def test_rosters_depend_on_nothing_but_what_is_compared(desk: Path) -> None:
    one, other = simsocial.load(desk), simsocial.load(desk, overrides={RATE: "90 / day", REJECT: 0.9})
    drawn = [said(RosterPlan.of(each).draw(seed=1, replication=4)) for each in (one, other)]
    assert drawn[0] == drawn[1]


def test_results_of_more_replications_are_joined(desk: Path) -> None:
    scenario = variant(desk)
    (all_of_them,), (some,), (others,) = (
        run_points([scenario], replications=many, first=first) for many, first in ((5, 0), (3, 0), (2, 3))
    )
    joined = some.and_more(others)
    assert numbers(joined) == numbers(all_of_them)
    assert numbers(joined.only(3)) == numbers(some)
    assert joined.messages == all_of_them.messages
    assert np.isfinite(joined.of_first(3, 0).value)
