"""Where the values of a document come from: the stated sources and ranges by dotted path (R58)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simsocial.config.locating import dotted
from simsocial.config.scalar import is_sourced

Path = tuple[str | int, ...]
Stated = tuple[Path, str | None, tuple[Any, Any] | None]


def sources_and_ranges(document: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, tuple[Any, Any]]]:
    """Return the sources and ranges that a valid document states.

    Parameters
    ----------
    document
        With its shorthands expanded, otherwise as the user wrote it. A table's ``source`` speaks for every bare value
        in it and below; a value in its long form speaks for itself.

    Returns
    -------
    sources, ranges
        Dotted path → source; dotted path → (low, high) as written.
    """
    stated = [(dotted(path), source, limits) for path, source, limits in _stated(document, (), None)]
    sources = {path: source for path, source, _ in stated if source is not None}
    return sources, {path: limits for path, _, limits in stated if limits is not None}


def _stated(raw: Any, path: Path, inherited: str | None) -> Iterator[Stated]:
    if is_sourced(raw):
        limits = raw.get("range")
        yield path, raw.get("source"), None if limits is None else (limits[0], limits[1])
    elif isinstance(raw, Mapping):
        own = own_source(raw)
        for key, below in raw.items():
            if key != "source" or own is None:
                yield from _stated(below, (*path, key), own or inherited)
    elif raw != []:
        yield path, inherited, None


def own_source(table: Mapping[str, Any]) -> str | None:
    """Return the source that a table states for its values, if it states one (a table may also be named so)."""
    source = table.get("source")
    return source if isinstance(source, str) else None


def with_long_forms(config: Any, written: Any, *, spoken_for: bool = False) -> Any:
    """Return a normalised config in which every value has the source that it was written with, and no other.

    Parameters
    ----------
    config
        Plain tables, texts and numbers.
    written
        The same document with its shorthands expanded, otherwise as the user wrote it.
    spoken_for
        Whether a table around it states a source, which must not speak for values that were filled in.
    """
    if isinstance(config, Mapping):
        items = written if isinstance(written, Mapping) else {}
        own = own_source(config)
        said = {"source": own} if own else {}
        spoken_for = spoken_for or own is not None
        return said | {
            key: with_long_forms(value, items.get(key), spoken_for=spoken_for)
            for key, value in config.items()
            if key not in said
        }
    if is_sourced(written):
        return {**written, "value": config}
    if isinstance(config, list):
        below = written if isinstance(written, list) and len(written) == len(config) else config
        return [with_long_forms(*pair) for pair in zip(config, below, strict=True)]
    return {"value": config} if spoken_for and written is None else config
