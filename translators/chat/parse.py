"""Bytes -> ChatCompletionRequest, or a 400 that a person can act on."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from translators.errors import BadRequest
from translators.read_body import Branches, bad_request
from translators.wire.openai import ChatCompletionRequest

PART_TAGS = frozenset(
    {"text", "input_text", "output_text", "refusal", "image_url", "input_image", "video_url", "input_video"}
    | {"input_audio", "file", "input_file"}
)
"""The `type` of each part of a message."""

_BRANCHES = Branches(
    tags=frozenset({"system", "developer", "user", "assistant", "tool"}) | PART_TAGS,
    fields=frozenset({"messages", "content"}),
    models=frozenset({"str", "MediaUrl"}),
)
_RESPONSES_FIELDS = frozenset({"input", "instructions"})


def parse_chat_completion(body: bytes) -> ChatCompletionRequest:
    """Read a request's body.

    Raises BadRequest, with `param` as a path such as `messages[0].content[1].type`, for malformed JSON, a missing
    model, missing or empty messages, an unknown role or content part, and any value of the wrong type.
    """
    try:
        return ChatCompletionRequest.model_validate_json(body)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        first = problems[0]
        if first["loc"] == ("messages",) and first["type"] == "missing" and _is_responses_request(first["input"]):
            raise BadRequest(
                "This body is in the form of the Responses API (input, instructions). "
                "Send it to /v1/responses, or send messages instead.",
                param="messages",
                code="missing_required_parameter",
            ) from None
        raise bad_request(problems, _BRANCHES) from None


def _is_responses_request(body: Any) -> bool:
    return isinstance(body, Mapping) and not _RESPONSES_FIELDS.isdisjoint(body)
