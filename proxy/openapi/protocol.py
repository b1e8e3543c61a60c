"""The shapes of failures: each protocol's own, for the same tree of errors (`translators/errors.py`)."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from translators import errors
from translators.errors import ApiError


class Protocol(StrEnum):
    """Whose clients an operation is for."""

    OPENAI = "OpenAI"
    ANTHROPIC = "Anthropic"
    GOOGLE = "Google"
    OPENROUTER = "OpenRouter"


_TEXT = {"type": "string"}
_OR_NULL = {"type": ["string", "null"]}


def _object(properties: Mapping[str, Any], required: tuple[str, ...], description: str) -> dict[str, Any]:
    return {"type": "object", "description": description, "properties": dict(properties), "required": list(required)}


ERROR_SCHEMAS: Mapping[str, dict[str, Any]] = {
    "RejectedKey": _object(
        {"error": {"type": "string", "enum": ["Missing API key", "Invalid API key"]}},
        ("error",),
        "No key, or none that is known. A text and not an object, as CLIProxyAPI says it.",
    ),
    "OpenAIError": _object(
        {
            "error": _object(
                {
                    "message": {**_TEXT, "description": "What is wrong, what is allowed, and the way out."},
                    "type": _TEXT,
                    "param": {**_OR_NULL, "description": "The field, as the caller wrote it."},
                    "code": _OR_NULL,
                    "job_id": {**_TEXT, "description": "The video job that this is about."},
                    "operation": {**_TEXT, "description": "Google's own name of the job."},
                },
                ("message", "type", "param", "code"),
                "OpenAI's error object; further members are facts about the job.",
            )
        },
        ("error",),
        "A failure as OpenAI's clients read it.",
    ),
    "AnthropicError": _object(
        {
            "type": {"type": "string", "const": "error"},
            "error": _object(
                {"type": _TEXT, "message": _TEXT, "code": _TEXT, "param": _TEXT}, ("type", "message"), "What is wrong."
            ),
        },
        ("type", "error"),
        "A failure as Anthropic's clients read it.",
    ),
    "GoogleError": _object(
        {
            "error": _object(
                {
                    "code": {"type": "integer", "description": "The HTTP status."},
                    "message": _TEXT,
                    "status": {**_TEXT, "description": "google.rpc.Code by name."},
                    "details": {"type": "array", "items": {"type": "object"}},
                },
                ("code", "message", "status"),
                "`details` has an ErrorInfo with our code as its reason.",
            )
        },
        ("error",),
        "A failure as google.rpc.Status.",
    ),
    "OpenRouterError": _object(
        {
            "error": _object(
                {"code": {"type": "integer"}, "message": _TEXT, "metadata": {"type": "object"}},
                ("code", "message"),
                "`metadata` has our type, code and field.",
            )
        },
        ("error",),
        "A failure as OpenRouter's clients read it.",
    ),
}


def error_responses() -> dict[str, dict[str, Any]]:
    """A response for each protocol and status, by its name (`error_name`)."""
    return {error_name(protocol, status): _response(protocol, status) for protocol in Protocol for status in STATUSES}


def error_name(protocol: Protocol, status: int) -> str:
    """`OpenAI404` and the like."""
    return f"{protocol.value}{status}"


def _tree(of: type[ApiError] = ApiError) -> Iterator[type[ApiError]]:
    for name in dir(errors):
        member = getattr(errors, name)
        if isinstance(member, type) and issubclass(member, of) and member is not of:
            yield member


STATUSES = tuple(sorted({error.status for error in _tree()}))


def _response(protocol: Protocol, status: int) -> dict[str, Any]:
    kinds = [error for error in _tree() if error.status == status]
    said = " ".join(dict.fromkeys((error.__doc__ or "").strip().splitlines()[0] for error in kinds))
    schema = {"$ref": f"#/components/schemas/{protocol.value}Error"}
    if protocol is Protocol.OPENAI and status == 401:
        schema = {"$ref": "#/components/schemas/RejectedKey"}
    return {
        "description": said,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("retry-after", "x-should-retry")},
        "content": {"application/json": {"schema": schema}},
    }
