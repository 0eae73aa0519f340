"""Pydantic's errors in our words: what is wrong; what would be right (got value)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from simsocial.config.locating import Locator, dotted
from simsocial.config.places import place_at
from simsocial.config.scalar import shown
from simsocial.config.suggestions import did_you_mean, nearest
from simsocial.errors import Fault

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Found:
    """One of pydantic's errors; ``path`` are the keys as the user wrote them."""

    path: Path
    detail: ErrorDetails

    @property
    def unknown(self) -> bool:
        """Whether the key is not of the vocabulary."""
        return self.detail["type"] == "extra_forbidden"


def found_in(error: ValidationError, raw: Mapping[str, Any]) -> list[Found]:
    """Return what ``error`` found in the document ``raw``."""
    return [Found(_written_path(detail["loc"], raw), detail) for detail in error.errors(include_url=False)]


def worded(error: ValidationError, model: type[BaseModel], raw: Mapping[str, Any], where: Locator) -> list[Fault]:
    """Return the faults that ``error`` found in the document ``raw``, in the order of its lines."""
    found = found_in(error, raw)
    misspelt = {_meant(each.path, model, raw) for each in found if each.unknown}
    return in_order(
        where.fault(dotted(each.path), _message(each, model, raw))
        for each in found
        if not (each.detail["type"] == "missing" and each.path in misspelt)
    )


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults file by file in the order of their lines, each once, those without a line last."""
    once = list(dict.fromkeys(faults))
    files = list(dict.fromkeys(fault.file for fault in once))
    return sorted(once, key=lambda fault: (fault.line is None, files.index(fault.file), fault.line or 0))


def _meant(path: Path, model: type[BaseModel], raw: Mapping[str, Any]) -> Path:
    return (*path[:-1], nearest(str(path[-1]), place_at(model, raw, path[:-1]).keys) or path[-1])


def _written_path(location: Sequence[str | int], raw: Any) -> Path:
    """Return the keys as the user wrote them, down to the value that is written there or to the key that is missing."""
    path: Path = ()
    for part in location:
        if isinstance(raw, Mapping):
            if part not in raw and str(part).startswith(("<", "[key]")):  # how a union or a table of names was read
                continue
            raw = raw.get(part, {})
        elif isinstance(raw, list) and isinstance(part, int):
            raw = raw[part]
        else:  # a shorthand: what it stands for is not written
            continue
        path = (*path, part)
    return path


def _message(found: Found, model: type[BaseModel], raw: Mapping[str, Any]) -> str:
    kind, path = found.detail["type"], found.path
    if kind == "value_error":
        return str(found.detail["ctx"]["error"])
    if kind == "fault":
        return found.detail["msg"]
    if kind == "missing":
        return f"missing; {place_at(model, raw, path).hint}"
    if found.unknown:
        return "unknown key; " + did_you_mean(str(path[-1]), place_at(model, raw, path[:-1]).keys)
    return _PLAIN.get(kind, _as_given(found.detail["msg"])) + f" (got {shown(found.detail['input'])})"


_PLAIN = {
    "model_type": "write a table",
    "model_attributes_type": "write a table",
    "dict_type": "write a table",
    "list_type": "write a list, in [ and ]",
    "tuple_type": "write a list, in [ and ]",
    "string_type": "write a text in quotes",
    "too_short": "the list is too short",
    "too_long": "the list is too long",
}


def _as_given(message: str) -> str:
    return message[:1].lower() + message[1:]
