"""LC-01: a ramp in steps (R94) against Wright's learning curve, unit by unit."""

from __future__ import annotations

import math
from itertools import accumulate

import numpy as np
import pytest
from configs_in_short import resolved
from reference_cases import CASES, cases

import simsocial as ss
from simsocial.units import DAY, WEEK

pytestmark = pytest.mark.skipif(not CASES.exists(), reason=f"reference cases are not here: {CASES.name}")

UNITS = 100
PER_DAY = 10.0
"""Units of the case's time in a day: so few that the fastest of the units takes two dates or more."""


def by_hand(*, first: float, rate: float) -> list[float]:
    """Wright 1936: every doubling of the number multiplies the time of a unit by ``rate``."""
    return [first * n ** math.log2(rate) for n in range(1, UNITS + 1)]


def ramp(times: list[float]) -> str:
    """Write Wright's times as a ramp: a step from the date in which one unit ends and the next begins.

    What was begun before that date goes on at its own pace (R40), so no unit feels that steps begin at midnight.
    """
    begins = [0, *(math.floor(done / PER_DAY) for done in accumulate(times[:-1]))]
    paces = [f", pace = {time / times[-1]!r}" for time in times[:-1]] + [""]
    steps = [f'{{ after = "{after} days"{pace} }}' for after, pace in zip(begins, paces, strict=True)]
    return f'teams.desk.training.ramp = {{ shape = "steps", steps = [{", ".join(steps)}] }}'


def simulated(times: list[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how long each unit takes somebody new who has them all before him, in the case's unit."""
    world = resolved(
        f'time.horizon = "{math.ceil(sum(times) / PER_DAY / 7) + 1} weeks"',
        "teams.desk.headcount = 1\nteams.desk.tenure = [{ share = 1, length = 0 }]",
        ramp(times),
        f'streams.m.steps.respond.backlog = {{ count = {UNITS}, age = "1 min" }}',
        f'streams.m.steps.respond.work = "{times[-1] / PER_DAY!r} days"',
        'streams.m.arrivals.rate = "1 / year"',
    )
    assert world.horizon > sum(times) / PER_DAY * DAY > world.horizon - 3 * WEEK
    visits = ss.run(world, replications=1, log=True).visits().head(UNITS)
    return ((visits["end"] - visits["start"]) / np.timedelta64(1, "D")).to_numpy() * PER_DAY


def test_a_ramp_in_steps_is_wrights_curve() -> None:
    p, told = cases()["LC-01"]["parameters"], cases()["LC-01"]["metrics"]
    took = simulated(by_hand(first=p["first_unit"], rate=p["rate"]))
    assert {n: took[int(n) - 1] for n in told["unit"]} == pytest.approx(told["unit"], rel=1e-6)
    done = np.cumsum(took)
    assert {n: done[int(n) - 1] for n in told["cumulative"]} == pytest.approx(told["cumulative"], rel=1e-6)
    assert math.log(took[63] / took[0]) / math.log(64) == pytest.approx(told["b"], rel=1e-6)


def test_another_rate_of_learning_is_noticed() -> None:
    """Negative control: 81 % instead of 80 %."""
    p, told = cases()["LC-01"]["parameters"], cases()["LC-01"]["metrics"]
    took = simulated(by_hand(first=p["first_unit"], rate=p["rate"] + 0.01))
    assert took[0] == pytest.approx(told["unit"]["1"], rel=1e-6)
    assert all(abs(took[int(n) - 1] / value - 1) > 0.01 for n, value in told["unit"].items() if n != "1")
