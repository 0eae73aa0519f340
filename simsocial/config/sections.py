"""A document in sections: of its variants only those are judged again that a change touches (R116)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

from simsocial.config.overrides import Path, read_path

Section = tuple[str, ...]
"""Keys down to a section: ``("time",)``, ``("teams", "desk")``."""

NAMED: Final = ("calendars", "streams", "teams", "outages", "adoption")
"""Tables whose tables are sections."""
PLAIN: Final = ("name", "time", "backlog", "run")
"""Keys that are sections themselves; the one that is left, `source`, speaks for values in all of them."""


@lru_cache(maxsize=64)
def sections_of(changes: tuple[str, ...]) -> Mapping[Section, Mapping[str, Path]] | None:
    """Return which section each change touches, with the keys of its path; ``None`` when they may touch each other.

    Parameters
    ----------
    changes
        Dotted paths.
    """
    found: dict[Section, dict[str, Path]] = {}
    for change in changes:
        try:
            path = read_path(change)
        except ValueError:
            return None
        section = path[: 2 if path[0] in NAMED else 1]
        speaks_for_others = path[0] not in PLAIN and len(section) < 2
        if speaks_for_others:
            return None
        found.setdefault(section, {})[change] = path
    nested = any(
        path[: len(other)] == other
        for paths in found.values()
        for change, path in paths.items()
        for its, other in paths.items()
        if its != change
    )
    return None if nested else found


def only(written: Mapping[str, Any], section: Section) -> dict[str, Any]:
    """Return a document that has one section of another, and what that says of the source of all its values."""
    kept = {key: written[key] for key in ("source", section[0]) if key in written}
    if len(section) == 2 and section[0] in kept:
        kept[section[0]] = {key: value for key, value in kept[section[0]].items() if key == section[1]}
    return kept


def within(document: Any, section: Section) -> Any:
    """Return a section of a document, as tables or as written; ``None`` where it has none."""
    for key in section:
        document = document.get(key) if isinstance(document, Mapping) else getattr(document, key, None)
    return document


def stitched(raw: Any, pattern: Any, paths: Sequence[Path]) -> Any:
    """Return what is written with the tables in it that no path touches as they were judged before.

    Parameters
    ----------
    raw
        As written.
    pattern
        The same place of a document that was judged, alike but for what the paths touch.
    paths
        Keys from here down to what may differ.
    """
    if () in paths or not isinstance(raw, Mapping) or not isinstance(pattern, BaseModel | Mapping):
        return raw
    judged = pattern if isinstance(pattern, Mapping) else by_key(pattern)
    return {
        key: stitched(value, judged.get(key), below)
        if (below := [path[1:] for path in paths if path[0] == key])
        else as_judged(value, judged.get(key))
        for key, value in raw.items()
    }


def as_judged(raw: Any, judged: Any) -> Any:
    """Return the tables that were made of something written; other values as written."""
    if isinstance(judged, BaseModel):
        return judged
    if isinstance(raw, Mapping) and isinstance(judged, Mapping):
        return {key: as_judged(value, judged.get(key)) for key, value in raw.items()}
    return raw


def by_key(table: BaseModel) -> dict[str, Any]:
    """Return what a table holds under the keys that a user writes."""
    return {field.alias or name: getattr(table, name) for name, field in type(table).model_fields.items()}
