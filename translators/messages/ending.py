"""How an answer ended and what it used, as Anthropic says it."""

from collections.abc import Mapping
from typing import Any

from translators.answer_events import Cited, Ended

STOP_REASONS: Mapping[str, str] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "refusal",
}
"""finish_reason -> stop_reason. `stop_sequence` is never said: Gemini does not tell it from an end of its own."""


def stop_members(ended: Ended) -> dict[str, Any]:
    """`stop_reason`, `stop_sequence`, and `stop_details` with the reason where something was withheld."""
    reason = STOP_REASONS[ended.finish_reason] if ended.finish_reason is not None else None
    explained = ended.error is not None and reason == "refusal"
    details = (
        {"type": "refusal", "category": None, "explanation": ended.error["message"]}
        if explained and ended.error
        else None
    )
    return {
        "stop_reason": reason,
        "stop_sequence": None,
        **({"stop_details": details} if details else {}),
    }


def usage_of(usage: Mapping[str, Any] | None) -> dict[str, Any]:
    """Anthropic's `usage` from OpenAI's; the two counts that it must have are 0 where Google told nothing.

    Anthropic counts cached input apart from the rest, and thinking as output.
    """
    known = usage or {}
    cached = known.get("prompt_tokens_details", {}).get("cached_tokens", 0)
    thinking = known.get("completion_tokens_details", {}).get("reasoning_tokens", 0)
    return {
        "input_tokens": max(known.get("prompt_tokens", 0) - cached, 0),
        "output_tokens": known.get("completion_tokens", 0) + thinking,
        **({"cache_read_input_tokens": cached} if cached else {}),
        **({"output_tokens_details": {"thinking_tokens": thinking}} if thinking else {}),
    }


def told_members(ended: Ended, warnings: list[str]) -> dict[str, Any]:
    """What Anthropic has no place for: warnings, and where facts come from; at the top level, where SDKs keep it."""
    return {
        **({"warnings": warnings} if warnings else {}),
        **({"extra_content": dict(ended.extra_content)} if ended.extra_content else {}),
    }


def citations_of(cited: Cited, said: str) -> list[dict[str, Any]]:
    """Anthropic's citations of a text block; `said` is all the answer's words.

    `cited_text` is the answer's own passage: Google does not tell the source's. There is nothing to encrypt.
    """
    return [
        {
            "type": "web_search_result_location",
            "url": citation["url"],
            "title": citation["title"],
            "cited_text": said[citation["start_index"] : citation["end_index"]],
            "encrypted_index": "",
        }
        for citation in cited.citations
    ]


def message_id(completion_id: str) -> str:
    """`msg_` and what makes the id unique."""
    return f"msg_{completion_id.removeprefix('chatcmpl-')}"
