"""Real files replay as they are: every count arrives in its interval, by no more than a map of columns."""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from configs_in_short import resolved

import simsocial as ss
from simsocial.draw.messages import Plan
from simsocial.measure.volume import expected_arrivals
from simsocial.model.scenario import Scenario

DATA = Path(os.environ.get("SIMSOCIAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
COMPANIES = ("AMZN", "CRM", "CVS", "GOOG", "IBM")

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"no real files in {DATA}; SIMSOCIAL_DATA says where")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def replaying(name: str, start: dt.datetime, days: int, *, keys: str = "", interval: str = "1 h") -> Scenario:
    replay = f'streams.m.arrivals = {{ rate = "-", replay = {{ file = "{DATA / name}"{keys} }} }}'
    time = f'time = {{ start = {start.isoformat()}, horizon = "{days} days", interval = "{interval}" }}'
    return resolved(replay, time)


def arrived(scenario: Scenario, minutes: int) -> Counter[int]:
    """Return the messages of a replication in each interval from the start."""
    arrival = Plan.of(scenario).draw(seed=1, replication=0).streams[0].arrival
    return Counter((arrival // (minutes * 60_000)).tolist())


def notes(scenario: Scenario) -> tuple[str, ...]:
    assert scenario.origin is not None
    return scenario.origin.read[0].notes


@pytest.mark.parametrize("company", COMPANIES)
def test_mentions_replay_without_edits(company: str) -> None:
    name = f"nab/Twitter_volume_{company}.csv"
    start, file = dt.datetime(2015, 2, 26, 21, 42, 53), rows(name)
    scenario = replaying(name, start, 60)
    assert notes(scenario) == ("intervals of 5 min", "gaps: 0")
    assert arrived(scenario, 5) == Counter({k: int(row["value"]) for k, row in enumerate(file) if row["value"] != "0"})


def test_calls_of_a_bank_replay_with_a_map_and_their_nights_are_told() -> None:
    name = "us_bank/bank_calls_5min_2003.csv"
    start, file = dt.datetime(2003, 3, 3), rows(name)
    scenario = replaying(name, start, 30, keys=', time = "DateTime", value = "Calls"')
    instants = [dt.datetime.fromisoformat(row["DateTime"]) for row in file]
    counts = zip(instants, (int(row["Calls"]) for row in file), strict=True)
    five, end = dt.timedelta(minutes=5), start + dt.timedelta(days=30)
    assert arrived(scenario, 5) == Counter({(at - start) // five: count for at, count in counts if count and at < end})
    nights = sum(after - before > five for before, after in pairwise(instants))
    assert notes(scenario) == (
        "intervals of 5 min",
        f"gaps: {nights}, the first 2003-03-03 21:05 to 2003-03-04 07:00, the longest of 4.41 days",
    )


def test_counts_with_halves_and_a_minute_of_the_day_replay_without_edits() -> None:
    """A day of the file is the mean of two: halves come by chance, the counts beside them as they are."""
    name = "bank_1999/calls_6min_1999-01_06.csv"
    start, file = dt.datetime(1999, 1, 1), rows(name)
    keys = ', time = "date", time_of_day = { column = "minute_of_day", unit = "min" }, value = "calls"'
    scenario = replaying(name, start, 181, keys=f'{keys}, fractions = "by chance"')
    counts = [float(row["calls"]) for row in file]
    halves = {k for k, count in enumerate(counts) if count % 1}
    fractions = f"{len(halves)} counts with fractions, by chance"
    assert notes(scenario) == ("decimal points in calls", fractions, "intervals of 6 min", "gaps: 0")
    found = arrived(scenario, 6)
    assert all(found[k] == count for k, count in enumerate(counts) if k not in halves)
    assert {found[k] - counts[k] for k in halves} == {-0.5, 0.5}
    total = expected_arrivals(scenario.streams[0].arrivals, scenario.horizon, horizon=scenario.horizon)
    assert float(total) == sum(counts)


def test_two_weeks_of_calls_are_a_study_of_rota_and_replay(tmp_path: Path) -> None:
    """One stream per type of call out of one file, seconds since its start; agents work when the log says they did."""
    calls = rows("bank_1999/calls_1999-02-01_14.csv")
    log = DATA / "bank_1999" / "calls_1999-02-01_14.csv"
    worked = {(row["agent"], row["date"]) for row in calls if row["agent"] and row["outcome"] == "AGENT"}
    rota = [f"{agent},{day} 08:00,{day} 20:00,on duty" for agent, day in sorted(worked)]
    (tmp_path / "rota.csv").write_text("agent,start,end,activity\n" + "\n".join(rota) + "\n", encoding="utf-8")
    replay = f'{{ file = "{log}", kind = "stamps", time = "request_s", order = "any", format = "s since 1999-02-01"'
    words = 'outcome = ["AGENT", "HANG"], anomaly = "0"'
    work = '{ law = "lognormal", mean = "3 min", cv = 1.2 }'
    streams = [
        f'streams.{kind} = {{ route = ["talk"], steps.talk.work = {work}, '
        f'arrivals.replay = {replay}, rows = {{ type = "{kind}", {words} }} }} }}'
        for kind in ("PS", "NW", "NE")
    ]
    time = 'time = { start = 1999-02-01, horizon = "2 weeks" }'
    team = [f'teams.desk.rota = "{tmp_path / "rota.csv"}"', 'teams.desk = { headcount = "-", shifts = "-" }']
    scenario = resolved('streams.m = "-"', *streams, time, *team)
    made = Plan.of(scenario).draw(seed=1, replication=0)
    kept = Counter(row["type"] for row in calls if row["outcome"] != "PHANTOM" and row["anomaly"] == "0")
    assert [len(stream.arrival) for stream in made.streams] == [kept["PS"], kept["NW"], kept["NE"]]
    rota_of_desk = scenario.teams[0].rota
    assert rota_of_desk is not None
    assert len(rota_of_desk.start) == len(worked)
    assert len(rota_of_desk.agents) == len({agent for agent, _ in worked})
    assert ss.verify(scenario, replications=1, weeks=1).difference is None
