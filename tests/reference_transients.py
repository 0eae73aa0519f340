"""Reference cases that begin empty: every replication is one path, which theory knows at some instants."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from reference_samples import (
    Metric,
    Ratio,
    Target,
    busy,
    instant_metrics,
    lost,
    one,
    served,
    served_or_late,
    within,
)
from reference_trials import Trial, exponential, sine_day, stream, team, time

Case = Mapping[str, Any]
RATES = {"TV-02": (60, 0.5), "TV-05": (33, 0.0)}
"""Arrivals an hour, and their relative swing over the day: the cases say so in words."""
RARE = 0.2


def transient_trial(case: Case, _: float) -> Trial:
    """TV-02, TV-05: a changing or overloaded pool from empty; every replication is one path."""
    p, rows = case["parameters"], case["metrics"]["rows"]
    rate, swing = RATES[case["id"]]
    horizon = max(row["t"] for row in rows) + 1.0
    patience = exponential(1 / p["abandonment_rate"]) if p["abandonment_rate"] else ""
    work = exponential(1 / p["service_rate"])
    text = time(horizon_h=horizon)
    text += stream("class_0", rate_h=rate, work=work, patience=patience, profile=sine_day(swing))
    text += team("desk", servers=p["staff"], serves='"class_0.serve"')
    spread = moments(
        lambda t: rate * (1 + swing * math.sin(2 * math.pi * t / 24)),
        servers=p["staff"],
        service=p["service_rate"],
        leaving=p["abandonment_rate"],
        times=[row["t"] for row in rows],
    )
    targets = [
        Target(
            f"{name} at {row['t']}", "class_0.serve", metrics[name], value, sd=sds[name][1],
            rare=value < RARE,
        )
        for row, sds, metrics in zip(rows, spread, (instant_metrics(r["t"], p["staff"]) for r in rows), strict=True)
        for name, value in row.items() if name != "t"
    ]  # fmt: skip
    return Trial(text, 1.0, tuple(targets), ((0.0, horizon),))


def infinite_trial(case: Case, _: float) -> Trial:
    """TV-09: nobody is waited for, so that the number is Poisson. A unit is such that the sine's period is a day."""
    unit_h = 24 / (4 * math.pi)
    horizon = 31.0
    text = time(horizon_h=horizon * unit_h)
    text += stream(
        "class_0", rate_h=100 / unit_h, work=exponential(unit_h), profile=sine_day(0.5), nobody=True
    )  # fmt: skip
    targets = [
        Target(
            f"mean at {t}", "class_0.serve", instant_metrics(float(t), 0)["mean_in_system"], value, sd=math.sqrt(value)
        )
        for t, value in case["metrics"]["mean"].items()
    ]
    return Trial(text, unit_h, tuple(targets), ((0.0, horizon),))


def day_trial(case: Case, _: float) -> Trial:
    """PUB-MMC, PUB-MMCAb: eight hours of arrivals from empty, everybody served after closing; a unit is a minute."""
    p, given = case["parameters"], case["metrics"]
    first_shift = "[1" + ", 0" * 20 + "]"  # arrivals only in the first eight hours of the week
    patience = exponential(1 / p["abandonment_rate_per_min"] / 60) if "abandonment_rate_per_min" in p else ""
    per_hour = p["arrival_rate_per_min"] * p["day_min"] / 168
    work = exponential(1 / p["service_rate_per_min"] / 60)
    text = time(horizon_h=12)
    text += stream("class_0", rate_h=per_hour, work=work, patience=patience, profile=first_shift)
    text += team("desk", servers=p["servers"], serves='"class_0.serve"')
    in_target: Metric = partial(within, x=p["acceptable_wait_min"])
    metrics: dict[str, Ratio] = {
        "in_target_per_day": (in_target, one),
        "abandoned_per_day": (lost, one),
        "mean_wait_served_min": (lambda s: np.sum(s.wait[~s.gone]), served),
        "SL_served_lt_20s": (in_target, served),
        "SL_served_or_late": (in_target, partial(served_or_late, x=p["acceptable_wait_min"])),
        "occupancy": (busy, lambda s: p["servers"] * s.span),
    }
    targets = [Target(name, "class_0.serve", metrics[name], is_["value"], is_["se"]) for name, is_ in given.items()]
    return Trial(text, 1 / 60, tuple(targets), ((0.0, float(p["day_min"])),))


def moments(
    rate: Callable[[float], float], *, servers: int, service: float, leaving: float, times: Sequence[float]
) -> list[dict[str, tuple[float, float]]]:
    """Return mean and standard deviation of each metric at each of ``times``, from empty.

    Parameters
    ----------
    rate
        Of arrivals, by time.
    service, leaving
        Rates of one server, and of one who waits.
    """
    from scipy.integrate import solve_ivp

    number = np.arange(501)  # so many in the system are as good as impossible in these cases
    at_work = np.minimum(number, servers)
    death = service * at_work + leaving * (number - at_work)

    def change(t: float, p: np.ndarray) -> np.ndarray:
        up, down = rate(t) * p, death * p
        up[-1] = 0
        return np.append(down[1:], 0) - down + np.append(0, up[:-1]) - up

    start = np.eye(1, len(number))[0]
    paths = solve_ivp(change, (0, max(times)), start, "LSODA", times, rtol=1e-7, atol=1e-10).y.T
    metrics = {
        "mean_in_system": number,
        "mean_queue": number - at_work,
        "P_all_busy": at_work == servers,
        "mean_busy": at_work,
    }
    return [{name: (p @ x, np.sqrt(p @ (x - p @ x) ** 2)) for name, x in metrics.items()} for p in paths]
