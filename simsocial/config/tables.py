"""Tables of the vocabulary: their pydantic base, and how a value that may have several shapes picks its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, PlainValidator, ValidationError, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from simsocial.config.scalar import SOURCE_PATTERN, Scalar, faults_at, is_sourced, listing, read_source, read_word
from simsocial.config.suggestions import did_you_mean

T = TypeVar("T")

Several = Annotated[tuple[T, ...], Field(strict=False)]
"""A TOML list, held as a tuple: ``Several[Share]``."""

Source = Annotated[str, PlainValidator(read_source), WithJsonSchema({"type": "string", "pattern": SOURCE_PATTERN})]


class Table(BaseModel):
    """Base of every table of the vocabulary; its ``source`` speaks for all values in it that name none of their own."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        protected_namespaces=(),
    )

    source: Source | None = None


class Shorthand:
    """Let one value stand for a table: ``Annotated[Law, Shorthand("mean", Duration, law="deterministic")]``.

    Parameters
    ----------
    key
        Under which key of the table the value goes, in its long form too.
    of
        Type of the value, for the JSON Schema.
    also
        What else the table then holds.
    """

    def __init__(self, key: str, of: Any, **also: str) -> None:
        self.key, self.of, self.also = key, of, also

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        table = handler(source)
        written = core_schema.union_schema([handler.generate_schema(self.of), table])
        return core_schema.no_info_before_validator_function(self.expand, table, json_schema_input_schema=written)

    def expand(self, raw: Any) -> Any:
        """Return the table that ``raw`` is or stands for."""
        return raw if _kind_of(raw) == "table" else {self.key: raw, **self.also}


class ByKind:
    """Pick the member of a union by what is written: a table, a list, or one value.

    ``Annotated[Count | Precision, ByKind()]`` takes ``200`` and ``{ min = 50, max = 1000, … }``. The long form of a
    scalar counts as one value. At most one member of each kind.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices = {f"<{_kind_of_type(member)}>": handler.generate_schema(member) for member in get_args(source)}
        assert len(choices) == len(get_args(source)), "two members of one kind"
        wanted = " or ".join(f"one {tag[1:-1]}" if tag == "<value>" else f"a {tag[1:-1]}" for tag in choices)
        return core_schema.tagged_union_schema(
            choices,
            lambda raw: f"<{_kind_of(raw)}>",
            custom_error_type="fault",
            custom_error_message=f"write {wanted}",
        )


def _kind_of(raw: object) -> str:
    if isinstance(raw, Mapping | BaseModel) and not is_sourced(raw):
        return "table"
    return "list" if isinstance(raw, list | tuple) else "value"


def _kind_of_type(member: Any) -> str:
    bare = get_args(member)[0] if get_origin(member) is Annotated else member
    origin = get_origin(bare) or bare
    if any(isinstance(part, Scalar) for part in get_args(member)[1:]) or not isinstance(origin, type):
        return "value"
    if issubclass(origin, BaseModel | Mapping):
        return "table"
    return "list" if issubclass(origin, list | tuple) else "value"


class ByWord:
    """Pick the table of a union by the word under ``key``, which each member declares as a `Literal`.

    ``Annotated[Lognormal | Gamma, ByWord("law")]`` takes ``{ law = "gamma", … }``; ``default`` is the word to assume
    where none is written.
    """

    def __init__(self, key: str, default: str | None = None) -> None:
        self.key, self.default = key, default

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices: dict[str, CoreSchema] = {}
        for member in get_args(source):
            schema = handler.generate_schema(member)
            choices |= {f"<{word}>": schema for word in get_args(member.model_fields[self.key].annotation)}
        words = tuple(tag[1:-1] for tag in choices)
        union = core_schema.tagged_union_schema(choices, lambda raw: f"<{self._word(raw)}>")
        return core_schema.no_info_before_validator_function(lambda raw: self._checked(raw, words), union)

    def _word(self, raw: Any) -> Any:
        return raw[self.key] if isinstance(raw, Mapping) else getattr(raw, self.key)

    def _checked(self, raw: Any, words: tuple[str, ...]) -> Any:
        if isinstance(raw, BaseModel):
            return raw
        if not isinstance(raw, Mapping):
            raise ValueError(f"write a table with {self.key} = … (one of {listing(words)})")
        if self.key not in raw and self.default is None:
            raise faults_at(((self.key,), f"missing; write one of {listing(words)}"))
        try:
            word = Scalar(lambda written: read_word(written, words)).accept(raw.get(self.key, self.default))
        except ValidationError as error:
            raise faults_at(*(((self.key, *fault["loc"]), fault["msg"]) for fault in error.errors())) from None
        except ValueError as error:
            raise faults_at(((self.key,), str(error))) from None
        return {**raw, self.key: word}


class ByKey:
    """Pick the table of a union by which of the keys that name the members is written.

    ``Annotated[Rate | Replay, ByKey("rate", "replay")]`` takes ``{ rate = … }`` and ``{ replay = … }``; ``default`` is
    the key to ask for where none is written, and ``why`` says why keys of other members are out of place.
    """

    def __init__(self, *keys: str, default: str | None = None, why: str = "") -> None:
        self.keys, self.default, self.why = keys, default, why

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        members = dict(zip(self.keys, get_args(source), strict=True))
        choices = {f"<{key}>": handler.generate_schema(member) for key, member in members.items()}
        union = core_schema.tagged_union_schema(choices, lambda raw: f"<{self._given(raw)[0]}>")
        return core_schema.no_info_before_validator_function(lambda raw: self._checked(raw, members), union)

    def _given(self, raw: Any) -> list[str]:
        given = [key for key in self.keys if _has(raw, key)]
        return given or ([self.default] if self.default and isinstance(raw, Mapping) else [])

    def _checked(self, raw: Any, members: Mapping[str, type[BaseModel]]) -> Any:
        if isinstance(raw, BaseModel):
            return raw
        given, owners = self._given(raw), _owners(tuple(members.items()))
        if not given and isinstance(raw, Mapping) and (unknown := [key for key in raw if key not in owners]):
            raise faults_at(*(((key,), f"unknown key; {did_you_mean(str(key), owners)}") for key in unknown))
        if len(given) != 1:
            written = " and ".join(given) or "none of them"
            one = f"write a table with exactly one of {', '.join(self.keys)}"
            out = f"; take out {' or '.join(given)}" if given else ""
            raise ValueError(f"{one}{out} (got {written})")
        if isinstance(raw, Mapping) and (stray := [key for key in raw if given[0] not in owners.get(key, given)]):
            why = f": {self.why}" if self.why else ""
            goes = [
                ((key,), f"goes with {' and '.join(owners[key])}, not with {given[0]}; leave it out{why}")
                for key in stray
            ]
            raise faults_at(*goes)
        return raw


@lru_cache
def _owners(members: tuple[tuple[str, type[BaseModel]], ...]) -> Mapping[str, list[str]]:
    """Return which members, by their keys, have each field."""
    fields = {key: member.model_fields for key, member in members}
    return {field: [key for key in fields if field in fields[key]] for its in fields.values() for field in its}


def _has(raw: Any, key: str) -> bool:
    return key in raw if isinstance(raw, Mapping) else hasattr(raw, key)
