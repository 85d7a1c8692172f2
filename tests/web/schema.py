# SPDX-License-Identifier: EUPL-1.2
"""As much of JSON Schema as the published schema of a ticket uses; another keyword is a mistake here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
WORDS_ABOUT_IT = {"$schema", "$defs", "title", "description", "default"}
KNOWN = WORDS_ABOUT_IT | {
    *("$ref", "anyOf", "enum", "type", "format"),
    *("properties", "required", "additionalProperties"),
    *("items", "minItems", "maxItems", "minLength", "maxLength"),
}


def mistakes(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Yield what is wrong with a value, each with its place."""
    assert set(schema) <= KNOWN, f"{at}: {set(schema) - KNOWN}"
    if "$ref" in schema:
        yield from mistakes(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "anyOf" in schema and all(list(mistakes(value, each, root, at)) for each in schema["anyOf"]):
        yield f"{at}: none of what it may be"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: not one of {schema['enum']}"
    kind = TYPES.get(schema.get("type", ""), object)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        yield f"{at}: not of type {schema['type']}"
    elif isinstance(value, dict):
        yield from _of_object(value, schema, root, at)
    elif isinstance(value, list):
        yield from _of_array(value, schema, root, at)
    elif isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{at}: too short or too long"
        if schema.get("format") == "date-time":
            datetime.fromisoformat(value)


def _of_object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    yield from (f"{at}.{name}: missing" for name in schema.get("required", ()) if name not in value)
    for name, inner in value.items():
        if name in properties:
            yield from mistakes(inner, properties[name], root, f"{at}.{name}")
        elif schema.get("additionalProperties", True) is False:
            yield f"{at}.{name}: unknown"


def _of_array(value: list[Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{at}: too few or too many"
    for number, inner in enumerate(value):
        yield from mistakes(inner, schema.get("items", {}), root, f"{at}[{number}]")
