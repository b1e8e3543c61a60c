"""The few words that schemas of answers are made of."""

from typing import Any

from proxy.openapi.operation import Schema, ref

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
SWITCH: Schema = {"type": "boolean"}
ANYTHING: Schema = {}
OBJECT: Schema = {"type": "object"}
WARNINGS: Schema = {
    "type": "array",
    "items": {"type": "string"},
    "description": "Sentences: what of the request had no effect, or another than it says.",
}
COST: Schema = {"type": "number", "description": "US dollars."}
UNIX: Schema = {"type": "integer", "description": "Unix seconds."}


def an_object(required: dict[str, Schema], optional: dict[str, Schema] | None = None, about: str = "") -> Schema:
    """An object with members that are always there, and members that may be."""
    made: Schema = {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}
    return {"description": about, **made} if about else made


def a_list(items: Schema | str) -> Schema:
    """A list of these, or of the schema of this name."""
    return {"type": "array", "items": ref(items) if isinstance(items, str) else items}


def or_null(schema: Schema) -> Schema:
    """This, or null."""
    if "type" in schema and isinstance(schema["type"], str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def a_word(*words: str) -> Schema:
    """One of these."""
    return {"type": "string", "enum": list(words)}


def always(value: Any) -> Schema:
    """This and nothing else."""
    return {"const": value}


def about(schema: Schema, description: str) -> Schema:
    """The same with a description."""
    return {**schema, "description": description}
