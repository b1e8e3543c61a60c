"""The bodies that requests bring: the models that read them, with what becomes of each field."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import AliasChoices, BaseModel
from pydantic.json_schema import GenerateJsonSchema

from proxy.openapi.operation import Schema
from translators import completions
from translators.chat import fields as chat
from translators.field_fates import Fates
from translators.images.fields import FATES as IMAGES
from translators.messages.fields import FATES as MESSAGES
from translators.responses.fields import FATES as RESPONSES
from translators.video import create_fields as create
from translators.video import fields as video
from translators.wire.anthropic import CountTokensRequest, MessagesRequest
from translators.wire.completions import CompletionRequest
from translators.wire.images import ImageRequest
from translators.wire.openai import ChatCompletionRequest
from translators.wire.responses import ResponsesRequest
from translators.wire.video import BESIDE, VideoConfig
from translators.wire.video_create import STRUCTURED, VideoCreate

_PREFIX = "#/components/schemas/"
_UNKNOWN_TOLD = "Any other member has no effect, which the answer's `warnings` say."
_UNKNOWN_REFUSED = "Any other member is a 400: it would have been paid for in vain."
_FILES = frozenset({"image", "first_frame", "last_frame", "input_reference", "video", "mask"})
"""Fields of a form that may be files; the same names are a data URI or an address in JSON."""


class _Untitled(GenerateJsonSchema):
    """pydantic's own, without a title on every field."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 -- pydantic's signature
        return False


def fate_notes(fates: Fates) -> dict[str, Schema]:
    """Field -> what becomes of it: in words, and as one of four for whoever sorts by it."""
    kinds = (
        ("mapped", "Becomes: {}.", fates.mapped),
        ("ignored", "No effect, silently: {}.", fates.ignored),
        ("warned", "No effect, told in `warnings`: {}.", fates.warned),
        ("rejected", "Refused with 400: {}.", fates.rejected),
    )
    return {
        name: {"description": words.format(why), "x-fate": fate}
        for fate, words, table in kinds
        for name, why in table.items()
    }


def _video_notes() -> dict[str, Schema]:
    """Members with the same fate are spellings of one thing."""
    first: dict[video.Fate, str] = {}
    return {name: _video_note(fate, name, first.setdefault(fate, name)) for name, fate in video.FIELDS.items()}


def _video_note(fate: video.Fate, name: str, main: str) -> Schema:
    return _spelling_of(main) if name != main else {"description": _on_each(fate), "x-fate": "mapped"}


def _spelling_of(name: str) -> Schema:
    return {"description": f"Another spelling of `{name}`.", "x-fate": "spelling"}


def _on_each(fate: video.Fate) -> str:
    return f"{fate.values}. Veo on the Gemini API: {fate.gemini}; on Vertex AI: {fate.vertex}; Omni: {fate.omni}."


def _chat_notes() -> dict[str, Schema]:
    """A chat completion is read for words and images, or for a video."""
    notes = fate_notes(Fates(mapped=chat.MAPPED, ignored=chat.IGNORED, warned=chat.WARNED, rejected=chat.REJECTED))
    for name, why in video.CHAT_FIELDS.items():
        if name == "video_config":
            continue
        notes[name] = {**notes[name], "description": f"{notes[name]['description']} For a video: {why}."}
    for name in sorted(BESIDE):
        words = f"For a video: the same as `video_config.{name}`. Else no effect, told in `warnings`."
        notes[name] = {"description": words, "x-fate": "mapped"}
    return notes


def request_schemas() -> dict[str, Schema]:
    """Every request's schema by its name, with the schemas it refers to."""
    schemas: dict[str, Schema] = {}
    for prefix, model, notes, unknown in (
        ("Chat", ChatCompletionRequest, _chat_notes(), _UNKNOWN_TOLD),
        ("Completion", CompletionRequest, fate_notes(completions.FATES), _UNKNOWN_TOLD),
        ("Responses", ResponsesRequest, fate_notes(RESPONSES), _UNKNOWN_TOLD),
        ("Messages", MessagesRequest, fate_notes(MESSAGES), _UNKNOWN_TOLD),
        ("Messages", CountTokensRequest, fate_notes(MESSAGES), _UNKNOWN_TOLD),
        ("Images", ImageRequest, fate_notes(IMAGES), _UNKNOWN_TOLD),
        ("Video", VideoConfig, _video_notes(), _UNKNOWN_REFUSED),
        ("Video", VideoCreate, {**fate_notes(create.FATES), **_video_notes()}, _UNKNOWN_REFUSED),
    ):
        schemas |= _schemas(prefix, model, notes, unknown)
    for holder in ("ChatCompletionRequest", "VideoCreate"):
        config = schemas[holder]["properties"]["video_config"]
        config["anyOf"] = [{"$ref": f"{_PREFIX}VideoConfig"}, {"type": "null"}]
    return {**schemas, "VideoForm": _form(schemas["VideoCreate"]), "ImageForm": _form(schemas["ImageRequest"])}


def _schemas(prefix: str, model: type[BaseModel], notes: Mapping[str, Schema], unknown: str) -> dict[str, Schema]:
    made = model.model_json_schema(ref_template=f"{_PREFIX}{prefix}{{model}}", schema_generator=_Untitled)
    below = {f"{prefix}{name}": schema for name, schema in made.pop("$defs", {}).items()}
    made["description"] = unknown
    made["properties"] = dict(_properties(model, made["properties"], notes))
    return {name: _plain(schema) for name, schema in {**below, model.__name__: made}.items()}


def _properties(
    model: type[BaseModel], schemas: Mapping[str, Schema], notes: Mapping[str, Schema]
) -> Iterator[tuple[str, Schema]]:
    """Each field under each of its spellings, in the order of the notes, then what is known by name alone."""
    places = {name: place for place, name in enumerate(notes)}
    for name, field in sorted(model.model_fields.items(), key=lambda item: places.get(item[0], len(places))):
        spellings = _spellings(name, field.validation_alias)
        schema = next(schemas[spelling] for spelling in spellings if spelling in schemas)
        yield name, {**schema, **notes.get(name, {})}
        for other in spellings:
            if other != name:
                yield other, {**schema, **_spelling_of(name)}
    for name, note in notes.items():
        if name not in model.model_fields and model.model_config.get("extra") == "allow":
            yield name, note


def _spellings(name: str, alias: Any) -> list[str]:
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias] if alias else []
    return list(dict.fromkeys([name, *(choice for choice in choices if isinstance(choice, str))]))


def _plain(schema: Any) -> Any:
    """Without what says nothing: empty descriptions, and null for a default."""
    if isinstance(schema, list):
        return [_plain(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _plain(value)
        for key, value in schema.items()
        if not (key == "description" and value == "") and not (key == "default" and value is None)
    }


def _form(body: Schema) -> Schema:
    """The same request as a form: files as files, everything else as text."""
    properties = {name: _form_field(name, schema) for name, schema in body["properties"].items()}
    return {
        "type": "object",
        "description": "The same fields as in JSON. An object is JSON text, or bracketed names (`video[id]`).",
        "properties": properties,
        "required": body.get("required", []),
    }


def _form_field(name: str, schema: Schema) -> Schema:
    note: Schema = {key: schema[key] for key in ("description", "x-fate") if key in schema}
    if name in _FILES:
        return {"type": "string", "format": "binary", **note}
    if name in STRUCTURED:
        return {"type": "string", **note}
    kinds = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    return {**(kinds[0] if len(kinds) == 1 and "$ref" not in kinds[0] else {"type": "string"}), **note}
