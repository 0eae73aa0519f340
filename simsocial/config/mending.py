"""A stand-in for a document with faults, so that the parts that do not touch them can be judged in the same pass."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from simsocial.config.locating import dotted
from simsocial.config.places import Place, place_at
from simsocial.config.suggestions import nearest
from simsocial.config.wording import Found, Path, found_in
from simsocial.errors import Fault

M = TypeVar("M", bound=BaseModel)

ROUNDS: Final = 4
"""How often what was mended may show new faults before we give up."""


def mended(document: Mapping[str, Any], model: type[M]) -> tuple[M, frozenset[str]] | None:
    """Return what the document would say without its faults, or ``None`` when that is anybody's guess.

    A wrong value that may be left out is left out; one that may not is replaced by some right one.

    Parameters
    ----------
    document
        As the user wrote it.
    model
        The vocabulary.

    Returns
    -------
    document, mended
        And the dotted paths at which it is not what the user wrote.
    """
    changed = copy.deepcopy(dict(document))
    touched: set[str] = set()
    for _ in range(ROUNDS):
        try:
            return model.model_validate(changed), frozenset(touched)
        except ValidationError as error:
            places = _mend_all(changed, model, found_in(error, changed))
        if places is None:
            return None
        touched |= {dotted(place) for place in places}
    return None


def _mend_all(document: dict[str, Any], model: type[BaseModel], faults: list[Found]) -> list[Path] | None:
    """Mend every fault, once where several lie in one value; ``None`` when there is no idea for one of them."""
    places: list[Path] = []
    for found in sorted(faults, key=lambda each: len(each.path)):
        if not any(found.path[: len(place)] == place for place in places):
            place = _mend(document, model, found)
            if place is None:
                return None
            places.append(place)
    return places


def untouched(faults: tuple[Fault, ...], touched: frozenset[str]) -> list[Fault]:
    """Return the faults of a stand-in that are the user's: those whose place neither holds nor lies in a mended one."""
    return [fault for fault in faults if not any(_holds(fault, path) for path in touched)]


def _holds(fault: Fault, path: str) -> bool:
    place = fault.path.removeprefix("--set ")
    return not path or f"{place}.".startswith(f"{path}.") or f"{path}.".startswith(f"{place}.")


def _mend(document: dict[str, Any], model: type[BaseModel], found: Found) -> Path | None:
    """Leave out or replace what was found; return where the document now says something else, ``None`` for no idea."""
    if found.path[:1] == ("streams",) and "split" in found.path:
        return None  # which streams and queues there are is anybody's guess
    path = next((found.path[:depth] for depth, key in enumerate(found.path) if isinstance(key, int)), found.path)
    if not path:
        return None
    table: Any = document
    for key in path[:-1]:
        table = table[key]
    place, key = place_at(model, document, path[:-1]), str(path[-1])
    if found.unknown and path == found.path:
        return _leave_out(table, key, path, place)
    if place.may_lack(key):
        table.pop(key, None)
        return path
    sample = place.below(key).sample if key in place.keys and path == found.path else None
    if sample is None:
        return None
    table[key] = sample
    return path


def _leave_out(table: dict[str, Any], key: str, path: Path, place: Place) -> Path | None:
    """Take out an unknown key; a table or a misspelt key may have been meant to change what its own table says."""
    value = table.pop(key)
    return path[:-1] if isinstance(value, Mapping) or nearest(key, place.keys) else path
