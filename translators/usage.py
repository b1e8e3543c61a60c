"""Token counts: Google's usageMetadata as OpenAI's `usage`."""

from collections.abc import Sequence
from typing import Any

from translators.wire.google import ModalityTokens, UsageMetadata

_MODALITY_DETAILS = {"IMAGE": "image_tokens", "VIDEO": "video_tokens", "AUDIO": "audio_tokens"}


def usage_from_google(usage: UsageMetadata | None) -> dict[str, Any] | None:
    """OpenAI's `usage`, or None when Google told nothing: counts are never invented.

    As CLIProxyAPI has it: `completion_tokens` is candidatesTokenCount, which leaves thinking out; thinking is
    `completion_tokens_details.reasoning_tokens` and part of the total. Details appear only above zero.
    """
    if usage is None:
        return None
    details = {
        "completion_tokens_details": {
            "reasoning_tokens": usage.thoughts_token_count,
            **_by_modality(usage.candidates_tokens_details),
        },
        "prompt_tokens_details": {
            "cached_tokens": usage.cached_content_token_count,
            **_by_modality(usage.prompt_tokens_details),
        },
    }
    told = {name: {of: count for of, count in counts.items() if count > 0} for name, counts in details.items()}
    return {
        "completion_tokens": usage.candidates_token_count,
        "total_tokens": usage.total_token_count,
        "prompt_tokens": usage.prompt_token_count,
        **{name: counts for name, counts in told.items() if counts},
    }


def _by_modality(counts: Sequence[ModalityTokens]) -> dict[str, int]:
    named = ((_MODALITY_DETAILS.get(count.modality), count.token_count) for count in counts)
    return {name: tokens for name, tokens in named if name is not None}
