"""A trial: a case as a config, run through the public API and looked at through windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from reference_samples import Floats, Sample, Target

HOUR_MS = 3_600_000
BATCHES = 20
TOGETHER = 200
"""Replications that are simulated at once."""


@dataclass(frozen=True)
class Trial:
    """A case as a config.

    Parameters
    ----------
    config
        TOML text.
    unit_h
        Hours of simulated time in one unit of the case.
    targets
        What to measure.
    windows
        Each stretch of a replication, in units, that is one sample: all of a terminating case; of a stationary one,
        batches after the warm-up, each long against the time in which the queue forgets.
    """

    config: str
    unit_h: float
    targets: tuple[Target, ...]
    windows: tuple[tuple[float, float], ...]

    def quicker(self, factor: float) -> Trial:
        """Return the trial with all its work multiplied by ``factor``: a neighbour whose values are others."""
        steps = sorted({".steps.".join(each.queue.split(".")) for each in self.targets if "." in each.queue})
        more = [f"[streams.{step}.factors.other]\nfrom = 2026-01-05\nwork = {factor}\n" for step in steps]
        return replace(self, config=self.config + "\n".join(more))

    def rows(self, folder: Path, *, numbers: range, seed: int) -> Iterator[Floats]:
        """Yield shape (2, targets) for every window of each replication."""
        import simsocial as ss

        file = folder / "case.toml"
        file.write_text(self.config, encoding="utf-8")
        scenario = ss.load(file)
        found: list[Floats] = []

        def look(replication: Any, _planned: int) -> None:
            found.extend(seen(self, replication.trace.visits(), self.unit_h * HOUR_MS))

        for together in batched(numbers, TOGETHER):
            ss.run(scenario, replications=len(together), first=together[0], seed=seed, progress=look)
            yield from found
            found.clear()


def batches(*, begin: float, end: float) -> tuple[tuple[float, float], ...]:
    edges = np.linspace(begin, end, BATCHES + 1)
    return tuple(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def hours(value: float) -> str:
    """Return a duration of ``value`` hours as a config writes it, with all its digits."""
    return f'"{value * HOUR_MS:.9f} ms"'


def exponential(mean_h: float) -> str:
    return f'{{ law = "exponential", mean = {hours(mean_h)} }}'


def time(*, horizon_h: float) -> str:
    start = 'name = "reference case"\n[time]\nstart = 2026-01-05\ninterval = "1 day"\n'
    return f"{start}horizon = {hours(horizon_h)}\n"


def stream(name: str, *, rate_h: float, work: str, patience: str = "", profile: str = "", nobody: bool = False) -> str:
    return f"""
[streams.{name}]
route = ["serve"]
{f"patience = {patience}" if patience else ""}
arrivals = {{ rate = "{rate_h:.12f} / h"{f", profile = {profile}" if profile else ""} }}
[streams.{name}.steps.serve]
work = {work}
{'served_by = "nobody"' if nobody else ""}
"""


def team(name: str, *, servers: int, serves: str) -> str:
    return f"""
[teams.{name}]
headcount = {servers}
serves = [{serves}]
[teams.{name}.shifts.always]
days = "Mon-Sun"
hours = "00:00-24:00"
share = 1.0
"""


def sine_day(amplitude: float, steps: int = 240) -> str:
    """Return weekly weights 1 + amplitude × sin(2πt/24 h), constant on steps of 6 min, each the mean over its step."""
    angle = 2 * np.pi * np.arange(steps + 1) / steps
    day = 1 + amplitude * (np.cos(angle[:-1]) - np.cos(angle[1:])) / np.diff(angle)
    return "[" + ", ".join(f"{weight:.9f}" for weight in np.tile(day, 7)) + "]"


class Runs(Protocol):
    """A trial, whatever runs it."""

    @property
    def targets(self) -> tuple[Target, ...]: ...
    @property
    def windows(self) -> tuple[tuple[float, float], ...]: ...
    def quicker(self, factor: float) -> Runs: ...
    def rows(self, folder: Path, *, numbers: range, seed: int) -> Iterator[Floats]: ...


def samples(trial: Runs, folder: Path, *, numbers: range, seed: int) -> Iterator[Floats]:
    """Run a trial through the public API; yield shape (2, targets) for every window of each replication."""
    return trial.rows(folder, numbers=numbers, seed=seed)


def seen(trial: Runs, visits: Any, unit: float) -> Iterator[Floats]:
    """Yield the windows of a replication whose instants have so many ticks in a ``unit``."""
    queues = {name: _queue(visits, name, unit) for name in dict.fromkeys(target.queue for target in trial.targets)}
    for window in trial.windows:
        through = {name: replace(queue, window=window) for name, queue in queues.items()}
        rows = [[metric(through[target.queue]) for metric in target.ratio] for target in trial.targets]
        yield np.array(rows, dtype=float).T


def batched(numbers: range, size: int) -> Iterator[range]:
    """Cut numbers that follow each other into batches."""
    return (numbers[begin : begin + size] for begin in range(0, len(numbers), size))


def _queue(visits: Any, name: str, unit: float) -> Sample:
    stream, _, step = name.partition(".")
    keep = visits["stream"] == stream
    kept = visits[keep & (visits["step"] == step) if step else keep]
    joined, start, end = (kept[column].to_numpy(float, na_value=np.inf) / unit for column in ("joined", "start", "end"))
    lost = kept["outcome"].isin(["abandoned", "expired"]).to_numpy()
    fresh = ~kept.duplicated(["stream", "message"]).to_numpy()
    return Sample(joined, np.where(lost, end, start), end, lost, fresh, window=(0.0, np.inf))
