"""The call that counts a request's tokens instead of answering it, and its answer."""

from pydantic import Field, ValidationError

from translators.errors import UpstreamFailed
from translators.wire.call import GoogleCall, Surface
from translators.wire.google import Answer

_COUNTED = ("systemInstruction", "contents", "tools", "generationConfig")


class TokenCount(Answer):
    """countTokens' answer."""

    total_tokens: int = Field(ge=0)


def to_count_tokens(call: GoogleCall, *, model: str, surface: Surface) -> GoogleCall:
    """`call` (a generateContent call for `model`) as a countTokens call.

    The Gemini API counts instructions and tools only inside a whole `generateContentRequest` that names its model;
    Vertex AI, and Code Assist like it, takes them beside `contents` (Gemini API and Vertex AI references of
    countTokens, 2026-11).
    """
    body = call.body or {}
    if surface is Surface.GEMINI:
        counted = {"generateContentRequest": {"model": f"models/{model}", **body}}
    else:
        counted = {name: body[name] for name in _COUNTED if name in body}
    return GoogleCall(resource=f"models/{model}:countTokens", body=counted)


def read_token_count(body: bytes) -> int:
    """The total. Raises UpstreamFailed for an answer that is none."""
    try:
        return TokenCount.model_validate_json(body).total_tokens
    except ValidationError:
        raise UpstreamFailed(
            "Google's answer to countTokens holds no count.", code="malformed_upstream_answer"
        ) from None
