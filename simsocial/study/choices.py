"""Alternatives as they are named by people: configs, variants of a config, and folders of runs (R122)."""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from simsocial.config.locating import dotted
from simsocial.config.overrides import read_override, read_path
from simsocial.config.variants import Variants
from simsocial.errors import Fault, InputError
from simsocial.simulation.alternatives import Offered
from simsocial.study.recorded import Recorded

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
        changes; folders of runs.
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
    fixed, grid = _of_texts(changes, "--set"), list(_grid(vary))
    found: dict[str, Offered] = {}
    faults: dict[Fault, None] = {}
    for place in places:
        for name, file, variant in _variants(place, grid, alone=len(places) == 1):
            if name in found:
                raise InputError(Fault("is given twice; give each alternative once", path=name))
            try:
                found[name] = _read(file, {**fixed, **variant})
            except InputError as error:
                faults |= dict.fromkeys(error.faults)
    if faults:
        raise InputError(list(faults))
    return found


def _variants(place: str, grid: Sequence[Changes], *, alone: bool) -> Iterator[tuple[str, Path, Changes]]:
    """Yield name, file and changes of every variant of one place."""
    config, written = (place, "") if Path(place).exists() else _parted(place)
    own = _of_texts(BETWEEN.split(written), place) if written else {}
    for varied in grid:
        about = _told(varied, short=alone and not own)
        name = about if alone and not own else f"{place}{'; ' if own else ':'}{about}"
        yield name if about else place, Path(config), {**own, **varied}


def _parted(place: str) -> tuple[str, str]:
    """Part a config from its changes, at the colon before the first path."""
    config, _, written = place.partition(":")
    return (config, written) if "=" in written else (place, "")


def _read(place: Path, changes: Changes) -> Offered:
    if not place.is_dir():
        return Variants(place).scenario(changes)
    if changes:
        fault = f"{place} is the folder of a run and is not run again; give its config"
        raise InputError(Fault(fault, path=next(iter(changes))))
    return Recorded.read(place)


def _of_texts(texts: Sequence[str], given_by: str) -> dict[str, Any]:
    try:
        return {dotted(path): value for path, value in map(read_override, texts)}
    except ValueError as error:
        raise InputError(Fault(str(error), path=given_by)) from None


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
    return "; ".join(f"{name}={_spelled(value)}" for name, value in zip(names, varied.values(), strict=True))


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
