"""Reference cases of others as configs: exact and published values that a run through the public API must reproduce.

Times are scaled so that a mean service takes six minutes of simulated time; nothing else of a case is changed. Its
values come from ``cases.json`` in the reference folder beside the data, never from here.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
DATA = Path(os.environ.get("SIMSOCIAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
CASES = DATA.parent / "reference" / "cases.json"
HOUR_MS = 3_600_000
SERVICE_H = 0.1


@cache
def cases() -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads(CASES.read_text(encoding="utf-8"))["cases"]}


# ---- what is computed from a replication -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """The visits to one queue in one replication, in the case's unit of time; what never happened is infinite."""

    joined: Floats
    start: Floats
    end: Floats
    lost: npt.NDArray[np.bool_]
    warmup: float
    horizon: float

    @property
    def counted(self) -> Sample:
        """Those that joined after the warm-up, and a quarter of it before the horizon: nearly all have begun."""
        keep = (self.joined >= self.warmup) & (self.joined < self.horizon - self.warmup / 4)
        keep &= np.isfinite(np.where(self.lost, self.end, self.start))
        return replace(self, joined=self.joined[keep], start=self.start[keep], end=self.end[keep], lost=self.lost[keep])

    @property
    def wait(self) -> Floats:
        return np.where(self.lost, self.end, self.start) - self.joined

    @property
    def served(self) -> npt.NDArray[np.bool_]:
        return ~self.lost


Metric = Callable[[Sample], float]


def wait_metrics(thresholds: Sequence[float] = ()) -> dict[str, Metric]:
    """Return the metrics of waiting by their names in the cases."""
    metrics: dict[str, Metric] = {
        "P_wait": lambda s: np.mean(s.wait > 0),
        "Wq": lambda s: np.mean(s.wait),
        "Wq_served": lambda s: np.mean(s.wait[s.served]),
        "W": lambda s: np.mean(s.end[np.isfinite(s.end)] - s.joined[np.isfinite(s.end)]),
        "P_abandon": lambda s: np.mean(s.lost),
        "P_abandon_given_wait": lambda s: np.sum(s.lost) / np.sum(s.wait > 0),
        "Wq_q0.9": lambda s: np.quantile(s.wait, 0.9),
        "Wq_var": lambda s: np.var(s.wait),
    }
    for x in thresholds:
        name = f"{x:.6g}"
        metrics |= {
            f"SL_{name}": partial(_within, x=x),
            f"P_wait_gt_{name}": lambda s, x=x: np.mean(s.wait > x),
            f"P_abandon_within_{name}": lambda s, x=x: np.mean(s.lost & (s.wait <= x)),
            f"SL_served_or_late_{name}": lambda s, x=x: _within(s, x=x) / np.mean(s.served | (s.wait > x)),
        }
    return metrics


def _within(sample: Sample, *, x: float) -> float:
    return float(np.mean(sample.served & (sample.wait <= x)))


def _in_system(sample: Sample, *, t: float) -> float:
    return float(np.sum((sample.joined <= t) & (sample.end > t)))


def _in_queue(sample: Sample, *, t: float) -> float:
    return float(np.sum((sample.joined <= t) & (np.where(sample.lost, sample.end, sample.start) > t)))


def _busy(sample: Sample, *, t: float) -> float:
    return float(np.sum(sample.served & (sample.start <= t) & (sample.end > t)))


def instant_metrics(t: float, servers: int | None = None) -> dict[str, Metric]:
    """Return the metrics of a transient case at the instant ``t``."""
    metrics = {"mean_in_system": partial(_in_system, t=t), "mean_queue": partial(_in_queue, t=t)}
    if servers is not None:
        metrics["P_all_busy"] = lambda s: float(_busy(s, t=t) == servers)
    return metrics | {"mean_busy": partial(_busy, t=t)}


# ---- a case as a config ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """A value to be reproduced: which metric of which queue, its value and the standard error of that value.

    With ``over``, the value is a ratio of the two metrics' means.
    """

    name: str
    queue: str
    metric: Metric
    value: float
    se: float = 0.0
    over: Metric = lambda sample: 1.0


@dataclass(frozen=True)
class Trial:
    """A case as a config whose every replication is one sample.

    Parameters
    ----------
    config
        TOML text.
    unit_h
        Hours of simulated time in one unit of the case.
    targets
        What to compute.
    whole
        Whether every visit counts (a terminating case) or only those after the warm-up.
    """

    config: str
    unit_h: float
    targets: tuple[Target, ...]
    whole: bool = False


def hours(value: float) -> str:
    """Return a duration of ``value`` hours as a config writes it, with all its digits."""
    return f'"{value * HOUR_MS:.9f} ms"'


def exponential(mean_h: float) -> str:
    return f'{{ law = "exponential", mean = {hours(mean_h)} }}'


def _time(*, horizon_h: float, warmup_h: float) -> str:
    warmup = f"warmup = {hours(warmup_h)}\n" if warmup_h else ""
    start = 'name = "reference case"\n[time]\nstart = 2026-01-05\ninterval = "1 day"\n'
    return f"{start}horizon = {hours(horizon_h)}\n{warmup}"


def _stream(name: str, *, rate_h: float, work: str, patience: str = "", more: str = "") -> str:
    return f"""
[streams.{name}]
route = ["serve"]
{f"patience = {patience}" if patience else ""}
arrivals = {{ rate = "{rate_h:.12f} / h"{more} }}
steps.serve = {{ work = {work} }}
"""


def _team(name: str, *, servers: int, serves: str) -> str:
    return f"""
[teams.{name}]
headcount = {servers}
serves = [{serves}]
[teams.{name}.shifts.always]
days = "Mon-Sun"
hours = "00:00-24:00"
share = 1.0
"""


def _relaxation(load: float, servers: int, *, losses: bool) -> float:
    """Return a warm-up in mean services: long against the time in which the empty start is forgotten."""
    rho = load / servers
    return 100.0 if losses or rho >= 1 else 100 + 20 / (servers * (1 - rho) ** 2)


@dataclass(frozen=True)
class Class:
    """A class of arrivals: rate per unit, mean service, and its laws as a config writes them for a unit in hours."""

    rate: float
    mean: float
    work: Callable[[float], str]
    patience: Callable[[float], str] = lambda unit_h: ""


def queue_trial(
    case: Mapping[str, Any], classes: Sequence[Class], servers: int, targets: Sequence[Target], messages: float
) -> Trial:
    """Return a stationary case with one pool of servers; earlier classes go first."""
    load = sum(each.rate * each.mean for each in classes)
    rate = sum(each.rate for each in classes)
    unit_h = SERVICE_H * rate / load
    warmup_h = SERVICE_H * _relaxation(load, servers, losses=bool(classes[0].patience(1.0)))
    horizon_h = warmup_h * 1.25 + messages / rate * unit_h
    text = _time(horizon_h=horizon_h, warmup_h=warmup_h)
    for number, each in enumerate(classes):
        text += _stream(
            f"class_{number}", rate_h=each.rate / unit_h, work=each.work(unit_h), patience=each.patience(unit_h)
        )
    text += _team("desk", servers=servers, serves=", ".join(f'"class_{n}.serve"' for n in range(len(classes))))
    return Trial(text, unit_h, tuple(targets))


def _named(case: Mapping[str, Any], metrics: Mapping[str, Metric], *, queue: str = "class_0.serve") -> list[Target]:
    values = case["metrics"]
    return [Target(name, queue, metric, values[name]) for name, metric in metrics.items() if values.get(name)]


def _exponential(mean: float) -> Callable[[float], str]:
    return lambda unit_h: exponential(mean * unit_h)


def _erlang(case: Mapping[str, Any], messages: float) -> Trial:
    p = case["parameters"]
    thresholds = p.get("thresholds", [p["sl_threshold"]] if "sl_threshold" in p else [])
    metrics = wait_metrics(thresholds)
    if "sl_threshold" in p:
        metrics["SL"] = partial(_within, x=p["sl_threshold"])
    patience = _patience(p)
    single = Class(p["arrival_rate"], 1 / p["service_rate"], _exponential(1 / p["service_rate"]), patience)
    return queue_trial(case, [single], p["c"], _named(case, metrics), messages)


def _patience(p: Mapping[str, Any]) -> Callable[[float], str]:
    if "abandonment_rate" in p:
        return _exponential(1 / p["abandonment_rate"])
    law = p.get("patience")
    if law is None:
        return lambda unit_h: ""
    if law["dist"] == "deterministic":
        return lambda unit_h: hours(law["value"] * unit_h)
    if law["dist"] == "uniform":
        return lambda unit_h: f'{{ law = "uniform", low = {hours(law["low"])}, high = {hours(law["high"] * unit_h)} }}'
    assert law["dist"] == "balk then exponential"
    rest, zero = law["mean_of_rest"], law["p_zero"]
    return lambda unit_h: f'{{ law = "exponential", mean = {hours(rest * unit_h)}, zero_share = {zero} }}'


def _priority(case: Mapping[str, Any], messages: float) -> Trial:
    p = case["parameters"]
    if "service" in p:  # PR-09: an exponential and a deterministic class
        works = [(1.0, _exponential(1.0)), (2.0, lambda unit_h: hours(2 * unit_h))]
    else:
        works = [(1 / p["service_rate"], _exponential(1 / p["service_rate"]))] * len(p["arrival_rates"])
    classes = [Class(rate, mean, work) for rate, (mean, work) in zip(p["arrival_rates"], works, strict=True)]
    targets = [
        Target(f"Wq[{n}]", f"class_{n}.serve", wait_metrics()["Wq"], value)
        for n, value in enumerate(case["metrics"]["Wq"])
    ]
    return queue_trial(case, classes, p["c"], targets, messages)


def _general(case: Mapping[str, Any], messages: float) -> Trial:
    p = case["parameters"]
    mean, work = _service(case["model"], p)
    return queue_trial(
        case, [Class(p["arrival_rate"], mean, work)], p.get("c", 1), _named(case, wait_metrics()), messages
    )


def _service(model: str, p: Mapping[str, Any]) -> tuple[float, Callable[[float], str]]:
    if "lognormal" in model:
        return p["mean"], lambda u: f'{{ law = "lognormal", mean = {hours(p["mean"] * u)}, cv = {p["cv"]} }}'
    if "triangular" in model:
        low, mode, high = p["low"], p["mode"], p["high"]
        text = '{{ law = "triangular", low = {}, mode = {}, high = {} }}'
        return (low + mode + high) / 3, lambda u: text.format(hours(low * u), hours(mode * u), hours(high * u))
    if "uniform" in model:
        low, high = p["low"], p["high"]
        return (low + high) / 2, lambda u: f'{{ law = "uniform", low = {hours(low * u)}, high = {hours(high * u)} }}'
    if model == "M/D/c":
        return p["service_time"], lambda u: hours(p["service_time"] * u)
    if model == "M/E2/c":
        return 1.0, lambda u: f'{{ law = "erlang", mean = {hours(u)}, stages = 2 }}'
    assert model == "M/H2/c"
    return 1.0, lambda u: f'{{ law = "hyperexponential", mean = {hours(u)}, cv = {math.sqrt(p["cv2"])!r} }}'


def _network(case: Mapping[str, Any], messages: float) -> Trial:
    """NET-02: front line, then review, 15 % of which return; rework waits in turn with the fresh."""
    p = case["parameters"]
    unit_h, warmup_h = 1.0, 20.0
    front, review = (1 / rate for rate in p["service_rates"])
    text = _time(horizon_h=warmup_h * 1.25 + messages / p["external_rates"][0], warmup_h=warmup_h)
    text += f"""
[streams.items]
route = ["front", "review"]
arrivals = {{ rate = "{p["external_rates"][0]} / h" }}
[streams.items.steps.front]
work = {exponential(front)}
[streams.items.steps.review]
when = "before publication"
work = {exponential(review)}
reject = {p["routing"][1][0]}
returns_to = "front"
rework = {exponential(front)}
max_rounds = 32
"""
    text += _team("desk", servers=p["servers"][0], serves='["items.front.rework", "items.front"]')
    text += _team("principals", servers=p["servers"][1], serves='"items.review"')
    targets: list[Target] = []
    for station, queue in zip(case["metrics"]["stations"], ("items.front+", "items.review"), strict=True):
        metrics = wait_metrics()
        targets += [Target(f"{name} {queue}", queue, metrics[name], station[name]) for name in ("P_wait", "Wq")]
    return Trial(text, unit_h, tuple(targets))


def _transient(case: Mapping[str, Any], _: float) -> Trial:
    """TV-02, TV-05: a changing or overloaded pool from empty; every replication is one path."""
    p, rows = case["parameters"], case["metrics"]["rows"]
    rate, profile = (33, "") if case["id"] == "TV-05" else (60, f", profile = {_sine_day(0.5)}")
    text = _time(horizon_h=max(row["t"] for row in rows) + 1, warmup_h=0)
    patience = exponential(1 / p["abandonment_rate"]) if p["abandonment_rate"] else ""
    text += _stream("class_0", rate_h=rate, work=exponential(1 / p["service_rate"]), patience=patience, more=profile)
    text += _team("desk", servers=p["staff"], serves='"class_0.serve"')
    targets = [
        Target(f"{name} at {row['t']}", "class_0.serve", metric, row[name])
        for row in rows
        for name, metric in instant_metrics(row["t"], p["staff"]).items()
        if row[name] > 0.1 and (name != "P_all_busy" or row[name] < 0.9)  # the rest needs very many paths
    ]
    return Trial(text, 1.0, tuple(targets), whole=True)


def _sine_day(amplitude: float, steps: int = 240) -> str:
    """Return weekly weights 1 + amplitude × sin(2πt/24 h), constant on steps of 6 min, each the mean over its step."""
    angle = 2 * np.pi * np.arange(steps + 1) / steps
    day = 1 + amplitude * (np.cos(angle[:-1]) - np.cos(angle[1:])) / np.diff(angle)
    return "[" + ", ".join(f"{weight:.9f}" for weight in np.tile(day, 7)) + "]"


def _infinite(case: Mapping[str, Any], _: float) -> Trial:
    """TV-09: nobody is waited for. One unit is 12/(2π)·... hours, so that the sine's period 4π units is a day."""
    unit_h = 24 / (4 * math.pi)
    values = {float(t): value for t, value in case["metrics"]["mean"].items()}
    text = _time(horizon_h=31 * unit_h, warmup_h=0)
    text += _stream("class_0", rate_h=100 / unit_h, work=exponential(unit_h), more=f", profile = {_sine_day(0.5)}")
    text = text.replace("steps.serve = { ", 'steps.serve = { served_by = "nobody", ')
    targets = [Target(f"mean at {t}", "class_0.serve", partial(_in_system, t=t), value) for t, value in values.items()]
    return Trial(text, unit_h, tuple(targets), whole=True)


def _day(case: Mapping[str, Any], _: float) -> Trial:
    """PUB-MMC, PUB-MMCAb: eight hours of arrivals from empty, everybody served after closing; a unit is a minute."""
    p = case["parameters"]
    first_shift = "[1" + ", 0" * 20 + "]"  # arrivals only in the first eight hours of the week
    text = _time(horizon_h=12, warmup_h=0)
    patience = exponential(1 / p["abandonment_rate_per_min"] / 60) if "abandonment_rate_per_min" in p else ""
    per_hour = p["arrival_rate_per_min"] * p["day_min"] / 168
    work = exponential(1 / p["service_rate_per_min"] / 60)
    text += _stream("class_0", rate_h=per_hour, work=work, patience=patience, more=f", profile = {first_shift}")
    text += _team("desk", servers=p["servers"], serves='"class_0.serve"')
    x, servers, day = p["acceptable_wait_min"], p["servers"], float(p["day_min"])

    def busy(s: Sample) -> float:
        return float(np.sum((np.minimum(s.end, day) - np.minimum(s.start, day))[s.served])) / (servers * day)

    one, in_target = (lambda s: 1.0), (lambda s: float(np.sum(s.served & (s.wait < x))))
    served, lost = (lambda s: float(np.sum(s.served))), (lambda s: float(np.sum(s.lost)))
    metrics: dict[str, tuple[Metric, Metric]] = {
        "in_target_per_day": (in_target, one),
        "abandoned_per_day": (lost, one),
        "mean_wait_served_min": (lambda s: float(np.sum(s.wait[s.served])), served),
        "SL_served_lt_20s": (in_target, served),
        "SL_served_or_late": (in_target, lambda s: float(np.sum(s.served | (s.wait >= x)))),
        "occupancy": (busy, one),
    }
    given = case["metrics"]
    targets = [
        Target(name, "class_0.serve", metric, given[name]["value"], given[name]["se"], over)
        for name, (metric, over) in metrics.items()
        if name in given
    ]
    return Trial(text, 1 / 60, tuple(targets), whole=True)


BUILDERS: dict[str, Callable[[Mapping[str, Any], float], Trial]] = {
    "EC": _erlang, "EA": _erlang, "GP": _erlang, "PR": _priority, "MG1": _general, "MDC": _general, "MPHC": _general,
    "NET": _network, "TV": _transient, "PUB": _day,
}  # fmt: skip

IDS = (
    [f"EC-{n}" for n in ("01", "02", "03", "05", "06", "07", "08", "09", "11", "12")]
    + [f"EA-{n}" for n in ("01", "02", "03", "05", "06", "08", "09")]
    + [f"GP-{n}" for n in ("01", "02", "06", "07")]
    + [f"PR-{n}" for n in ("01", "02", "03", "09")]
    + [f"MG1-{n}" for n in ("01", "02", "06", "07")]
    + [f"MDC-{n}" for n in ("01", "02", "03")]
    + [f"MPHC-{n}" for n in ("01", "02", "04", "05")]
    + ["NET-02", "TV-02", "TV-05", "TV-09", "PUB-MMC", "PUB-MMCAb"]
)


def trial(name: str, messages: float) -> Trial:
    """Return the case ``name`` with about ``messages`` counted messages in a replication of a stationary case."""
    builder = _infinite if name == "TV-09" else BUILDERS[name.split("-")[0]]
    return builder(cases()[name], messages)


# ---- running it ------------------------------------------------------------------------------------------------------


def values(trial: Trial, folder: Path, *, replications: int, seed: int) -> Iterator[Floats]:
    """Run a trial through the public API; yield shape (2, targets) per replication: metrics, and what they are over."""
    import simsocial as ss

    file = folder / "case.toml"
    file.write_text(trial.config, encoding="utf-8")
    scenario = ss.load(file)
    unit = trial.unit_h * HOUR_MS
    visits = ss.run(scenario, replications=replications, seed=seed, engine="simpy", log=True).visits()
    zero = np.datetime64(scenario.start, "ms")
    names = visits["stream"].astype(str) + "." + visits["step"].astype(str)
    ticks = {name: _units(visits[name], zero, unit) for name in ("joined", "start", "end")}
    lost = visits["outcome"].isin(["abandoned", "expired"]).to_numpy()
    replication = visits["replication"].to_numpy()
    for k in range(replications):
        row = []
        for target in trial.targets:
            keep = (replication == k) & (names == target.queue.rstrip("+")).to_numpy()
            sample = Sample(*(ticks[name][keep] for name in ("joined", "start", "end")), lost[keep],
                            scenario.warmup / unit, scenario.horizon / unit)  # fmt: skip
            sample = sample if trial.whole else sample.counted
            row.append((target.metric(sample), target.over(sample)))
        yield np.array(row, dtype=float).T


def _units(column: Any, zero: np.datetime64, unit: float) -> Floats:
    stamps = column.to_numpy().astype("datetime64[ms]")
    ticks = (stamps - zero).astype(np.int64) / unit
    return np.where(np.isnat(stamps), np.inf, ticks)
