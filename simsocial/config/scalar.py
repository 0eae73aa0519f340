"""One value as a user writes it: bare, or `{ value = …, source = …, range = [low, high] }` (R58)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeGuard, TypeVar, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from simsocial.config.suggestions import nearest

T = TypeVar("T")

SOURCE_PATTERN: Final = r"^(measured|assumed|cited:.*\S.*)$"
LONGEST_SHOWN: Final = 60
"""Characters of a wrong value that a fault repeats."""
_PARTS: Final = ("value", "source", "range")


def shown(raw: object) -> str:
    """Write ``raw`` as the user would have written it in TOML, for "(got …)"."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return '"' + _cut(raw.replace('"', '\\"').replace("\n", "\\n")) + '"'
    if isinstance(raw, Mapping):
        return "a table"
    if isinstance(raw, list | tuple):
        return "a list"
    return _cut(str(raw))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def bare_number(raw: object) -> TypeGuard[int | float]:
    """Say whether ``raw`` is a number (``true`` is none)."""
    return isinstance(raw, int | float) and not isinstance(raw, bool)


def faults_at(*faults: tuple[tuple[str | int, ...], str]) -> ValidationError:
    """Return the error to raise in a validator when the faults lie at places below the value being validated.

    Parameters
    ----------
    faults
        (keys from the validated value down to the fault, message) of each.
    """
    details = [
        InitErrorDetails(type=PydanticCustomError("fault", "{text}", {"text": text}), loc=loc, input=None)
        for loc, text in faults
    ]
    return ValidationError.from_exception_data("faults", details)


def is_sourced(raw: object) -> bool:
    """Say whether ``raw`` is a scalar in its long form, a table of ``value``, ``source`` and ``range``."""
    return (
        isinstance(raw, Mapping)
        and "value" in raw
        and not isinstance(raw["value"], Mapping)
        and all(key in _PARTS for key in raw)
    )


def plain(raw: Any) -> Any:
    """Return the value itself when ``raw`` is a scalar in its long form, else ``raw``."""
    return raw["value"] if is_sourced(raw) else raw


def read_source(raw: object) -> str:
    """Read where a value comes from: ``measured``, ``assumed`` or ``cited:…``."""
    if isinstance(raw, str) and (raw in ("measured", "assumed") or (raw.startswith("cited:") and raw[6:].strip())):
        return raw
    raise ValueError(f'write a source as "measured", "assumed" or "cited:" and what is cited (got {shown(raw)})')


@dataclass(frozen=True, eq=False)
class Scalar(Generic[T]):
    """How a kind of value is read and written; put it in ``Annotated[T, Scalar(…)]``.

    Parameters
    ----------
    read
        From what TOML gives to the value; raises `ValueError` with a sentence.
    write
        Back to a plain TOML value that `read` takes to the same value.
    schema
        JSON Schema of the bare spelling, with a title.
    order
        Number by which two values compare, ``None`` for values that have no range.
    """

    read: Callable[[Any], T]
    write: Callable[[T], Any] = lambda value: value
    schema: Mapping[str, Any] = field(default_factory=dict)
    order: Callable[[T], float] | None = None

    @property
    def hint(self) -> str:
        """How to write it, such as 'write a length of time, such as "6 min"'."""
        examples = self._simplest.get("examples", [])
        return f"write {self.schema.get('title', 'a value')}" + (f", such as {shown(examples[0])}" if examples else "")

    @property
    def sample(self) -> Any:
        """Some spelling that `read` takes; ``None`` for texts that mean something only in their place."""
        default = {"number": 1, "integer": 1, "boolean": True}.get(self._simplest.get("type", ""))
        return next(iter(self._simplest.get("examples", [default])))

    @property
    def _simplest(self) -> Mapping[str, Any]:
        """Schema of the first way to spell it."""
        return next(iter(self.schema.get("anyOf", [self.schema])), {})

    def accept(self, raw: object) -> T:
        """Read the bare or the long form; faults of all parts are raised together."""
        if not isinstance(raw, Mapping):
            return self.read(raw)
        if not is_sourced(raw):
            raise ValueError("write one value, or { value = …, source = …, range = [low, high] } (got a table)")
        faults: list[tuple[tuple[str | int, ...], str]] = []
        value = _collected(self.read, raw["value"], (), faults)
        if "source" in raw:
            _collected(read_source, raw["source"], ("source",), faults)
        if "range" in raw:
            _collected(lambda ends: self._check_range(ends, value), raw["range"], ("range",), faults)
        if faults:
            raise faults_at(*faults)
        assert value is not None
        return value

    def _check_range(self, ends: Any, value: T | None) -> None:
        if self.order is None:
            raise ValueError("this value has no range; write only value and source")
        if not isinstance(ends, list | tuple) or len(ends) != 2:
            raise ValueError(f"write a range as [low, high] (got {shown(ends)})")
        low, high = (self.read(end) for end in ends)
        if value is not None and not self.order(low) <= self.order(value) <= self.order(high):
            raise ValueError(f"the value must lie in its range, low first (got [{shown(ends[0])}, {shown(ends[1])}])")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(self.write)
        return core_schema.no_info_plain_validator_function(self.accept, serialization=written)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return scalar_schema(dict(self.schema), ranged=self.order is not None)


def _collected(read: Callable[[Any], T], raw: object, loc: tuple[str | int, ...], faults: list[Any]) -> T | None:
    try:
        return read(raw)
    except ValueError as error:
        faults.append((loc, str(error)))
        return None


def scalar_schema(bare: dict[str, Any], *, ranged: bool) -> dict[str, Any]:
    """Return the JSON Schema of a value that may be bare or in its long form, under the title of the bare one."""
    title = {"title": bare.pop("title")} if "title" in bare else {}
    long: dict[str, Any] = {"value": bare, "source": {"type": "string", "pattern": SOURCE_PATTERN}}
    if ranged:
        long["range"] = {"type": "array", "items": bare, "minItems": 2, "maxItems": 2}
    table = {"type": "object", "properties": long, "required": ["value"], "additionalProperties": False}
    return {**title, "anyOf": [bare, table]}


class Choice:
    """One of the words of a `Literal`, bare or in its long form: ``Annotated[Literal["fifo", "due"], Choice()]``."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        words: tuple[str, ...] = get_args(source)
        reader = Scalar(lambda raw: read_word(raw, words))
        return core_schema.no_info_plain_validator_function(reader.accept, metadata={"words": words})

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return scalar_schema({"enum": list(schema["metadata"]["words"])}, ranged=False)


def listing(words: Sequence[str]) -> str:
    """Return the words as a user may copy them."""
    return ", ".join(map(shown, words))


def read_word(raw: object, words: Sequence[str]) -> str:
    """Read one of ``words``; the fault suggests the nearest."""
    if isinstance(raw, str) and raw in words:
        return raw
    near = nearest(raw, words) if isinstance(raw, str) else None
    listed = listing(words)
    if near is None:
        raise ValueError(f"write one of {listed} (got {shown(raw)})")
    raise ValueError(f"not one of {listed}; did you mean {shown(near)}? (got {shown(raw)})")
