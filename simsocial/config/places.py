"""What the vocabulary allows at a place of a document: which keys there are, and whether the user names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from simsocial.config.scalar import Choice, Scalar, plain


@dataclass(frozen=True)
class Place:
    """What may stand somewhere; ``kinds`` are bare types without unions and annotations."""

    kinds: tuple[Any, ...]

    @classmethod
    def of(cls, annotation: Any) -> Place:
        return cls(tuple(_bare(annotation)))

    @property
    def keys(self) -> frozenset[str]:
        """Keys that the vocabulary gives to a table here."""
        return frozenset(key for kind in self._tables() for key in _fields(kind))

    @property
    def named(self) -> bool:
        """Whether the user names the keys of a table here."""
        return any(get_origin(kind) is dict for kind in self.kinds)

    @property
    def table(self) -> bool:
        """Whether a table may stand here at all."""
        return self.named or bool(self._tables())

    def among(self, raw: Any) -> Place:
        """Return the place without the tables that the words written in ``raw`` rule out."""
        if not isinstance(raw, Mapping):
            return self
        kept = tuple(kind for kind in self.kinds if not _is_table(kind) or _words_fit(kind, raw))
        return Place(kept) if kept else self

    def below(self, key: str | int) -> Place:
        """Return the place under ``key``; it allows nothing when there is no such key."""
        return Place(tuple(bare for kind in self.kinds for found in _under(kind, key) for bare in _bare(found)))

    def _tables(self) -> list[type[BaseModel]]:
        return [kind for kind in self.kinds if _is_table(kind)]


def place_at(model: type[BaseModel], raw: Any, path: tuple[str | int, ...]) -> Place:
    """Return what may stand at ``path`` of the document ``raw``."""
    place = Place.of(model).among(raw)
    for key in path:
        raw = raw[key] if _holds(raw, key) else None
        place = place.below(key).among(raw)
    return place


def _holds(raw: Any, key: str | int) -> bool:
    if isinstance(raw, Mapping):
        return key in raw
    return isinstance(raw, list) and isinstance(key, int) and key < len(raw)


def _bare(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        bare, *notes = get_args(annotation)
        if not any(isinstance(note, Scalar | Choice) for note in notes):
            yield from _bare(bare)
    elif get_origin(annotation) in (dict, tuple, list):
        yield annotation
    elif get_args(annotation) and get_origin(annotation) is not Literal:
        for member in get_args(annotation):
            yield from _bare(member)
    elif annotation is not NoneType:
        yield annotation


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _fields(table: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field for name, field in table.model_fields.items()}


def _under(kind: Any, key: str | int) -> list[Any]:
    if _is_table(kind):
        field = _fields(kind).get(str(key))
        return [] if field is None else [Annotated[(field.annotation, *field.metadata, "field")]]
    args = get_args(kind)
    if get_origin(kind) is dict:
        return [args[1]]
    return [args[0]] if args and isinstance(key, int) else []


def _words_fit(table: type[BaseModel], raw: Mapping[str, Any]) -> bool:
    words = {key: get_args(f.annotation) for key, f in _fields(table).items() if get_origin(f.annotation) is Literal}
    return all(plain(raw[key]) in allowed for key, allowed in words.items() if key in raw)
