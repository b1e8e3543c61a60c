"""Token counts: Google's usageMetadata as OpenAI's `usage`."""

from typing import Any

from translators.wire.google import UsageMetadata

_MODALITY_DETAILS = {"IMAGE": "image_tokens", "VIDEO": "video_tokens", "AUDIO": "audio_tokens"}


def usage_from_google(usage: UsageMetadata | None) -> dict[str, Any] | None:
    """OpenAI's `usage`, or None when Google told nothing: counts are never invented.

    As CLIProxyAPI has it: `completion_tokens` is candidatesTokenCount, which leaves thinking out; thinking is
    `completion_tokens_details.reasoning_tokens` and part of the total. Details appear only above zero.
    """
    if usage is None:
        return None
    completion = {
        "reasoning_tokens": usage.thoughts_token_count,
        **{
            name: count.token_count
            for count in usage.candidates_tokens_details
            if (name := _MODALITY_DETAILS.get(count.modality)) is not None
        },
    }
    details = {
        "completion_tokens_details": {name: count for name, count in completion.items() if count > 0},
        "prompt_tokens_details": {"cached_tokens": usage.cached_content_token_count}
        if usage.cached_content_token_count > 0
        else {},
    }
    return {
        "completion_tokens": usage.candidates_token_count,
        "total_tokens": usage.total_token_count,
        "prompt_tokens": usage.prompt_token_count,
        **{name: detail for name, detail in details.items() if detail},
    }
