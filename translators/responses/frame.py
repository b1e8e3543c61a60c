"""The response object around the output: what was asked, how it ended, what it used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translators.answer_events import Ended
from translators.as_chat import AsChat
from translators.wire.responses import ResponsesRequest

_STATUSES: Mapping[str, str] = {
    "stop": "completed",
    "tool_calls": "completed",
    "length": "incomplete",
    "content_filter": "incomplete",
}
_REASONS: Mapping[str, str] = {"length": "max_output_tokens", "content_filter": "content_filter"}

_RATE_TYPES = frozenset({"rate_limit_error", "insufficient_quota"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One response's frame. `id` begins with `resp_`; `created` is in unix seconds."""

    request: ResponsesRequest
    asked: AsChat
    id: str
    created: int
    model: str

    def begun(self) -> dict[str, Any]:
        """The response before anything is said."""
        return self._response("in_progress", output=[])

    def ended(self, ended: Ended, output: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The whole response; where Google did not say how it ended, `status` is None."""
        reason = _REASONS.get(ended.finish_reason or "")
        return self._response(
            status_of(ended),
            output=output,
            incomplete_details={"reason": reason, **(ended.error or {})} if reason else None,
            usage=usage_of(ended.usage),
            **self._told(ended),
        )

    def failed(self, error: Mapping[str, Any], output: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The response that broke; `error` is OpenAI's error object, whose code is one of the Responses API's here."""
        code = "rate_limit_exceeded" if error["type"] in _RATE_TYPES else "server_error"
        return self._response("failed", output=output, error={**error, "code": code, "reason": error.get("code")})

    def _told(self, ended: Ended) -> dict[str, Any]:
        warnings = self.asked.told(ended.warnings)
        return {
            **({"warnings": warnings} if warnings else {}),
            **({"extra_content": dict(ended.extra_content)} if ended.extra_content else {}),
        }

    def _response(self, status: str | None, *, output: Sequence[dict[str, Any]], **members: Any) -> dict[str, Any]:
        request = self.request
        said = request.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return {
            "id": self.id,
            "object": "response",
            "created_at": self.created,
            "status": status,
            "background": False,
            "error": None,
            "incomplete_details": None,
            "instructions": request.instructions,
            "max_output_tokens": request.max_output_tokens,
            "metadata": request.metadata or {},
            "model": self.model,
            "output": list(output),
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "reasoning": said.get("reasoning") or {"effort": None, "summary": None},
            "store": False,
            "temperature": request.temperature,
            "text": {"format": {"type": "text"}, **(said.get("text") or {})},
            "tool_choice": request.tool_choice or "auto",
            "tools": said.get("tools") or [],
            "top_p": request.top_p,
            "truncation": "disabled",
            "usage": None,
            "user": request.user,
            **members,
        }


def status_of(ended: Ended) -> str | None:
    """`completed`, `incomplete`, or None where Google did not say."""
    return _STATUSES[ended.finish_reason] if ended.finish_reason is not None else None


def response_id(completion_id: str) -> str:
    """`resp_` and what makes the id unique."""
    return f"resp_{completion_id.removeprefix('chatcmpl-')}"


def usage_of(usage: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The Responses API's `usage` from a chat completion's; None where Google told nothing.

    Imagen's has a price and no counts, and counts are not invented. Thinking counts as output here. Google writes its
    cache by itself and counts no tokens for it.
    """
    if usage is None or "prompt_tokens" not in usage:
        return None
    thinking = usage.get("completion_tokens_details", {}).get("reasoning_tokens", 0)
    return {
        "input_tokens": usage["prompt_tokens"],
        "input_tokens_details": {
            "cached_tokens": usage.get("prompt_tokens_details", {}).get("cached_tokens", 0),
            "cache_write_tokens": 0,
        },
        "output_tokens": usage["completion_tokens"] + thinking,
        "output_tokens_details": {"reasoning_tokens": thinking},
        "total_tokens": usage["total_tokens"],
    }
