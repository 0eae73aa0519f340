"""Values given on the command line, `--set dotted.path=value`, put into the document before it is judged (R59)."""

from __future__ import annotations

import copy
import json
import os
import pathlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from simsocial.config.locating import dotted
from simsocial.config.places import Place, place_at
from simsocial.config.scalar import is_sourced
from simsocial.config.sources import own_source
from simsocial.config.suggestions import did_you_mean
from simsocial.errors import Fault, InputError

Path = tuple[str, ...]
Overrides = Mapping[str, Any] | Sequence[str]

_PART: Final = r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[^\s."\'=]+'
_PATH: Final = re.compile(rf"\s*((?:{_PART})(?:\.(?:{_PART}))*)\s*")


def backlog_change(config: pathlib.Path, file: pathlib.Path) -> str:
    """Return the change by which a config begins with the open items of a file, found from where we are (R89)."""
    return f"backlog.file={json.dumps(os.path.relpath(file, config.parent), ensure_ascii=False)}"


def override(
    document: Mapping[str, Any], model: type[BaseModel], overrides: Overrides
) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the document with the overrides in it, the later ones winning.

    Parameters
    ----------
    document
        As the user wrote it; not changed.
    model
        The vocabulary, which says which keys there are.
    overrides
        Texts ``path=value``, or dotted paths → values.

    Returns
    -------
    document, overridden
        And the dotted paths that did not stand in the document's file, or no longer as they stood there.

    Raises
    ------
    InputError
        With a fault for each override that names no place of the vocabulary; with one for a text in place of a list.
    """
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    overridden: set[str] = set()
    faults: list[Fault] = []
    if isinstance(overrides, str):
        raise InputError(Fault(f"write a list (got a text): [{json.dumps(overrides)}]", "overrides"))
    for given in _pairs(overrides):
        try:
            path, value = read_override(given) if isinstance(given, str) else (read_path(given[0]), given[1])
            overridden.add(dotted(_put(changed, model, path, value)))
        except ValueError as error:
            name = given if isinstance(given, str) else given[0]
            faults.append(Fault(str(error), f"--set {name.partition('=')[0].strip()}"))
    if faults:
        raise InputError(faults)
    return changed, frozenset(overridden)


def _pairs(overrides: Overrides) -> list[str | tuple[str, Any]]:
    return list(overrides.items()) if isinstance(overrides, Mapping) else list(overrides)


def read_override(text: str) -> tuple[Path, Any]:
    """Read ``path=value``; the value is TOML, or else plain text, so that ``mean=7 min`` needs no quotes."""
    match = _PATH.match(text)
    if match is None or not text.startswith("=", match.end()):
        raise ValueError("write path=value, such as teams.desk.headcount=4")
    return read_path(match[1]), read_value(text[match.end() + 1 :].strip())


def read_value(written: str) -> Any:
    """Read a value as TOML, or else as plain text, so that ``7 min`` needs no quotes."""
    try:
        read = tomllib.loads(f"value = {written}")
    except (ValueError, RecursionError):  # the latter of what is nested very deeply
        return written
    return read["value"] if len(read) == 1 else written


def read_path(text: str) -> Path:
    """Read a dotted path; names with dots are quoted, items of a list counted from 0."""
    match = _PATH.fullmatch(text)
    if match is None:
        raise ValueError("write a dotted path, such as teams.desk.headcount")
    return tuple(_unquoted(part) for part in re.findall(_PART, match[1]))


def _unquoted(part: str) -> str:
    if part[0] == '"':
        return str(json.loads(part))
    return part[1:-1] if part[0] == "'" else part


def _put(document: dict[str, Any], model: type[BaseModel], path: Path, value: Any) -> Path:
    """Set the value; return the shortest path that is new by it."""
    node: Any = document
    new = path
    sources = {own_source(document)}
    for depth, key in enumerate(path[:-1], start=1):
        at = _key(node, key)
        if isinstance(at, str) and at not in node:
            place = place_at(model, document, path[: depth - 1])
            _require(place, node, at, fresh=False)
            node[at] = place.unwritten(at)
            new = min(new, path[:depth], key=len)
        node[at] = _entered(node[at], path, depth, place_at(model, document, path[:depth]))
        node = node[at]
        sources |= {own_source(node)} if isinstance(node, dict) and not is_sourced(node) else {None}
    at = _key(node, path[-1])
    if isinstance(at, str) and at not in node:
        place = place_at(model, document, path[:-1])
        whole = isinstance(value, Mapping) or (place.named and place.below(at).shorthand is not None)
        _require(place, node, at, fresh=whole)
    speaks_for_itself = is_sourced(node) or isinstance(value, Mapping | list) or at == "source" or sources == {None}
    node[at] = value if speaks_for_itself else {"value": value}
    return new


def _entered(node: Any, path: Path, depth: int, place: Place) -> Any:
    """Return what stands at the first ``depth`` keys of a path as something that the path can go into."""
    long = is_sourced(node)
    if isinstance(node, dict | list) and not (long and path[depth] not in node):
        return node
    if place.shorthand:
        return place.shorthand.expand(node)
    whole = dotted(path[:depth])
    raise ValueError(f"{whole} is written as one value; set that, or a whole table: {whole}={{ … }}")


def _key(node: Any, key: str) -> str | int:
    if not isinstance(node, list):
        return key
    if not key.isdigit() or int(key) >= len(node):
        raise ValueError(f"no item {key}; the list has {len(node)}, counted from 0")
    return int(key)


def _require(place: Place, node: Mapping[str, Any], key: str, *, fresh: bool) -> None:
    """Refuse a key unknown to the vocabulary, or a name unknown to the document unless all of it is ``fresh``."""
    if key in place.keys:
        return
    if not place.named:
        raise ValueError(f"no such key '{key}'; {did_you_mean(key, place.keys)}")
    if not fresh and place.below(key).table:
        raise ValueError(f"no such table '{key}'; {did_you_mean(key, node)}")


def by_path(overrides: Overrides, *, given_by: str = "--set") -> dict[str, Any]:
    """Return overrides, the later ones winning, as dotted path → value.

    Raises
    ------
    InputError
        When a text is not ``path=value``; ``given_by`` is the option that gave it.
    """
    if isinstance(overrides, Mapping):
        return {dotted(read_path(path)): value for path, value in overrides.items()}
    try:
        return {dotted(path): value for path, value in map(read_override, overrides)}
    except ValueError as error:
        raise InputError(Fault(str(error), path=given_by)) from None
