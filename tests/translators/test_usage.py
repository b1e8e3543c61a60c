"""Token counts are Google's own, or absent."""

from typing import Any

import pytest

from translators.usage import usage_from_google
from translators.wire.google import UsageMetadata


@pytest.mark.parametrize(
    ("google", "openai"),
    [
        (
            {"promptTokenCount": 16, "thoughtsTokenCount": 42, "totalTokenCount": 58},
            {
                "completion_tokens": 0,
                "total_tokens": 58,
                "prompt_tokens": 16,
                "completion_tokens_details": {"reasoning_tokens": 42},
            },
        ),
        (
            {
                "promptTokenCount": 1,
                "candidatesTokenCount": 9,
                "totalTokenCount": 10,
                "cachedContentTokenCount": 1,
                "promptTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 1},
                    {"modality": "IMAGE", "tokenCount": 258},
                ],
                "candidatesTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 1},
                    {"modality": "IMAGE", "tokenCount": 8},
                    {"modality": "AUDIO", "tokenCount": 0},
                ],
            },
            {
                "completion_tokens": 9,
                "total_tokens": 10,
                "prompt_tokens": 1,
                "completion_tokens_details": {"image_tokens": 8},
                "prompt_tokens_details": {"cached_tokens": 1, "image_tokens": 258},
            },
        ),
        ({}, {"completion_tokens": 0, "total_tokens": 0, "prompt_tokens": 0}),
    ],
)
def test_usage(google: dict[str, Any], openai: dict[str, Any]) -> None:
    """Absent counts are protobuf's zero; details appear only above zero."""
    assert usage_from_google(UsageMetadata.model_validate(google)) == openai


def test_no_usage_is_no_usage() -> None:
    """Where Google tells nothing, nothing is told."""
    assert usage_from_google(None) is None
