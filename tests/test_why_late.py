"""Why lateness looks at promises kept and not at the oldest message: three desks that the simpler rule misjudges (R49).

The simpler rule calls a day bad when the oldest message that waits at its close is older than the promise.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pytest
from builders import ShiftSpec, StepSpec, StreamSpec, TeamSpec, scenario

from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import compile_roster
from simsocial.engines.reference import simulate
from simsocial.measure.behind.path import Path, paths
from simsocial.measure.behind.stages import stages
from simsocial.measure.tally import buckets, tally
from simsocial.model.arrivals import RateArrivals
from simsocial.model.calendar import Calendar
from simsocial.model.laws import Exponential, Law
from simsocial.model.log import MessageOutcome, Visits
from simsocial.model.promises import Measured, Promise
from simsocial.model.tallies import Tallies
from simsocial.units import DAY, HOUR, MINUTE, WEEK

MONDAY = dt.datetime(2025, 1, 6)
HOURS = tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(7))
HORIZON = 26 * WEEK
WITHIN = HOUR


@dataclass(frozen=True)
class Outcome:
    path: Path
    tallies: Tallies
    visits: Visits
    lost: float

    @property
    def kept(self) -> float:
        return float(self.tallies.promises.kept.sum() / self.tallies.promises.due.sum())

    @property
    def late(self) -> float:
        return self.path.late_share

    @property
    def late_by_age(self) -> float:
        """The share of days that the simpler rule calls bad."""
        stopped = np.minimum(self.visits.start, self.visits.end)
        closes = self.path.stage.checkpoints
        waits = [
            (self.visits.joined <= close) & (stopped > close) & (self.visits.joined < close - WITHIN)
            for close in closes
        ]
        return float(np.mean([each.any() for each in waits]))


def run(*, per_hour: dict[int, float], agents: int, patience: Law | None = None) -> Outcome:
    """Run half a year with the given messages an hour from some hours of the day on; work takes 10 minutes."""
    breaks = [day * DAY + hour * HOUR for day in range(HORIZON // DAY) for hour in per_hour]
    rates = np.tile(list(per_hour.values()), HORIZON // DAY) / HOUR
    scene = scenario(
        StreamSpec(
            "mentions",
            RateArrivals(np.array([0, *breaks, HORIZON]), np.array([0, *rates])),
            (StepSpec("respond", Exponential(10 * MINUTE)),),
            promises=(Promise("first_response", Measured.FIRST_RESPONSE, 0, WITHIN, None, 0.8, 0),),
            patience=patience,
        ),
        teams=(TeamSpec("desk", agents, shifts=(ShiftSpec("day", HOURS),)),),
        horizon=HORIZON,
        calendars=(Calendar.compile("day", start=MONDAY, hours=HOURS, until=HORIZON),),
    )
    messages, roster = draw_messages(scene, seed=7, replication=0), compile_roster(scene)
    log = simulate(scene.desk, messages, roster)
    tallies = tally(scene, messages, roster, log, buckets(scene))
    (path,) = paths(scene, stages(scene), tallies, roster)
    lost = float(np.mean(log.fates[0].outcome == MessageOutcome.ABANDONED))
    return Outcome(path, tallies, log.visits, lost)


@pytest.fixture(scope="module")
def healthy() -> Outcome:
    return run(per_hour={9: 10.0, 17: 0.0}, agents=3)


@pytest.fixture(scope="module")
def too_slow() -> Outcome:
    """A morning's rush that is worked off by the evening, hours after it was promised."""
    return run(per_hour={9: 34.0, 11: 0.0}, agents=2)


@pytest.fixture(scope="module")
def losing() -> Outcome:
    """Nearly half of the messages give up, all before the promise ends."""
    return run(per_hour={9: 20.0, 17: 0.0}, agents=2, patience=Exponential(8 * MINUTE))


def test_a_healthy_desk_is_late_on_almost_no_day(healthy):
    assert healthy.kept > 0.95
    assert healthy.late < 0.02


def test_a_desk_that_answers_a_quarter_in_time_is_late_on_nearly_all_days(too_slow):
    assert 0.2 < too_slow.kept < 0.34
    assert too_slow.late > 0.95
    assert too_slow.late_by_age < 0.1  # the control: nothing is old at the close


def test_a_desk_that_loses_nearly_half_is_late_on_nearly_all_days(losing, healthy):
    assert losing.lost > 0.4
    assert losing.late > 0.95
    assert losing.late_by_age < 0.02  # the control: who has left is not old
