"""How an answer ended is said in Anthropic's words, and nothing is counted that Google did not count."""

from typing import Any

import pytest

from translators.answer_events import Cited, Ended
from translators.messages.ending import STOP_REASONS, citations_of, message_id, stop_members, told_members, usage_of

WITHHELD = {"message": "Google withheld the answer."}


@pytest.mark.parametrize(("finish_reason", "stop_reason"), [*STOP_REASONS.items(), (None, None)])
def test_the_reason_is_anthropics(finish_reason: str | None, stop_reason: str | None) -> None:
    """Where Google did not say, neither do we."""
    assert stop_members(Ended(finish_reason=finish_reason)) == {"stop_reason": stop_reason, "stop_sequence": None}


def test_a_citation_quotes_the_answer() -> None:
    """Google does not tell the source's own words."""
    cited = Cited([{"start_index": 1, "end_index": 3, "url": "https://a.example", "title": "A"}])
    [told] = citations_of(cited, "abcd")
    assert (told["type"], told["cited_text"]) == ("web_search_result_location", "bc")


def test_a_refusal_is_explained() -> None:
    """Only a refusal has details; another end with an error has none."""
    refused = stop_members(Ended(finish_reason="content_filter", error=WITHHELD))

    assert refused["stop_details"] == {"type": "refusal", "category": None, "explanation": WITHHELD["message"]}
    assert "stop_details" not in stop_members(Ended(finish_reason="length", error=WITHHELD))


@pytest.mark.parametrize(
    ("usage", "told"),
    [
        (None, {"input_tokens": 0, "output_tokens": 0}),
        ({"prompt_tokens": 5, "completion_tokens": 2}, {"input_tokens": 5, "output_tokens": 2}),
        (
            {
                "prompt_tokens": 5,
                "completion_tokens": 2,
                "prompt_tokens_details": {"cached_tokens": 4},
                "completion_tokens_details": {"reasoning_tokens": 3},
            },
            {
                "input_tokens": 1,
                "output_tokens": 5,
                "cache_read_input_tokens": 4,
                "output_tokens_details": {"thinking_tokens": 3},
            },
        ),
        ({"prompt_tokens_details": {"cached_tokens": 4}}, {
            "input_tokens": 0, "output_tokens": 0, "cache_read_input_tokens": 4,
        }),
    ],
)  # fmt: skip
def test_tokens(usage: dict[str, Any] | None, told: dict[str, Any]) -> None:
    """Cached input is counted apart, thinking is output, and no count is below zero."""
    assert usage_of(usage) == told


def test_what_anthropic_has_no_place_for() -> None:
    """Warnings and sources stand at the top level; where there are none, there is no member."""
    sources = {"google": {"grounding_metadata": {}}}

    assert told_members(Ended(finish_reason="stop", extra_content=sources), ["w"]) == {
        "warnings": ["w"],
        "extra_content": sources,
    }
    assert told_members(Ended(finish_reason="stop"), []) == {}


def test_an_id_keeps_what_makes_it_unique() -> None:
    """One answer, one id, in either protocol."""
    assert message_id("chatcmpl-1a") == "msg_1a"
