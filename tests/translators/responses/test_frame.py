"""The response object says what was asked, how it ended and what it used."""

from typing import Any

import pytest

from translators.answer_events import Ended
from translators.as_chat import AsChat, Trail
from translators.responses.frame import Frame, response_id, status_of, usage_of
from translators.wire.openai import ChatCompletionRequest, UserMessage
from translators.wire.responses import ResponsesRequest

ITEM = {"type": "message"}
CHAT = ChatCompletionRequest(model="m", messages=[UserMessage(role="user", content="Hi")])


def frame(*, warnings: tuple[str, ...] = (), **members: Any) -> Frame:
    """The frame of a response to a small request."""
    request = ResponsesRequest.model_validate({"model": "m", "input": "Hi", **members})
    asked = AsChat(chat=CHAT, trail=Trail(), warnings=warnings)
    return Frame(request=request, asked=asked, id="resp_1", created=7, model="m")


def test_a_response_begins_empty() -> None:
    """Nothing is said, used or gone wrong; what the caller left out has the API's own defaults."""
    begun = frame().begun()

    assert (begun["id"], begun["created_at"], begun["status"], begun["output"]) == ("resp_1", 7, "in_progress", [])
    assert (begun["error"], begun["usage"], begun["incomplete_details"]) == (None, None, None)
    assert begun["reasoning"] == {"effort": None, "summary": None}
    assert begun["text"] == {"format": {"type": "text"}}
    assert (begun["tools"], begun["tool_choice"], begun["metadata"]) == ([], "auto", {})
    assert not {"warnings", "extra_content"} & set(begun)


def test_what_was_asked_stands_in_the_response() -> None:
    """Only as far as the caller said it."""
    said = {
        "reasoning": {"effort": "low"},
        "text": {"verbosity": "low"},
        "tools": [{"type": "function", "name": "f"}],
        "tool_choice": "required",
        "metadata": {"a": "b"},
    }
    begun = frame(**said).begun()

    assert {name: begun[name] for name in said} == said | {"text": {"format": {"type": "text"}, "verbosity": "low"}}


@pytest.mark.parametrize(
    ("finish_reason", "status", "reason"),
    [
        ("stop", "completed", None),
        ("tool_calls", "completed", None),
        ("length", "incomplete", "max_output_tokens"),
        ("content_filter", "incomplete", "content_filter"),
        (None, None, None),
    ],
)
def test_how_it_ended(finish_reason: str | None, status: str | None, reason: str | None) -> None:
    """An answer that was cut says why; where Google did not say, neither do we."""
    ended = Ended(finish_reason=finish_reason)
    response = frame().ended(ended, [ITEM])

    assert (status_of(ended), response["status"], response["output"]) == (status, status, [ITEM])
    assert response["incomplete_details"] == (None if reason is None else {"reason": reason})


def test_all_that_is_to_be_told_is_told() -> None:
    """Why something was withheld, warnings of the rewriting and of the answer, and sources."""
    ended = Ended(
        finish_reason="content_filter",
        error={"message": "withheld"},
        extra_content={"google": {}},
        warnings=("second",),
    )
    response = frame(warnings=("first",)).ended(ended, [])

    assert response["incomplete_details"] == {"reason": "content_filter", "message": "withheld"}
    assert response["warnings"] == ["first", "second"]
    assert response["extra_content"] == {"google": {}}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("rate_limit_error", "rate_limit_exceeded"),
        ("insufficient_quota", "rate_limit_exceeded"),
        ("upstream_error", "server_error"),
    ],
)
def test_a_broken_response_keeps_what_was_said(kind: str, code: str) -> None:
    """The code is one of the API's own; the exact one stands beside it."""
    response = frame().failed({"type": kind, "message": "m", "code": "exact"}, [ITEM])

    assert (response["status"], response["output"]) == ("failed", [ITEM])
    assert response["error"] == {"type": kind, "message": "m", "code": code, "reason": "exact"}


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}, (5, 0, 2, 0, 7)),
        (
            {
                "prompt_tokens": 5,
                "prompt_tokens_details": {"cached_tokens": 4},
                "completion_tokens": 2,
                "completion_tokens_details": {"reasoning_tokens": 3},
                "total_tokens": 10,
            },
            (5, 4, 5, 3, 10),
        ),
    ],
)
def test_tokens(usage: dict[str, Any], counts: tuple[int, ...]) -> None:
    """Thinking counts as output, and is told apart."""
    asked, cached, answered, thinking, total = counts

    assert usage_of(usage) == {
        "input_tokens": asked,
        "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
        "output_tokens": answered,
        "output_tokens_details": {"reasoning_tokens": thinking},
        "total_tokens": total,
    }


def test_no_count_is_no_usage() -> None:
    """Nothing is invented."""
    assert usage_of(None) is None
    assert usage_of({"cost": 0.04}) is None  # Imagen's


def test_an_id_keeps_what_makes_it_unique() -> None:
    """One answer, one id, in either protocol."""
    assert response_id("chatcmpl-1a") == "resp_1a"
