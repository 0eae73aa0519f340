"""Alternatives as they are named by people: configs, variants of one, folders of runs, points of sweeps (R122)."""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from simsocial.config.locating import dotted
from simsocial.config.overrides import by_path, read_override, read_path
from simsocial.config.variants import Variants
from simsocial.errors import Fault, InputError
from simsocial.simulation.alternatives import Offered
from simsocial.study.recorded import Recorded
from simsocial.study.sweep.points import is_sweep, points_of_sweep

Changes = Mapping[str, Any]
"""Dotted paths → values."""

BETWEEN: Final = re.compile(r";\s*(?=[^\s=;]+\s*=)")
"""Stands between two changes of a variant."""


def choices(places: Sequence[str], *, vary: Sequence[str] = (), changes: Sequence[str] = ()) -> dict[str, Offered]:
    """Read alternatives.

    Parameters
    ----------
    places
        Config files; variants of them, such as ``desk.toml:teams.desk.headcount=2``, with ``;`` between several
        changes; folders of runs; sweeps, whose points are all alternatives, or some of them, such as
        ``sweeps/staffing#headcount=3``.
    vary
        Such as ``teams.desk.headcount=1,2,3``: every config with each of these values; of several, with each
        combination.
    changes
        ``path=value``, as after ``--set``, of every config.

    Returns
    -------
    dict
        By name: as given, or by what is varied.

    Raises
    ------
    InputError
        With all faults of all of them.
    """
    fixed, grid, alone = by_path(changes), list(_grid(vary)), len(places) == 1
    found: dict[str, Offered] = {}
    faults: dict[Fault, None] = {}
    for place in places:
        config, own = _parted(place)
        variants = Variants(Path(config))
        for varied in grid:
            name = _name(place, own, varied, alone=alone)
            try:
                read = _read(name, variants, {**fixed, **own, **varied}, alone=alone)
            except InputError as error:
                faults |= dict.fromkeys(_by_option(fault, varied) for fault in error.faults)
                continue
            if twice := found.keys() & read.keys():
                raise InputError(Fault("is given twice; give each alternative once", path=min(twice)))
            found |= read
    if faults:
        raise InputError(list(faults))
    return found


def _by_option(fault: Fault, varied: Changes) -> Fault:
    """Return a fault of what is varied with the option by which it was given."""
    given = any(fault.path == f"--set {path}" or fault.path.startswith(f"--set {path}.") for path in varied)
    return replace(fault, path=fault.path.replace("--set", "--vary", 1)) if given else fault


def _name(place: str, own: Changes, varied: Changes, *, alone: bool) -> str:
    """Name a variant of a place: as given, with what is varied, or by that alone where there is one place."""
    if not varied:
        return place
    if alone and not own:
        return _told(varied, short=True)
    return f"{place}{'; ' if own else ':'}{_told(varied, short=False)}"


def _parted(place: str) -> tuple[str, Changes]:
    """Part a config from its changes, at the colon before the first path."""
    config, _, written = place.partition(":")
    if "=" not in written or "#" in place or Path(place).exists():
        return place, {}
    return config, by_path(BETWEEN.split(written), given_by=place)


def _read(name: str, variants: Variants, changes: Changes, *, alone: bool) -> Mapping[str, Offered]:
    """Return an alternative, or those that a sweep holds, by name."""
    place = variants.file
    folder, _, point = str(place).partition("#")
    swept = is_sweep(Path(folder))
    if not swept and not place.is_dir():
        return {name: variants.scenario(changes)}
    if changes:
        fault = f"{place} has been run and is not run again; give its config"
        raise InputError(Fault(fault, path=next(iter(changes))))
    return _points(name, Path(folder), point, alone=alone) if swept else {name: Recorded.read(place)}


def _points(name: str, folder: Path, asked: str, *, alone: bool) -> Mapping[str, Offered]:
    """Return a point by the name given, or several by their values."""
    points = points_of_sweep(folder, asked)
    if len(points) == 1:
        return {name: points[0][1]}
    return {f"{'' if alone else f'{folder}#'}{_told(values, short=True)}": each for values, each in points}


def _grid(vary: Sequence[str]) -> Iterator[Changes]:
    """Yield every combination of what is varied; one without changes when nothing is."""
    factors = [_factor(text) for text in vary]
    for values in itertools.product(*(values for _, values in factors)):
        yield {path: value for (path, _), value in zip(factors, values, strict=True)}


def _factor(text: str) -> tuple[str, list[Any]]:
    """Read ``path=value,value,…``: TOML values, or else plain texts."""
    path, _, written = text.partition("=")
    try:
        name = dotted(read_path(path))
    except ValueError as error:
        raise InputError(Fault(str(error), path=f"--vary {text}")) from None
    try:
        values = tomllib.loads(f"values = [{written}]")["values"]
    except ValueError:
        values = [read_override(f"{path}={each}")[1] for each in written.split(",")]
    if not written.strip() or "" in values:
        fault = "write path=value,value,…, such as teams.desk.headcount=1,2,3"
        raise InputError(Fault(fault, path=f"--vary {text}"))
    return name, values


def _told(varied: Changes, *, short: bool) -> str:
    """Name what is varied: by the last of its keys where these say enough."""
    last = [read_path(path)[-1] for path in varied]
    names = last if short and len(set(last)) == len(last) else list(varied)
    return ", ".join(f"{name}={_spelled(value)}" for name, value in zip(names, varied.values(), strict=True))


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
