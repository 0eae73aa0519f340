"""The JSON Schema against the loader: both judge the same spellings, configs and invalid files."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import create_model
from spellings import ACCEPTED, REFUSED

from simsocial.config.document import Document
from simsocial.config.scalar import shown
from simsocial.config.schema import json_schema, schema_text
from simsocial.config.tables import Table

ROOT = Path(__file__).parents[1]
CONFIGS = sorted((ROOT / "configs").glob("*.toml"))
INVALID = sorted((ROOT / "tests" / "invalid").glob("*.toml"))
BEYOND_A_SCHEMA = "# no schema sees it"


def as_json(value: Any) -> Any:
    """What an editor sees of TOML: dates are texts."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def document(path: Path) -> Any:
    return as_json(tomllib.loads(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def vocabulary() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema())


def allows(kind: Any, raw: object) -> bool:
    table = create_model("Example", __base__=Table, example=(kind, ...))
    return jsonschema.Draft202012Validator(json_schema(table)).is_valid({"example": as_json(raw)})


def test_the_file_beside_the_configs_is_the_schema() -> None:
    assert (ROOT / "configs" / "simsocial.schema.json").read_text(encoding="utf-8") == schema_text()


def test_it_is_a_schema_and_the_same_every_time() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert json.dumps(json_schema()) == json.dumps(json_schema())
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_it_accepts_the_bundled_configs_and_their_normal_form(
    path: Path, vocabulary: jsonschema.Draft202012Validator
) -> None:
    assert list(vocabulary.iter_errors(document(path))) == []
    written = Document.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    normal = written.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert list(vocabulary.iter_errors(normal)) == []


@pytest.mark.parametrize(("kind", "raw", "value"), ACCEPTED)
def test_it_accepts_every_spelling_in_both_forms(kind: Any, raw: object, value: object) -> None:
    assert allows(kind, raw)
    assert allows(kind, {"value": raw, "source": "cited:8"})
    assert not allows(kind, {"value": raw, "sauce": "cited:8"})
    assert not allows(kind, {"value": raw, "source": "a friend"})


def test_it_refuses_every_wrong_spelling_but_those_that_only_a_reader_can_judge() -> None:
    slipped = [shown(raw).strip('"') for kind, raw, _ in REFUSED if allows(kind, raw)]
    assert slipped == [
        "0 min",
        "9e9 years",
        "1e999 s",
        "nan",
        "3.0",
        "0 %",
        "1e300 / s",
        "-100 % / month",
        "2026-02-30",
        "2026-01-05T00:00:00.0001",
        "Mon, Mon",
        "Mon 8-16",
        "Mon 08:00-08:00",
        "Mon 08:61-09:00",
        "Mon",
        "Mon 08:00-12:00, Mon 11:00-13:00",
        "Sun 22:00-06:00, Mon 05:59-07:00",
        "Mon 24:00",
        "Mon 09:00-10:00",
        "Mon 09:00, 09:00",
        "5 of 4",
    ]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_it_refuses_the_invalid_files_as_far_as_a_schema_can(
    path: Path, vocabulary: jsonschema.Draft202012Validator
) -> None:
    try:
        written = document(path)
    except ValueError:
        return
    silent = BEYOND_A_SCHEMA in path.read_text(encoding="utf-8")
    assert vocabulary.is_valid(written) == silent
