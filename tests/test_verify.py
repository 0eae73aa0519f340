"""``verify``: the engines tell the same of the bundled configs, and a fault of one of them is found and shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from reference_cases import DATA
from tiny import tiny
from typer.testing import CliRunner

import simsocial as ss
from simsocial import engines
from simsocial.cli import app
from simsocial.measure import tally as tallying
from simsocial.model.desk import Desk
from simsocial.model.log import Fates, Log, Logs, MessageOutcome, Visits
from simsocial.model.messages import Messages
from simsocial.model.piecewise import Piecewise
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.simulation.replication import Replication
from simsocial.units import DAY

ROOT = Path(__file__).parents[1]
EXPERIMENTS = sorted(file for file in (ROOT / "experiments").glob("*/*.toml") if file.name != "experiment.toml")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tiny(tmp_path)


@pytest.fixture
def scenario(config: Path) -> Scenario:
    return ss.load(config)


# ---- they tell the same ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "weeks", "least"), [("quickstart", 8, 3000), ("broker_review", 2, 10_000), ("m2", 1, 9000)]
)
def test_engines_tell_the_same_of_bundled_configs(name: str, weeks: int, least: int) -> None:
    found = ss.verify(ss.load(ROOT / "configs" / f"{name}.toml"), weeks=weeks)
    assert (found.difference, found.replications) == (None, 3)
    assert found.visits > least


def uneven(scenario: Scenario, seed: int) -> Scenario:
    """Return a scenario whose people differ in pace and quality, with several slots, and whose factors change."""
    dice = np.random.default_rng(seed)

    def factor() -> Piecewise:
        return Piecewise(np.array([0, 2 * DAY, 5 * DAY]), dice.uniform(0.5, 1.6, 3))

    teams = []
    for team in scenario.teams:
        shifts = (replace(each, pace=dice.uniform(0.7, 1.4), quality=dice.uniform(0.4, 1.8)) for each in team.shifts)
        teams.append(
            replace(team, shifts=tuple(shifts), slots=int(dice.integers(1, 4)), slot_pace=dice.uniform(1, 1.7))
        )
    routes = []
    for route in scenario.desk.routes:
        steps = (replace(step, work_factor=factor(), reject_factor=factor()) for step in route.steps)
        routes.append(replace(route, steps=tuple(steps)))
    return scenario.but(teams=tuple(teams), desk=replace(scenario.desk, routes=tuple(routes)))


@pytest.mark.parametrize("seed", [1, 2])
def test_engines_tell_the_same_of_an_uneven_desk(seed: int) -> None:
    scenario = uneven(ss.load(ROOT / "configs" / "broker_review.toml"), seed)
    found = ss.verify(scenario, replications=2, weeks=1, seed=seed)
    assert found.difference is None
    assert found.visits > 2000


@pytest.mark.parametrize("config", EXPERIMENTS, ids=lambda path: path.stem)
def test_engines_tell_the_same_of_experiments(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (DATA / "nab").exists():
        pytest.skip(f"no data in {DATA}; SIMSOCIAL_DATA says where it is")
    monkeypatch.chdir(ROOT)
    found = ss.verify(ss.load(config), weeks=1)
    assert found.identical
    assert found.visits > 0


@pytest.mark.long
@pytest.mark.parametrize("name", ["quickstart", "broker_review", "m2"])
def test_engines_tell_the_same_to_the_end(name: str) -> None:
    found = ss.verify(ss.load(ROOT / "configs" / f"{name}.toml"), replications=20)
    assert found.difference is None
    print(f"\n{name}: {found.visits:,} visits in {found.replications} replications")


def test_every_visit_of_every_replication_is_compared(scenario: Scenario) -> None:
    seen: list[tuple[int, int]] = []
    found = ss.verify(
        scenario, replications=4, seed=3, progress=lambda one, planned: seen.append((one.number, planned))
    )
    assert found.visits == len(ss.run(scenario, replications=4, seed=3, log=True).visits())
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_weeks_are_the_first_ones(scenario: Scenario) -> None:
    arrivals = ss.run(scenario, replications=1, log=True).messages()["arrival"]
    limit = np.datetime64(scenario.start) + np.timedelta64(7, "D")
    seen: list[Replication] = []
    ss.verify(scenario, replications=1, weeks=1, progress=lambda one, planned: seen.append(one))
    assert len(seen[0].trace) == (arrivals < limit).sum() < len(arrivals)
    assert ss.verify(scenario, weeks=9).visits == ss.verify(scenario).visits


def test_a_warm_up_longer_than_the_weeks_leaves_nothing_to_count(scenario: Scenario) -> None:
    assert ss.verify(scenario.but(warmup=scenario.horizon - 1), weeks=1).identical


@pytest.mark.parametrize(("name", "number"), [("replications", 0), ("weeks", 0), ("seed", -1)])
def test_numbers_that_make_no_sense_are_refused(scenario: Scenario, name: str, number: int) -> None:
    with pytest.raises(ss.InputError, match=f"^{name}: must be a whole number of at least"):
        ss.verify(scenario, **{name: number})  # type: ignore[arg-type]


# ---- negative controls: engines with a fault -------------------------------------------------------------------------


def _later(log: Log, *, since: int) -> Log:
    """Return a log in which somebody took a minute longer over a visit; no message's fate says so."""
    end = np.where(np.arange(len(log.visits)) == since, log.visits.end + 60_000, log.visits.end)
    return Log(replace(log.visits, end=end), log.fates)


def _unvisited(log: Log, *, since: int) -> Log:
    """Return a log without its last visits."""
    columns = {field.name: getattr(log.visits, field.name)[:since] for field in fields(Visits)}
    return Log(Visits(**columns), log.fates)


def _withdrawn(log: Log, *, since: int) -> Log:
    """Return a log in which a message of the first stream was withdrawn."""
    outcome = log.fates[0].outcome.copy()
    outcome[log.visits.message[since]] = MessageOutcome.WITHDRAWN
    return Log(log.visits, (Fates(outcome, log.fates[0].ended, log.fates[0].published), *log.fates[1:]))


@pytest.mark.parametrize("fault", [_later, _unvisited, _withdrawn])
def test_a_fault_is_found_and_both_timelines_are_told(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch, fault: type
) -> None:
    right = engines.TOGETHER["numpy"]
    number: list[int] = []

    def wrong(desk: Desk, messages: Sequence[Messages], rosters: Sequence[Roster]) -> Iterator[Logs]:
        for index, log in enumerate(chain.from_iterable(right(desk, messages, rosters))):
            number[:] = [int(log.visits.message[30])]
            yield Logs.of(fault(log, since=30) if index == 1 else log)

    monkeypatch.setitem(engines.TOGETHER, "numpy", wrong)
    found = ss.verify(scenario)
    assert found.difference is not None
    assert (found.difference.replication, found.replications) == (1, 2)
    assert found.difference.what == f"message {number[0]} of mentions"
    numpy, simpy = found.difference.told["numpy"], found.difference.told["simpy"]
    assert numpy != simpy
    assert numpy[0] == simpy[0]
    assert numpy[0].startswith("arrived 2026-01-")


@pytest.mark.parametrize("loop", engines.LOOPS)
def test_a_fault_in_either_loop_is_found(scenario: Scenario, monkeypatch: pytest.MonkeyPatch, loop: str) -> None:
    right = engines.LOOPS[loop]

    def wrong(*given: object) -> Iterator[Logs]:
        return map(Logs.of, (_later(log, since=30) for logs in right(*given) for log in logs))  # type: ignore[arg-type]

    monkeypatch.setitem(engines.LOOPS, loop, wrong)
    difference = ss.verify(scenario, replications=2).difference
    assert difference is not None
    assert (difference.replication, list(difference.told)) == (0, [loop, "simpy"])


def test_a_wrong_counter_is_found(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    right = tallying.tally_several

    def wrong(*given: object) -> Tallies:
        tallies = right(*given)  # type: ignore[arg-type]
        waited = tallies.queues.wait_sum.copy()
        waited[0, 0, 20] += len(waited) > 1  # the reference engine's are counted one by one
        return replace(tallies, queues=replace(tallies.queues, wait_sum=waited))

    monkeypatch.setattr(tallying, "tally_several", wrong)
    difference = ss.verify(scenario).difference
    assert difference is not None
    assert difference.what == "counter queues.wait_sum[0, 20]"
    (numpy,), (simpy,) = difference.told["numpy"], difference.told["simpy"]
    assert int(numpy) == int(simpy) + 1


# ---- the verb --------------------------------------------------------------------------------------------------------


def test_verb_says_identical(config: Path) -> None:
    done = CliRunner().invoke(app, ["verify", str(config), "--replications", "2", "--weeks", "1"])
    visits = ss.verify(ss.load(config), replications=2, weeks=1).visits
    assert (done.exit_code, done.output) == (0, f"identical: {visits} visits in 2 replications\n")


def test_verb_obeys_changes_of_the_config(config: Path) -> None:
    done = CliRunner().invoke(app, ["verify", str(config), "--set", "time.horizon=1 week"])
    assert done.output == f"identical: {ss.verify(ss.load(config), weeks=1).visits} visits in 3 replications\n"


DIFFERENT = """\
different: replication 0, message N of mentions
numpy tells:
  arrived T
  mentions.respond, visit 1: joined T, start T, end T, agent 0 of desk, done
  handled T, published T
simpy tells:
  arrived T
  mentions.respond, visit 1: joined T, start T, end T, agent 0 of desk, done
  handled T, published T
"""


def test_verb_shows_the_first_difference(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = engines.TOGETHER["numpy"]
    monkeypatch.setitem(
        engines.TOGETHER,
        "numpy",
        lambda *given: map(Logs.of, (_later(log, since=0) for logs in right(*given) for log in logs)),
    )
    done = CliRunner().invoke(app, ["verify", str(config)])
    assert done.exit_code == 1
    told = re.sub(r"2026-01-\d\d \d\d:\d\d:\d\d\.\d{3}", "T", done.stderr)
    assert re.sub(r"message \d+", "message N", told) == DIFFERENT
    ends = re.findall(r"end (\S+ \S+),", done.stderr)
    assert np.datetime64(ends[0]) - np.datetime64(ends[1]) == np.timedelta64(1, "m")
