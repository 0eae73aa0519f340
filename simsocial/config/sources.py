"""Where the values of a document come from: the stated sources and ranges by dotted path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simsocial.config.locating import dotted
from simsocial.config.scalar import is_sourced

Path = tuple[str | int, ...]
Stated = tuple[Path, str | None, tuple[Any, Any] | None]


def sources_and_ranges(
    document: Mapping[str, Any], overridden: frozenset[str] = frozenset()
) -> tuple[dict[str, str], dict[str, tuple[Any, Any]]]:
    """Return the sources and ranges that a valid document states.

    Parameters
    ----------
    document
        With its shorthands expanded, otherwise as the user wrote it. A table's ``source`` speaks for every value in it
        and below that names none of its own.
    overridden
        Dotted paths given on the command line, for which a table's source does not speak.

    Returns
    -------
    sources, ranges
        Dotted path → source; dotted path → (low, high) as written.
    """
    stated = [(dotted(path), source, limits) for path, source, limits in _stated(document, (), None, overridden)]
    sources = {path: source for path, source, _ in stated if source is not None}
    return sources, {path: limits for path, _, limits in stated if limits is not None}


def with_long_forms(config: Any, written: Any) -> Any:
    """Return a normalised config in which the values that were written in their long form are so again.

    Parameters
    ----------
    config
        Plain tables, texts and numbers.
    written
        The same document with its shorthands expanded, otherwise as the user wrote it.
    """
    if isinstance(config, Mapping):
        below = written if isinstance(written, Mapping) else {}
        return {key: with_long_forms(value, below.get(key)) for key, value in config.items()}
    if is_sourced(written):
        return {**written, "value": config}
    if isinstance(config, list) and isinstance(written, list) and len(config) == len(written):
        return [with_long_forms(*pair) for pair in zip(config, written, strict=True)]
    return config


def _stated(raw: Any, path: Path, inherited: str | None, overridden: frozenset[str]) -> Iterator[Stated]:
    if overridden and dotted(path) in overridden:
        inherited = None
    if is_sourced(raw):
        limits = raw.get("range")
        yield path, raw.get("source", inherited), None if limits is None else (limits[0], limits[1])
    elif isinstance(raw, Mapping):
        own = raw["source"] if isinstance(raw.get("source"), str) else inherited
        for key, below in raw.items():
            if not (key == "source" and below is own):
                yield from _stated(below, (*path, key), own, overridden)
    else:
        yield path, inherited, None
