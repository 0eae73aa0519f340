"""Runs: what is kept of replications is what they brought, however many there are and whoever runs them."""

from __future__ import annotations

import gc
import re
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny import tiny

import simsocial as ss
from simsocial import engines
from simsocial.engines.lanes import FEWEST_IN_STEP
from simsocial.measure import measures
from simsocial.model.log import Log
from simsocial.model.scenario import Precision, RunSettings, Scenario
from simsocial.simulation.replication import Replication
from simsocial.simulation.results import Results
from simsocial.study.fitting_memory import available_memory, refuse_too_large


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return ss.load(tiny(tmp_path_factory.mktemp("config")))


@pytest.fixture(scope="module")
def results(scenario: Scenario) -> Results:
    return ss.run(scenario, log=True)


# ---- replications ----------------------------------------------------------------------------------------------------


def test_run_settings_are_the_defaults(results: Results) -> None:
    assert (len(results), results.seed, results.first) == (4, 7, 0)
    assert results.summary()["n"].max() == 4


def test_values_are_those_of_each_replication_by_itself(scenario: Scenario, results: Results) -> None:
    for number in (2, 0):
        alone = ss.run_replication(scenario, number=number)
        numerator, denominator = measures.evaluate(scenario, alone.tallies)
        np.testing.assert_array_equal(results.numerators[number, : len(numerator)], numerator)
        np.testing.assert_array_equal(results.denominators[number, : len(denominator)], denominator)


def test_replications_depend_on_seed_and_number_only(scenario: Scenario, results: Results) -> None:
    part = ss.run(scenario, replications=2, first=1)
    np.testing.assert_array_equal(part.numerators, results.numerators[1:3])
    other = ss.run(scenario, replications=2, first=1, seed=8)
    assert (other.numerators != results.numerators[1:3]).any()


def test_log_is_what_the_measures_count(scenario: Scenario, results: Results) -> None:
    visits, messages = results.visits(), results.messages()
    values = results.replications().set_index(["measure", "stream", "step", "replication"])["value"]
    for number in range(4):
        respond = visits[(visits["replication"] == number) & (visits["step"] == "respond")]
        assert len(respond) == values["offered", "mentions", "respond", number]
        assert (messages["replication"] == number).sum() == values["arrived", "mentions", "", number]
    assert visits["start"].min() >= np.datetime64(scenario.start)
    assert str(visits["agent"].dtype) == "Int64"


def test_without_a_log_there_are_no_visits(scenario: Scenario) -> None:
    results = ss.run(scenario, replications=1)
    with pytest.raises(ss.InputError, match="log=True"):
        results.visits()
    with pytest.raises(ss.InputError, match="log=True"):
        results.messages()


def test_progress_sees_every_replication(scenario: Scenario) -> None:
    seen = []
    ss.run(scenario, replications=3, progress=lambda one, planned: seen.append((one.number, planned, len(one.trace))))
    assert [entry[:2] for entry in seen] == [(0, 3), (1, 3), (2, 3)]
    assert all(messages > 100 for *_, messages in seen)


@pytest.mark.parametrize(("log", "alive"), [(False, 1), (True, 3)])
def test_memory_holds_one_replication_unless_a_log_is_kept(scenario: Scenario, log: bool, alive: int) -> None:
    traces: list[weakref.ref[object]] = []
    most = 0

    def count(one: Replication, _: int) -> None:
        nonlocal most
        traces.append(weakref.ref(one.trace))
        gc.collect()
        most = max(most, sum(trace() is not None for trace in traces))

    ss.run(scenario, replications=3, log=log, progress=count)
    assert most == alive


# ---- how many --------------------------------------------------------------------------------------------------------


def until(scenario: Scenario, relative: float, *, most: int = 60) -> Scenario:
    precision = Precision("mentions.arrived", relative, least=3, most=most)
    return scenario.but(run=replace(scenario.run, precision=precision))


def test_precision_decides_how_many(scenario: Scenario) -> None:
    precise = ss.run(until(scenario, 0.03))
    rough = ss.run(until(scenario, 0.10))
    arrived = precise.estimates[0]
    assert arrived.half_width <= 0.03 * arrived.value
    assert 3 < len(rough) < len(precise) < 60
    np.testing.assert_array_equal(rough.numerators, precise.numerators[: len(rough)])


def test_a_number_overrides_the_precision_and_most_ends_it(scenario: Scenario) -> None:
    assert len(ss.run(until(scenario, 1e-6), replications=2)) == 2
    assert len(ss.run(until(scenario, 1e-6, most=5))) == 5


def test_unknown_measure_of_a_precision_is_refused_before_the_run(scenario: Scenario) -> None:
    settings = RunSettings(precision=Precision("mentions.arived", 0.1, least=2, most=9))
    with pytest.raises(ss.InputError, match=r"^run\.replications\.of: .* did you mean 'mentions\.arrived'"):
        ss.run(scenario.but(run=settings), progress=lambda *_: pytest.fail("nothing should run"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"replications": 0}, "replications: must be a whole number of at least 1"),
        ({"replications": 2.5}, "replications: must be a whole number"),
        ({"seed": -1}, "seed: must be a whole number of at least 0"),
        ({"first": -1}, "first: must be a whole number of at least 0"),
        ({"first": 2**32 - 3}, "first: replications are numbered below 4294967296"),
        ({"engine": "numpi"}, "there is no 'numpi'; there is numpy and simpy"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(scenario: Scenario, arguments: dict[str, object], says: str) -> None:
    with pytest.raises(ss.InputError, match=says):
        ss.run(scenario, **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("arguments", [{"number": -1}, {"number": 2**32}, {"seed": -1}])
def test_a_replication_without_a_number_is_refused(scenario: Scenario, arguments: dict[str, int]) -> None:
    with pytest.raises(ss.InputError, match=f"^{next(iter(arguments))}: "):
        ss.run_replication(scenario, **arguments)  # type: ignore[arg-type]


def test_the_last_replication_that_has_a_number(scenario: Scenario) -> None:
    assert len(ss.run(scenario, replications=1, first=2**32 - 1)) == 1


def test_a_second_engine_is_an_entry(scenario: Scenario, results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def other(*what: object) -> Log:
        calls.append(what)
        return engines.ENGINES["simpy"](*what)  # type: ignore[arg-type]

    monkeypatch.setitem(engines.ENGINES, "other", other)
    again = ss.run(scenario, engine="other", replications=2)
    assert (again.engine, len(calls)) == ("other", 2)
    np.testing.assert_array_equal(again.numerators, results.numerators[:2])


def test_results_are_shown_in_a_line(results: Results) -> None:
    assert repr(results) == "<Results of 'Tiny desk': 4 replications, seed 7, numpy>"
    assert re.fullmatch(r"<Trace of \d+ messages and \d+ visits>", repr(results.traces[0]))


# ---- tables and verdict ----------------------------------------------------------------------------------------------


def test_summary_estimates_the_replications(results: Results) -> None:
    of = ["stream", "step", "team", "measure"]
    values = results.replications().groupby(of, sort=False)
    summary = results.summary().set_index(of)["value"]
    ratio = values["numerator"].mean() / values["denominator"].mean()
    for row in (
        ("mentions", "", "", "arrived"),
        ("mentions", "respond", "", "wait_mean"),
        ("", "", "desk", "occupancy"),
    ):
        assert summary[row] == pytest.approx(ratio[row], rel=1e-12)


def test_series_adds_up_to_the_summary(results: Results) -> None:
    series, summary = results.series(), results.summary()
    arrived = series[series["measure"] == "arrived"]
    assert len(arrived) == 3 * 7 * 48
    assert arrived["value"].sum() == pytest.approx(summary["value"][0], rel=1e-9)
    assert arrived["start"].iloc[[0, -1]].astype(str).tolist() == ["2026-01-05 00:00:00", "2026-01-25 23:30:00"]


def test_tables_tell_no_limit_below_nothing(results: Results) -> None:
    """R43; negative control: Student's and the delta method's own limits are."""
    assert min(estimate.low for estimate in results.estimates if not np.isnan(estimate.low)) < 0
    assert results.summary()["low"].min() == 0
    assert results.series()["low"].min() == 0


def test_series_tells_by_when_a_stage_is_behind_as_its_episodes_do(results: Results) -> None:
    """R52, from the table of episodes; negative control: a stay that begins at the checkpoint counts."""
    series = results.series()
    told = series[(series["measure"] == "behind_by") & (series["step"] == "respond")]
    assert told["start"].dt.strftime("%H:%M").unique().tolist() == ["17:00"]  # the desk's closes
    onsets = results.episodes().groupby(["step", "replication"])["start"].min()["respond"]
    by_hand = [float((onsets <= close).sum()) / 4 for close in told["start"]]
    assert told["value"].tolist() == by_hand
    assert by_hand[-1] > by_hand[0]
    assert told["value"].tolist() != [float((onsets < close).sum()) / 4 for close in told["start"]]
    assert set(told["n"]) == {4}
    of_team = series[(series["measure"] == "behind_by") & (series["team"] == "desk")]
    assert of_team["value"].tolist() == by_hand


def test_episodes_and_verdict_tell_the_same(results: Results) -> None:
    episodes = results.episodes()
    assert episodes["step"].unique().tolist() == ["respond"]
    behind = results.summary().set_index(["stream", "step", "measure"])["value"]["mentions", "respond", "p_behind"]
    assert behind == episodes["replication"].nunique() / 4
    sentences = [verdict.sentence for verdict in results.verdict()]
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "team desk falls behind",
        "team principals keeps up",
        "mentions.respond (team desk) falls behind",
        "mentions.review (team principals) keeps up",
    ]


def test_what_a_researcher_prints_fits_on_a_screen(scenario: Scenario, results: Results) -> None:
    """Neither checkpoints nor tallies are shown: there are more of them the longer the run."""
    judged = results.verdict()
    assert repr(judged[0]) == (
        f"Verdict(subject='team desk', answer={judged[0].answer!r}, because={judged[0].because!r})"
    )
    (path, *_), *_ = results.paths
    assert repr(path.stage) == "<Stage mentions.respond (desk): 15 checkpoints>"
    long = [*judged, *results.stage_outlooks, *results.team_outlooks, path, results, ss.run_replication(scenario)]
    assert max(len(repr(one)) for one in long) < 1000


# ---- memory and duties -----------------------------------------------------------------------------------------------


def test_a_run_that_does_not_fit_is_refused_with_its_estimate(scenario: Scenario) -> None:
    needed = ss.check(scenario).estimate.memory
    with pytest.raises(ss.InputError, match=r"about 168 messages .* \d+ MB of memory, 1 MB are available"):
        refuse_too_large(scenario, available=1e6)
    with pytest.raises(ss.InputError, match="would take"):
        refuse_too_large(scenario, available=0.99 * needed)
    refuse_too_large(scenario, available=1.01 * needed)
    refuse_too_large(scenario)


def test_available_memory_is_known_here() -> None:
    known = available_memory()
    assert known is None or 1e7 < known < 1e14


def test_duties_are_the_windows_of_the_first_weeks(scenario: Scenario) -> None:
    duties = ss.duties(scenario, weeks=1)
    assert len(duties) == 2 * 5
    assert [str(duty.start) for duty in duties[:2]] == ["2026-01-05 09:00:00", "2026-01-06 09:00:00"]
    assert {(duty.team, duty.agent, duty.serves) for duty in duties} == {
        ("desk", 0, "mentions.respond.rework > mentions.respond"),
        ("principals", 0, "mentions.review"),
    }


def test_resolved_config_means_the_same(scenario: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "resolved.toml"
    file.write_text(ss.resolved(scenario), encoding="utf-8")
    again = ss.load(file)
    assert ss.resolved(again) == ss.resolved(scenario)
    np.testing.assert_array_equal(ss.run(again, replications=1).numerators, ss.run(scenario, replications=1).numerators)


def test_results_do_not_depend_on_how_many_replications_fit_in_memory(scenario: Scenario) -> None:
    whole = ss.run(scenario, replications=9, engine="numpy")
    assert whole.engine == "numpy"
    one_by_one = ss.run(scenario, replications=9, engine="numpy", memory=1)
    assert np.array_equal(whole.numerators, one_by_one.numerators)
    assert np.array_equal(whole.denominators, one_by_one.denominators)
    for name in ("served", "left", "waiting"):
        assert np.array_equal(getattr(whole.waits, name), getattr(one_by_one.waits, name))
    served = [row.measure == "served" for row in whole.rows]
    assert whole.waits.served.sum() == whole.numerators[:, served].sum()


def test_replications_that_do_not_fit_in_memory_together_run_in_batches(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    together = engines.TOGETHER["numpy"]

    def watched(desk, messages, roster):  # type: ignore[no-untyped-def]
        sizes.append(len(messages))
        return together(desk, messages, roster)

    monkeypatch.setitem(engines.TOGETHER, "numpy", watched)  # type: ignore[arg-type]
    ss.run(scenario, replications=9, engine="numpy", memory=1)
    ss.run(scenario, replications=9, engine="numpy")
    assert sizes == [1] * 9 + [9]


def test_results_name_the_engine_that_ran(scenario: Scenario) -> None:
    few, reference = ss.run(scenario, replications=2), ss.run(scenario, replications=2, engine="simpy")
    assert (few.engine, reference.engine) == ("numpy", "simpy")
    assert np.array_equal(few.numerators, reference.numerators, equal_nan=True)


def test_a_replication_is_the_same_whichever_loop_runs_it(scenario: Scenario) -> None:
    """R67: few go one after the other, many all at once."""
    few, many = (ss.run(scenario, replications=number) for number in (2, FEWEST_IN_STEP))
    assert np.array_equal(few.numerators, many.numerators[: len(few)], equal_nan=True)
