"""Thought signatures: what Gemini 3 wants back with its own function calls and images.

Symptom without them: 400 "Function call is missing a thought_signature". They travel as
`tool_calls[].extra_content.google.thought_signature`, as on Google's own OpenAI-compatible endpoint. For a turn that
came from elsewhere Google documents a value that skips the check (Gemini API docs, "Thought signatures", 2026-11).
"""

from translators.content import is_base64
from translators.wire.openai import ToolCall

BYPASS = "skip_thought_signature_validator"
"""Google's own word for "this turn was not made by Gemini"."""


def signature_of(call: ToolCall) -> str | None:
    """The signature a tool call came back with; None if it has none, or one that cannot be Google's.

    CLIProxyAPI hands signatures out with `gemini#` before them; a conversation that began there may go on here.
    """
    if call.extra_content is None or call.extra_content.google is None:
        return None
    signature = (call.extra_content.google.thought_signature or "").removeprefix("gemini#")
    return signature if signature == BYPASS or (signature and is_base64(signature)) else None
