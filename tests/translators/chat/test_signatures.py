"""Thought signatures come back as they went out, or not at all."""

from typing import Any

import pytest

from translators.chat.signatures import BYPASS, signature_of
from translators.wire.openai import ToolCall


@pytest.mark.parametrize(
    ("extra", "signature"),
    [
        (None, None),
        ({}, None),
        ({"google": {}}, None),
        ({"google": {"thought_signature": ""}}, None),
        ({"google": {"thought_signature": "c2ln"}}, "c2ln"),
        ({"google": {"thought_signature": "gemini#c2ln"}}, "c2ln"),
        ({"google": {"thought_signature": BYPASS}}, BYPASS),
        ({"google": {"thought_signature": "not base64!"}}, None),
    ],
)
def test_signature_of(extra: dict[str, Any] | None, signature: str | None) -> None:
    """Only what can be Google's is sent to Google."""
    call = ToolCall.model_validate({"function": {"name": "f"}, "extra_content": extra})

    assert signature_of(call) == signature
