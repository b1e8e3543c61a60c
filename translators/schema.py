"""JSON Schema, made acceptable to Gemini's `parametersJsonSchema` without changing what it admits.

The field takes JSON Schema proper ($ref, anyOf, additionalProperties...), so little has to go: `$schema` and `title`
say nothing to the model, `const` is not on Google's list and is an enum of one, and a `required` name without a
property is a 400 at Google ("property is not defined"). CLIProxyAPI 7.2 removes the same.
"""

from collections.abc import Mapping
from typing import Any

NO_PARAMETERS: Mapping[str, Any] = {"type": "object", "properties": {}}
"""The schema of a function that takes nothing."""

_SILENT = frozenset({"$schema", "title", "strict"})
_NAMED_SCHEMAS = frozenset({"properties", "$defs", "definitions", "patternProperties"})
_ONE_SCHEMA = frozenset({"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"})
_SCHEMA_LISTS = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})


def clean_schema(schema: Mapping[str, Any] | None) -> dict[str, Any]:
    """A copy fit for Gemini; a missing or empty schema is that of a function without parameters."""
    return _clean(schema) if schema else dict(NO_PARAMETERS)


def _clean(schema: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = {key: _clean_keyword(key, value) for key, value in schema.items() if key not in _SILENT}
    if "const" in cleaned:
        cleaned.setdefault("enum", [cleaned.pop("const")])
    required, properties = cleaned.get("required"), cleaned.get("properties")
    if isinstance(required, list) and isinstance(properties, dict):
        known = [name for name in required if name in properties]
        cleaned = {**cleaned, "required": known} if known else {k: v for k, v in cleaned.items() if k != "required"}
    return cleaned


def _clean_keyword(key: str, value: Any) -> Any:
    if key in _NAMED_SCHEMAS and isinstance(value, dict):
        return {name: _clean_any(inner) for name, inner in value.items()}
    if key in _SCHEMA_LISTS and isinstance(value, list):
        return [_clean_any(inner) for inner in value]
    if key in _ONE_SCHEMA:
        return _clean_any(value)
    return value


def _clean_any(value: Any) -> Any:
    # A schema may also be true or false, and `items` was once a list.
    return _clean(value) if isinstance(value, dict) else value
