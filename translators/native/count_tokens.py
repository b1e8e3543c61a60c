"""A caller's countTokens body as one surface takes it (Gemini API and Vertex AI references of countTokens, 2026-11)."""

from collections.abc import Mapping
from typing import Any

from translators.wire.call import Surface

WHOLE = "generateContentRequest"


def counted(body: Mapping[str, Any], *, model: str, surface: Surface) -> dict[str, Any]:
    """The body with its inner request, if it has one, for the model that is really asked, or laid open for Vertex AI.

    Vertex AI knows no `generateContentRequest`: it takes the members of one beside each other.
    """
    whole = body.get(WHOLE)
    if not isinstance(whole, Mapping):
        return dict(body)
    if surface is Surface.GEMINI:
        return {**body, WHOLE: {**whole, "model": f"models/{model}"}}
    return {name: value for name, value in whole.items() if name != "model"}
