"""What the vocabulary allows at a place of a document: which keys there are, and whether the user names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from simsocial.config.scalar import Scalar, listing, plain
from simsocial.config.tables import Shorthand


@dataclass(frozen=True)
class Place:
    """What may stand somewhere.

    Parameters
    ----------
    kinds
        What it can be: tables, named tables, lists, words (`Literal`) and other values (their `Scalar`).
    shorthand
        How one value stands for a table here, ``None`` where it does not.
    """

    kinds: tuple[Any, ...]
    shorthand: Shorthand | None = None

    @classmethod
    def of(cls, annotation: Any) -> Place:
        return cls(tuple(_bare(annotation)), next(_shorthands(annotation), None))

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

    @property
    def hint(self) -> str:
        """How to write what may stand here."""
        first = Place.of(self.shorthand.of).kinds[0] if self.shorthand else self.kinds[0]
        if isinstance(first, Scalar):
            return first.hint
        if get_origin(first) is Literal:
            return f"write one of {listing(get_args(first))}"
        return "write a list" if get_origin(first) in (tuple, list) else "write a table"

    @property
    def sample(self) -> Any:
        """Some value that may stand here; ``None`` for tables, lists and names."""
        first = Place.of(self.shorthand.of).kinds[0] if self.shorthand else self.kinds[0]
        if isinstance(first, Scalar):
            return first.sample
        return get_args(first)[0] if get_origin(first) is Literal else None

    def may_lack(self, key: str) -> bool:
        """Say whether a table here is complete without ``key``."""
        fields = [field for kind in self._tables() if (field := _fields(kind).get(key))]
        return bool(fields) and not any(field.is_required() for field in fields)

    def unwritten(self, key: str) -> dict[str, Any]:
        """Return the table that is meant under ``key`` where none is written, empty if none is."""
        defaults = [_fields(kind)[key].default for kind in self._tables() if key in _fields(kind)]
        tables = [default for default in defaults if isinstance(default, BaseModel)]
        return tables[0].model_dump(mode="json", by_alias=True, exclude_none=True) if tables else {}

    def among(self, raw: Any) -> Place:
        """Return the place without the tables that the words written in ``raw`` rule out."""
        if not isinstance(raw, Mapping):
            return self
        kept = tuple(kind for kind in self.kinds if not _is_table(kind) or _words_fit(kind, raw))
        return replace(self, kinds=kept) if kept else self

    def below(self, key: str | int) -> Place:
        """Return the place under ``key``; it allows nothing when there is no such key."""
        places = [Place.of(annotation) for kind in self.kinds for annotation in _under(kind, key)]
        kinds = tuple(kind for place in places for kind in place.kinds)
        return Place(kinds, next((place.shorthand for place in places if place.shorthand), None))

    def _tables(self) -> list[type[BaseModel]]:
        return [kind for kind in self.kinds if _is_table(kind)]


def place_at(model: type[BaseModel], raw: Any, path: tuple[str | int, ...]) -> Place:
    """Return what may stand at ``path`` of the document ``raw``."""
    place = Place.of(model).among(raw)
    for key in path:
        raw = raw[key] if _holds(raw, key) else None
        place = place.below(key).among(raw)
    return place


def expanded(raw: Any, place: Place) -> Any:
    """Return a valid document with every shorthand in it written as the table that it stands for."""
    if place.shorthand:
        raw = place.shorthand.expand(raw)
    if isinstance(raw, Mapping):
        return {key: expanded(value, place.below(key)) for key, value in raw.items()}
    return [expanded(item, place.below(0)) for item in raw] if isinstance(raw, list) else raw


def _holds(raw: Any, key: str | int) -> bool:
    if isinstance(raw, Mapping):
        return key in raw
    return isinstance(raw, list) and isinstance(key, int) and key < len(raw)


def _bare(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        bare, *notes = get_args(annotation)
        scalars = [note for note in notes if isinstance(note, Scalar)]
        yield from scalars or _bare(bare)
    elif get_origin(annotation) in (dict, tuple, list, Literal):
        yield annotation
    elif get_args(annotation):
        for member in get_args(annotation):
            yield from _bare(member)
    elif annotation is not NoneType:
        yield annotation


def _shorthands(annotation: Any) -> Iterator[Shorthand]:
    for part in get_args(annotation):
        if isinstance(part, Shorthand):
            yield part
        elif get_origin(annotation) is not dict:
            yield from _shorthands(part)


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


@cache
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
    return all(plain(raw[key]) in allowed for key, allowed in _words(table).items() if key in raw)


@cache
def _words(table: type[BaseModel]) -> dict[str, tuple[Any, ...]]:
    """Return the words that a table allows, by the keys under which it takes no others."""
    return {key: get_args(f.annotation) for key, f in _fields(table).items() if get_origin(f.annotation) is Literal}
