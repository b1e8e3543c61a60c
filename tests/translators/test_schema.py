"""JSON Schema for Gemini: what says nothing goes, what means something stays."""

from typing import Any

import pytest

from translators.schema import clean_schema

NONE = {"type": "object", "properties": {}}

CASES: list[tuple[dict[str, Any] | None, dict[str, Any]]] = [
    (None, NONE),
    ({}, NONE),
    ({"type": "object", "title": "T", "$schema": "s", "strict": True}, {"type": "object"}),
    (
        {"type": "object", "properties": {"title": {"type": "string", "title": "X"}, "strict": {"type": "boolean"}}},
        {"type": "object", "properties": {"title": {"type": "string"}, "strict": {"type": "boolean"}}},
    ),
    ({"properties": {"a": {}}, "required": ["a", "b"]}, {"properties": {"a": {}}, "required": ["a"]}),
    ({"properties": {"a": {}}, "required": ["b"]}, {"properties": {"a": {}}}),
    ({"required": ["b"]}, {"required": ["b"]}),
    ({"const": 5}, {"enum": [5]}),
    ({"const": 5, "enum": [5, 6]}, {"enum": [5, 6]}),
    ({"anyOf": [{"title": "A", "type": "null"}, True]}, {"anyOf": [{"type": "null"}, True]}),
    ({"items": {"title": "A"}, "additionalProperties": False}, {"items": {}, "additionalProperties": False}),
    ({"$defs": {"title": {"title": "T", "$ref": "#/x"}}}, {"$defs": {"title": {"$ref": "#/x"}}}),
    (
        {"enum": [{"title": "kept"}], "default": {"title": "kept"}},
        {"enum": [{"title": "kept"}], "default": {"title": "kept"}},
    ),
    ({"properties": "nonsense", "anyOf": "nonsense"}, {"properties": "nonsense", "anyOf": "nonsense"}),
]


@pytest.mark.parametrize(("schema", "cleaned"), CASES)
def test_clean_schema(schema: dict[str, Any] | None, cleaned: dict[str, Any]) -> None:
    """Keywords go; properties of the same name stay, and so do values."""
    assert clean_schema(schema) == cleaned


def test_the_callers_schema_is_not_touched() -> None:
    """Cleaning makes a copy."""
    schema = {"title": "T", "properties": {"a": {"const": 1}}}

    clean_schema(schema)

    assert schema == {"title": "T", "properties": {"a": {"const": 1}}}
