"""generateContent's answer -> a chat completion.

The shape is CLIProxyAPI's (7.2): `content`, `reasoning_content` and `tool_calls` are always there, `images` only with
images. Where it differs: `finish_reason` is one of OpenAI's words, with Google's beside it, and an answer that was
withheld says so instead of being empty: a sentence in `content`, `content_filter`, and an `error` member that OpenAI's
SDKs keep on the completion.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from translators.chat.answer_parts import Tally, logprobs_from_google, message_members
from translators.chat.citations import annotations_of
from translators.chat.conclusion import Conclusion, conclude, conclude_blocked
from translators.errors import UpstreamFailed
from translators.usage import usage_from_google
from translators.wire.google import Candidate, GenerateContentAnswer


def from_generate_content(
    answer: GenerateContentAnswer,
    *,
    id: str,  # noqa: A002 - the name of the member it becomes
    created: int,
    model: str,
    original_names: Mapping[str, str] | None = None,
    warnings: Sequence[str] = (),
) -> dict[str, Any]:
    """Build the chat completion.

    `id`, `created` (unix seconds) and `model` are used where Google names none of its own. `original_names` comes from
    the request's translation. Raises UpstreamFailed when the answer holds neither a candidate nor a reason.
    """
    answer_id = answer.response_id or id
    choices = [_choice(candidate, answer_id, original_names or {}) for candidate in answer.candidates]
    if not choices:
        choices = [blocked_choice(answer)]
    usage = usage_from_google(answer.usage_metadata)
    errors = [choice["error"] for choice in choices if "error" in choice]
    return {
        "id": answer_id,
        "object": "chat.completion",
        "created": unix_time(answer.create_time, created),
        "model": answer.model_version or model,
        "choices": choices,
        **({"usage": usage} if usage else {}),
        # With another choice that is whole, the completion as such has not failed.
        **({"error": errors[0]} if len(errors) == len(choices) else {}),
        **({"warnings": list(warnings)} if warnings else {}),
    }


def unix_time(timestamp: str | None, otherwise: int) -> int:
    """RFC 3339 as unix seconds; `otherwise` when there is none, or none that can be read (Gemini API sends none)."""
    if not timestamp:
        return otherwise
    try:
        return int(datetime.fromisoformat(timestamp).timestamp())
    except ValueError:
        return otherwise


def empty_answer() -> UpstreamFailed:
    """Google answered 200 with nothing at all in it."""
    return UpstreamFailed(
        "Google answered without a candidate and without a reason for that.", code="empty_upstream_answer"
    )


def call_prefix(answer_id: str, index: int) -> str:
    """What the ids of a choice's tool calls begin with: unique to answer and choice."""
    name = answer_id.removeprefix("chatcmpl-")
    return f"{name}_{index}" if index else name


def blocked_choice(answer: GenerateContentAnswer) -> dict[str, Any]:
    """The one choice of an answer whose prompt was blocked. Raises UpstreamFailed when it was not."""
    if answer.prompt_feedback is None or answer.prompt_feedback.block_reason is None:
        raise empty_answer()
    ending = conclude_blocked(answer.prompt_feedback)
    return told_choice(0, {"content": None, "reasoning_content": None, "tool_calls": None}, ending, said=False)


def told_choice(index: int, members: Mapping[str, Any], ending: Conclusion, *, said: bool) -> dict[str, Any]:
    """A choice; where nothing was `said`, its `content` is the ending's sentence."""
    content = members["content"] if said else ending.sentence or members["content"]
    return {
        "index": index,
        "message": {"role": "assistant", **members, "content": content},
        "finish_reason": ending.finish_reason,
        "native_finish_reason": ending.native_finish_reason,
        **({"error": ending.error} if ending.error else {}),
    }


def _choice(candidate: Candidate, answer_id: str, original_names: Mapping[str, str]) -> dict[str, Any]:
    tally = Tally(call_prefix=call_prefix(answer_id, candidate.index), original_names=original_names)
    members = message_members(candidate.content.parts if candidate.content else [], tally)
    if cited := annotations_of(candidate.grounding_metadata, members["content"]):
        members["annotations"] = cited
    if candidate.finish_reason is None and not tally.said:
        raise empty_answer()
    logprobs = logprobs_from_google(candidate.logprobs_result)
    ending = conclude(candidate.finish_reason, candidate.finish_message, tally)
    return {
        **told_choice(candidate.index, members, ending, said=tally.said),
        **({"logprobs": logprobs} if logprobs else {}),
        **grounding(candidate.grounding_metadata),
    }


def grounding(metadata: Mapping[str, Any] | None) -> dict[str, Any]:
    """Where an answer's facts come from (Google Search), as Google gives it; {} without."""
    return {"extra_content": {"google": {"grounding_metadata": metadata}}} if metadata else {}
