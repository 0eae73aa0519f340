"""Reference cases of others as configs: exact and published values that a run through the public API must reproduce.

Times are scaled so that a mean service takes six minutes of simulated time; nothing else of a case is changed. Its
values come from ``cases.json`` in the reference folder beside the data, never from here.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from reference_samples import (
    Ratio,
    Sample,
    Target,
    beyond,
    count,
    in_system,
    one,
    queue_metrics,
    span,
    total,
    variance_of_wait,
)
from reference_training import limit, own_way
from reference_transients import day_trial, infinite_trial, transient_trial
from reference_trials import Runs, Trial, batches, exponential, hours, stream, team, time

DATA = Path(os.environ.get("SIMSOCIAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
CASES = DATA.parent / "reference" / "cases.json"
SERVICE_H = 0.1


@cache
def cases() -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads(CASES.read_text(encoding="utf-8"))["cases"]}


def _memory(load: float, servers: int, *, losses: bool) -> float:
    """Return the mean services in which a queue forgets: the relaxation time of M/M/c, half as long again for others.

    Morse, *Queues, Inventories and Maintenance* (1958): 1 / (c (1 - sqrt rho)^2). Those who leave shorten it.
    """
    return 3.0 if losses else 1.5 / (servers * (1 - math.sqrt(load / servers)) ** 2)


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
    service = load / rate
    unit_h = SERVICE_H / service
    memory = _memory(load, servers, losses=bool(classes[0].patience(1.0)))
    begin = (10 + 6 * memory) * service
    end = begin + max(messages / rate, 60 * memory * service)
    text = time(horizon_h=(begin + end) * unit_h)  # as long again as the warm-up, so that all counted have ended
    for number, each in enumerate(classes):
        text += stream(
            f"class_{number}", rate_h=each.rate / unit_h, work=each.work(unit_h), patience=each.patience(unit_h)
        )
    text += team("desk", servers=servers, serves=", ".join(f'"class_{n}.serve"' for n in range(len(classes))))
    return Trial(text, unit_h, tuple(targets), batches(begin=begin, end=end))


def _targets(case: Mapping[str, Any], *, servers: int, thresholds: Sequence[float] = ()) -> list[Target]:
    """Return all metrics of a case with one class; a name that is not known here is an error."""
    values = case["metrics"]
    metrics = queue_metrics(servers=servers, thresholds=thresholds)
    if "Wq_var" in values:
        metrics["Wq_var"] = _lognormal_variance(case["parameters"], values)
    queue = "class_0.serve"
    targets = [Target(name, queue, metrics[name], value) for name, value in values.items() if name != "Wq_q0.9"]
    return targets + ([_quantile(queue, values["Wq_q0.9"])] if "Wq_q0.9" in values else [])


def _lognormal_variance(p: Mapping[str, Any], values: Mapping[str, float]) -> Ratio:
    third = (p["mean"] * (1 + p["cv"] ** 2)) ** 3
    weight = p["arrival_rate"] / (3 * (1 - values["rho"]))
    return variance_of_wait(mean=values["Wq"], third=third, weight=weight)


def _quantile(queue: str, value: float) -> Target:
    """Compare a quantile by the share of waits beyond it, which has no bias; where nine in ten do not wait, itself."""
    if value == 0:
        return Target("Wq_q0.9", queue, (lambda s: float(np.quantile(s.wait, 0.9)), one), 0.0)
    return Target("share beyond Wq_q0.9", queue, (partial(beyond, x=value), count), 0.1)


def _exponential(mean: float) -> Callable[[float], str]:
    return lambda unit_h: exponential(mean * unit_h)


def _uniform(low: float, high: float) -> Callable[[float], str]:
    return lambda unit_h: f'{{ law = "uniform", low = {hours(low * unit_h)}, high = {hours(high * unit_h)} }}'


def _erlang(case: Mapping[str, Any], messages: float) -> Trial:
    p = case["parameters"]
    thresholds = p.get("thresholds", [p["sl_threshold"]] if "sl_threshold" in p else [])
    single = Class(p["arrival_rate"], 1 / p["service_rate"], _exponential(1 / p["service_rate"]), _patience(p))
    return queue_trial(case, [single], p["c"], _targets(case, servers=p["c"], thresholds=thresholds), messages)


def _patience(p: Mapping[str, Any]) -> Callable[[float], str]:
    if "abandonment_rate" in p:
        return _exponential(1 / p["abandonment_rate"])
    law = p.get("patience")
    if law is None:
        return lambda unit_h: ""
    if law["dist"] == "deterministic":
        return lambda unit_h: hours(law["value"] * unit_h)
    if law["dist"] == "uniform":
        return lambda unit_h: (
            f'{{ law = "uniform", low = {hours(law["low"] * unit_h)}, high = {hours(law["high"] * unit_h)} }}'
        )
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
        Target(f"{name}[{n}]", f"class_{n}.serve", queue_metrics(servers=p["c"])[name], value)
        for name, values in case["metrics"].items()
        for n, value in enumerate(values)
    ]
    return queue_trial(case, classes, p["c"], targets, messages)


def _general(case: Mapping[str, Any], messages: float) -> Trial:
    p = case["parameters"]
    mean, work = _service(case["model"], p)
    servers = p.get("c", 1)
    return queue_trial(case, [Class(p["arrival_rate"], mean, work)], servers, _targets(case, servers=servers), messages)


def _service(model: str, p: Mapping[str, Any]) -> tuple[float, Callable[[float], str]]:
    if "lognormal" in model:
        return p["mean"], lambda u: f'{{ law = "lognormal", mean = {hours(p["mean"] * u)}, cv = {p["cv"]} }}'
    if "triangular" in model:
        low, mode, high = p["low"], p["mode"], p["high"]
        text = '{{ law = "triangular", low = {}, mode = {}, high = {} }}'
        return (low + mode + high) / 3, lambda u: text.format(hours(low * u), hours(mode * u), hours(high * u))
    if "uniform" in model:
        return (p["low"] + p["high"]) / 2, _uniform(p["low"], p["high"])
    if model == "M/D/c":
        return p["service_time"], lambda u: hours(p["service_time"] * u)
    if model == "M/E2/c":
        return 1.0, lambda u: f'{{ law = "erlang", mean = {hours(u)}, stages = 2 }}'
    assert model == "M/H2/c"
    return 1.0, lambda u: f'{{ law = "hyperexponential", mean = {hours(u)}, cv = {math.sqrt(p["cv2"])!r} }}'


def _network(case: Mapping[str, Any], messages: float) -> Trial:
    """NET-02: front line, then review, 15 % of which return; rework waits in turn with the fresh."""
    p = case["parameters"]
    begin, rate = 40.0, p["external_rates"][0]
    end = begin + messages / rate
    front, review = (1 / rate for rate in p["service_rates"])
    text = time(horizon_h=end + begin)
    text += f"""
[streams.items]
route = ["front", "review"]
arrivals = {{ rate = "{rate} / h" }}
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
    text += team("desk", servers=p["servers"][0], serves='["items.front.rework", "items.front"]')
    text += team("principals", servers=p["servers"][1], serves='"items.review"')
    return Trial(text, 1.0, tuple(_network_targets(case)), batches(begin=begin, end=end))


def _network_targets(case: Mapping[str, Any]) -> Iterator[Target]:
    def fresh(s: Sample) -> float:
        return float(np.sum(s.fresh[s.inside]))

    p, given = case["parameters"], case["metrics"]
    external = p["external_rates"][0]
    queues = ("items.front", "items.review")
    for queue, station, servers, visits in zip(queues, given["stations"], p["servers"], given["visits"], strict=True):
        metrics = queue_metrics(servers=servers)
        for name, value in station.items():
            yield Target(f"{name} {queue}", queue, metrics[name], value)
        yield Target(f"visits {queue}", queue, (count, lambda s: external * s.span), visits)
    yield Target("L_total", "items", (in_system, span), given["L_total"])
    yield Target("W_total", "items", (total, fresh), given["W_total"])


BUILDERS: dict[str, Callable[[Mapping[str, Any], float], Runs]] = {
    "EC": _erlang, "EA": _erlang, "GP": _erlang, "PR": _priority, "MG1": _general, "MDC": _general, "MPHC": _general,
    "NET": _network, "TV": transient_trial, "PUB": day_trial, "TRAIN": limit,
}  # fmt: skip

IDS = (
    [f"EC-{n}" for n in ("01", "02", "03", "05", "06", "07", "08", "09", "11", "12")]
    + [f"EA-{n}" for n in ("01", "02", "03", "05", "06", "08", "09")]
    + [f"GP-{n}" for n in ("01", "02", "06", "07")]
    + [f"PR-{n}" for n in ("01", "02", "03", "09")]
    + [f"MG1-{n}" for n in ("01", "02", "06", "07")]
    + [f"MDC-{n}" for n in ("01", "02", "03")]
    + [f"MPHC-{n}" for n in ("01", "02", "04", "05")]
    + ["NET-02", "TV-02", "TV-05", "TV-09", "PUB-MMC", "PUB-MMCAb", "TRAIN-01", "TRAIN-01 finished", "TRAIN-01 kept"]
)


def case_of(name: str) -> dict[str, Any]:
    """Return the case of a trial: what follows its id says in which of our ways it is run."""
    return cases()[name.split()[0]]


def trial(name: str, messages: float) -> Runs:
    """Return the case ``name`` with about ``messages`` counted messages in a replication of a stationary case."""
    special = {
        "TV-09": infinite_trial,
        "TRAIN-01 finished": partial(own_way, suspend=False),
        "TRAIN-01 kept": partial(own_way, suspend=True),
    }
    builder = special.get(name) or BUILDERS[name.split("-")[0]]
    return builder(case_of(name), messages)
