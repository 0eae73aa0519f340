"""The public library: a researcher's own arrays, names, and what an import costs."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import simsocial as ss
from simsocial.units import HOUR, MINUTE

DATA = Path(os.environ.get("SIMSOCIAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
TRACE = DATA / "traces" / "fifo_100.csv"
HEAVY = ("pandas", "pyarrow", "scipy.stats", "matplotlib", "simpy", "typer", "rich")


def test_importing_costs_no_heavy_library() -> None:
    program = f"import sys, simsocial; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_public_name_is_there() -> None:
    assert set(ss.__all__) <= set(dir(ss))
    assert all(getattr(ss, name) is not None for name in ss.__all__)


# ---- a researcher's own arrays ---------------------------------------------------------------------------------------


def fifo_100() -> dict[str, np.ndarray]:
    if not TRACE.exists():
        pytest.skip(f"needs the reference trace {TRACE.name}")
    with TRACE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in ("arrival", "service", "departure_1_server")}


def departures(trace: dict[str, np.ndarray], *, agents: int) -> np.ndarray:
    messages = ss.messages(arrival=trace["arrival"], work=trace["service"], unit="h")
    done = ss.simulate(messages, ss.roster(agents=agents))
    return done.visits().sort_values("message")["end"].to_numpy(np.int64)


def test_reference_trace_within_two_ticks() -> None:
    """TRACE-QC-1: one server, first come, first served; 1 unit = 1 h."""
    trace = fifo_100()
    expected = trace["departure_1_server"] * HOUR
    assert np.abs(departures(trace, agents=1) - expected).max() <= 2


def test_reference_trace_tells_two_servers_from_one() -> None:
    trace = fifo_100()
    expected = trace["departure_1_server"] * HOUR
    assert np.abs(departures(trace, agents=2) - expected).max() > MINUTE


def test_waits_of_given_messages_worked_by_hand() -> None:
    """One agent: 0–3; message 1 leaves at 1, it has no patience; message 2 waits from 2 to 3."""
    messages = ss.messages(arrival=[0, 1, 2], work=[3, 3, 3], patience=[1, 0, np.inf], unit="min")
    trace = ss.simulate(messages, ss.roster(agents=1))
    visits = trace.visits(unit="min")
    assert visits["outcome"].tolist() == ["done", "abandoned", "done"]
    np.testing.assert_array_equal(visits["start"], [0, np.nan, 3])
    np.testing.assert_array_equal(visits["end"], [3, 1, 6])
    assert trace.visits()["end"].tolist() == [3 * MINUTE, 1 * MINUTE, 6 * MINUTE]
    assert trace.messages()["outcome"].tolist() == ["handled", "abandoned", "handled"]


def test_windows_and_pace_of_given_agents() -> None:
    """Agent 0 is on duty [0, 2) and works until 3; agent 1, on [2, 9), takes message 1 at 2, twice as long."""
    messages = ss.messages(arrival=[0, 1], work=[3, 3], unit="h")
    agents = ss.roster(agents=2, windows=[[(0, 2)], [(2, 9)]], pace=[1, 2], unit="h")
    visits = ss.simulate(messages, agents).visits(unit="h")
    assert visits["agent"].tolist() == [0, 1]
    assert visits["end"].tolist() == [3, 8]


def test_horizon_of_given_messages_cuts() -> None:
    messages = ss.messages(arrival=[0, 1], work=[3, 3], unit="h")
    visits = ss.simulate(messages, ss.roster(), horizon="4 h").visits(unit="h")
    assert visits["outcome"].tolist() == ["done", "in_service"]
    assert visits["end"].isna().tolist() == [False, True]


def test_streams_of_given_messages_are_served_in_their_order() -> None:
    first, second = ss.messages(arrival=[0, 1], work=[2, 2], unit="h"), ss.messages(arrival=[0.5], work=[2], unit="h")
    both = type(first)(second.streams + first.streams)
    visits = ss.simulate(both, ss.roster()).visits(unit="h")
    assert visits.groupby("stream", observed=True)["start"].apply(list).tolist() == [[2], [0, 4]]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"arrival": [2, 1], "work": [1, 1]}, "ascending order"),
        ({"arrival": [1, 2], "work": [1]}, r"\(2 arrival, 1 work\)"),
        ({"arrival": [1], "work": [1], "patience": [1, 1]}, "1 work, 2 patience"),
        ({"arrival": [1, np.nan], "work": [1, 1]}, "none negative"),
        ({"arrival": [-1], "work": [1]}, "none negative"),
        ({"arrival": [1], "work": [np.inf]}, "none negative"),
        ({"arrival": ["noon"], "work": [1]}, "list of numbers"),
        ({"arrival": [[1]], "work": [1]}, "one list"),
        ({"arrival": [1e30], "work": [1]}, "too far away"),
        ({"arrival": [1], "work": [1], "unit": "fortnight"}, "unit"),
        ({"arrival": [1], "work": [1], "unit": "0 h"}, "at least 1 ms"),
    ],
)
def test_wrong_messages_are_refused(arguments: dict[str, object], says: str) -> None:
    with pytest.raises(ss.InputError, match=says):
        ss.messages(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("horizon", ["1e999 s", "-1e999 s", "1001 years"])
def test_a_length_of_time_beyond_all_measure_is_refused(horizon: str) -> None:
    messages = ss.messages(arrival=[5], work=[1], unit="h")
    with pytest.raises(ss.InputError, match="too long; write at most 1000 years"):
        ss.simulate(messages, ss.roster(), horizon=horizon)
    assert len(ss.simulate(messages, ss.roster(), horizon="1000 years")) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"agents": 0}, "at least one agent"),
        ({"agents": 2, "windows": [[(0, 1)]]}, "got 1 for 2"),
        ({"windows": [[(1, 1)]]}, "end after it starts"),
        ({"windows": [[(0, 2), (1, 3)]]}, "without overlapping"),
        ({"pace": 0}, "positive"),
    ],
)
def test_wrong_rosters_are_refused(arguments: dict[str, object], says: str) -> None:
    with pytest.raises(ss.InputError, match=says):
        ss.roster(**arguments)  # type: ignore[arg-type]


def test_what_does_not_fit_together_is_refused() -> None:
    messages, agents = ss.messages(arrival=[5], work=[1], unit="h"), ss.roster()
    with pytest.raises(ss.InputError, match="at or after the horizon"):
        ss.simulate(messages, agents, horizon="5 h")
    with pytest.raises(ss.InputError, match="there is no 'numpi'; there is numpy and simpy"):
        ss.simulate(messages, agents, engine="numpi")
