"""The JSON Schema of the vocabulary, for completion and checks in editors."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from simsocial.config.document import Document
from simsocial.config.experiments.document import ExperimentDocument
from simsocial.config.scalar import scalar_schema


def json_schema(model: type[BaseModel] = Document) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a config: it accepts what `load` accepts, units and long forms included.

    Parameters
    ----------
    model
        The table that a document is.
    """
    schema = model.model_json_schema(by_alias=True, schema_generator=_Generator, mode="validation")
    kinds: dict[str, Any] = {}
    tables = _hoisted(schema, kinds)
    return {"$schema": GenerateJsonSchema.schema_dialect, **tables, "$defs": {**kinds, **tables.get("$defs", {})}}


def _hoisted(schema: Any, kinds: dict[str, Any]) -> Any:
    """Replace each kind of value (a union with a title) by a reference to its one definition in ``kinds``."""
    if isinstance(schema, list):
        return [_hoisted(part, kinds) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "anyOf" in schema and isinstance(schema.get("title"), str):
        name = re.sub(r"\W+", "_", schema["title"])
        kinds[name] = {key: schema[key] for key in ("title", "anyOf")}
        rest = {key: value for key, value in schema.items() if key not in ("title", "anyOf")}
        return {"$ref": f"#/$defs/{name}", **rest}
    return {key: _hoisted(part, kinds) for key, part in schema.items()}


def schema_text(model: type[BaseModel] = Document) -> str:
    """Return the schema of a config, or of another table that a document is, as the text of its file."""
    return json.dumps(json_schema(model), indent=1, ensure_ascii=False) + "\n"


def experiment_schema_text() -> str:
    """Return the schema of an experiment file as the text of its file (R115)."""
    return schema_text(ExperimentDocument)


class _Generator(GenerateJsonSchema):
    """Leaves out what TOML cannot say (null) and titles that repeat the keys; the shapes of a union may overlap."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        write = schema["schema"].get("serialization", {}).get("function", lambda value: value)
        default = write(schema["default"]) if schema.get("default") is not None else None
        return {**inner, "default": default} if isinstance(default, str | int | float) else inner

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        shapes = [self.generate_inner(shape) for shape in schema["choices"].values()]
        return self.get_union_of_schemas([shape for k, shape in enumerate(shapes) if shape not in shapes[:k]])

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        return scalar_schema({"enum": schema["expected"]}, ranged=False)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
