"""The bodies of Google's own protocols: what becomes of their members (`translators/native/fields.py`), and types."""

from collections.abc import Callable, Mapping

from proxy.openapi.operation import Schema, ref
from proxy.openapi.shapes import OBJECT, SWITCH, TEXT, a_list, a_word, about, always, an_object
from translators.native import fields

_UNREAD = "It goes to the model as it is: Google's reference of the method says what is allowed."
_NUMBER: Schema = {"type": ["integer", "string"]}
_TEXTS: Schema = {"type": "object", "additionalProperties": TEXT}


def _closed(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, about_it: str = "") -> Schema:
    return {**an_object(dict(required), dict(optional or {}), about_it), "additionalProperties": False}


_MEDIUM = ref("VeoMedium")
_VEO: Mapping[str, Schema] = {
    "instances[0].prompt": TEXT,
    "instances[0].image": _MEDIUM,
    "instances[0].lastFrame": _MEDIUM,
    "instances[0].video": _MEDIUM,
    "instances[0].mask": OBJECT,
    "instances[0].referenceImages": a_list(_closed({"image": _MEDIUM}, {"referenceType": TEXT})),
    **{f"parameters.{name}": _NUMBER for name in ("durationSeconds", "sampleCount", "numberOfVideos", "seed", "fps")},
    "parameters.generateAudio": SWITCH,
    "parameters.enhancePrompt": SWITCH,
    "labels": _TEXTS,
}
_PART = _closed({"type": a_word("text", "image", "video")}, dict.fromkeys(("text", "mime_type", "data", "uri"), TEXT))
_STEP = _closed({"type": always("user_input")}, {"content": {"anyOf": [TEXT, a_list(_PART)]}})
_OMNI: Mapping[str, Schema] = {
    "input": {"anyOf": [TEXT, _PART, a_list({"anyOf": [_PART, _STEP]})]},
    "background": SWITCH,
    "labels": _TEXTS,
    "store": SWITCH,
    "stream": SWITCH,
    "generation_config.seed": _NUMBER,
}
"""Path -> type; a text where none is said."""


def google_requests() -> dict[str, Schema]:
    """Every request by its name."""
    veo = _members(fields.notes(fields.VEO), _VEO)
    omni = _members(fields.notes(fields.INTERACTION), _OMNI)
    instances = {**a_list(_closed({}, veo("instances[0]"))), "minItems": 1, "maxItems": 1}
    top = omni("")
    top["response_format"] = _closed({}, omni("response_format"))
    config = omni("generation_config")
    config["video_config"] = _closed({}, omni("generation_config.video_config"))
    top["generation_config"] = _closed({}, config)
    return {
        "GenerateContentRequest": an_object({}, {"contents": a_list(OBJECT)}, _UNREAD),
        "PredictRequest": an_object({}, {"instances": a_list(OBJECT), "parameters": OBJECT}, _UNREAD),
        "VeoMedium": _closed(
            {},
            {
                **dict.fromkeys(("bytesBase64Encoded", "encodedVideo", "gcsUri", "uri", "mimeType", "encoding"), TEXT),
                "inlineData": _closed({"data": TEXT}, {"mimeType": TEXT}),
            },
            "Exactly one of bytesBase64Encoded, encodedVideo, inlineData, gcsUri and uri.",
        ),
        "PredictLongRunningRequest": _closed(
            {"instances": instances},
            {"parameters": _closed({}, veo("parameters")), "labels": veo("")["labels"]},
            fields.UNKNOWN,
        ),
        "FetchPredictOperationRequest": an_object({"operationName": about(TEXT, "The name of an operation.")}),
        "InteractionRequest": {**_closed({}, top, fields.UNKNOWN), "required": ["model", "input"]},
        "PassedInteractionRequest": an_object(
            {},
            {
                **dict.fromkeys(("model", "agent", "previous_interaction_id"), TEXT),
                **dict.fromkeys(("background", "stream", "store"), SWITCH),
            },
            f"What makes no video names a model or an agent. {_UNREAD}",
        ),
        "AnyInteractionRequest": {"anyOf": [ref("InteractionRequest"), ref("PassedInteractionRequest")]},
    }


def _members(notes: Mapping[str, str], types: Mapping[str, Schema]) -> Callable[[str], dict[str, Schema]]:
    """A function from a path to the members directly below it: their types, and what becomes of them."""

    def below(path: str) -> dict[str, Schema]:
        return {
            name: {**types.get(whole, TEXT), "description": note}
            for whole, note in notes.items()
            for parent, _, name in (whole.rpartition("."),)
            if parent == path
        }

    return below
