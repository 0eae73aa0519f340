"""The file of open items: who waits where at the start, and since when (R89)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.config.backlog import OpenItems
from simsocial.config.csv_files import CsvFile
from simsocial.config.csv_instants import Clock
from simsocial.config.document import Document
from simsocial.config.resolve.size import fits
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.config.scalar import shown
from simsocial.config.suggestions import did_you_mean
from simsocial.errors import Fault, InputError
from simsocial.model.desk import Route
from simsocial.model.streams import Part

Ticks = npt.NDArray[np.int64]

OPTIONAL = ("step", "age", "since", "count")
"""Columns that may be missing."""


@dataclass(frozen=True, eq=False)
class Listed:
    """Open items of a stream that wait for the same step.

    Parameters
    ----------
    stream, step
        Name, and index in its route.
    age
        Shape (items,), ticks, at least 1.
    number
        Shape (items,), of each among the listed that wait for this step, in all parts of a split stream.
    row
        Shape (items,), in ``file``, for faults.
    shared
        Whether the file names the whole of a split stream (R90).
    file
        That lists them.
    """

    stream: str
    step: int
    age: Ticks
    number: Ticks
    row: Ticks
    shared: bool
    file: CsvFile


def read_open_items(
    document: Document, routes: Sequence[Route], parts: Mapping[str, Part], *, world: World, spot: Spot
) -> list[Listed]:
    """Read the file of open items that a document names, if it names one; note what is wrong with it.

    Parameters
    ----------
    document, routes, parts
        As resolved, with a stream for each part of a split one.
    world, spot
        Time and files; the place of the file's name.
    """
    if document.backlog is None or not all(route.steps for route in routes):
        return []
    try:
        file = _read(document.backlog, world, spot)
        places = _places(file, routes, parts)
        age, count = _ages(file, world.clock(document.backlog), world), _counts(file, spot)
    except InputError as error:
        spot.pass_on(error)
        return []
    if count is None:
        return []
    file.notes.append(f"open items: {count.sum():,}")
    return _grouped(file, places, age, count, parts)


def _read(written: OpenItems, world: World, spot: Spot) -> CsvFile:
    """Read the file, with its columns under the keys of the config."""
    wanted, also = {written.stream: "stream"}, {getattr(written, key): key for key in OPTIONAL}
    file = world.read(written.file, wanted, spot, optional=also, decimal=written.decimal)
    return file.called(wanted | also)


def _grouped(
    file: CsvFile, places: list[tuple[str, int]], age: Ticks, count: Ticks, parts: Mapping[str, Part]
) -> list[Listed]:
    """Return the items by stream and step; those of the whole of a split stream once for each of its parts."""
    rows: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for row, place in enumerate(places):
        rows[place].append(row)
    used: defaultdict[tuple[str, int], int] = defaultdict(int)
    found: list[Listed] = []
    for (name, step), its in rows.items():
        whole = parts[name].of if name in parts else name
        each = np.repeat(its, count[its])
        number = used[whole, step] + np.arange(len(each))
        used[whole, step] += len(each)
        sharing = [part for part, split in parts.items() if split.of == name]
        for stream in sharing or [name]:
            found.append(Listed(stream, step, age[each], number, each, bool(sharing), file))
    return found


def _places(file: CsvFile, routes: Sequence[Route], parts: Mapping[str, Part]) -> list[tuple[str, int]]:
    """Return stream and step of each row; a row without a step means the first of the route."""
    steps = {route.stream: [step.name for step in route.steps] for route in routes}
    steps |= {part.of: steps[name] for name, part in parts.items()}
    streams = [name.strip() for name in file.columns["stream"]]
    unknown = [(row, name) for row, name in enumerate(streams) if name not in steps]
    file.refuse("stream", [(row, f"there is no stream '{name}'; {did_you_mean(name, steps)}") for row, name in unknown])
    places = [(name, step or steps[name][0]) for name, step in zip(streams, _steps(file), strict=True)]
    wrong = [(row, *place) for row, place in enumerate(places) if place[1] not in steps[place[0]]]
    file.refuse("step", [(row, _no_step(step, stream, steps[stream])) for row, stream, step in wrong])
    return [(stream, steps[stream].index(step)) for stream, step in places]


def _no_step(step: str, stream: str, known: list[str]) -> str:
    return f"there is no step '{step}' in {stream}; {did_you_mean(step, known)}"


def _steps(file: CsvFile) -> list[str]:
    return [name.strip() for name in file.columns.get("step", [""] * len(file.lines))]


def _ages(file: CsvFile, clock: Clock, world: World) -> Ticks:
    """Return the age of each row's items, ticks, at least 1; what comes after the start is refused."""
    given = [name for name in ("age", "since") if name in file.columns]
    if len(given) != 1:
        written = "both" if given else "neither"
        raise InputError(Fault(f"write one column that says how old an item is, age or since (got {written})",
                               file=file.path))  # fmt: skip
    if given == ["age"]:
        age = file.durations("age", "an age with its unit, such as 26 h or 3 days")
        wrong = [(row, "write an age of 0 or more") for row in np.flatnonzero(age < 0).tolist()]
    else:
        age = -world.span.ticks(file.instants("since", ascending=False, clock=clock))
        wrong = _future(age, world) if world.timed else []
    (column,) = given
    file.refuse(column, [(row, f"{said} (got {shown(file.columns[column][row])})") for row, said in wrong])
    return np.maximum(age, 1)


def _future(age: Ticks, world: World) -> list[tuple[int, str]]:
    """Return the rows of items from after the start; the list was probably made at the next full hour."""
    listed = world.span.when(-int(age.min(initial=0)))
    full = listed.replace(minute=0, second=0, microsecond=0)
    made = full if full == listed else full + dt.timedelta(hours=1)
    how = f"begin when the list was made, such as time.start = {made:%Y-%m-%dT%H:%M:%S}"
    said = f"lies after the start of the run, {world.span.start:%Y-%m-%d %H:%M}; {how}"
    return [(row, said) for row in np.flatnonzero(age < 0).tolist()]


def _counts(file: CsvFile, spot: Spot) -> Ticks | None:
    """Return how many items each row is; ``None`` when they do not fit in memory."""
    if "count" not in file.columns:
        return np.ones(len(file.lines), np.int64)
    count = file.numbers("count", low=1, whole=True)
    return count.astype(np.int64) if fits("messages", float(count.sum()), "list fewer items", spot) else None
