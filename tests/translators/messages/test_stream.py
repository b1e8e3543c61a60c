"""A chat stream becomes Anthropic's events."""

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from tests.neighbours import chat_items
from translators.errors import Unavailable
from translators.messages.request import parse_messages, to_chat
from translators.messages.stream import MessageStream

ASKED = to_chat(parse_messages(b'{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}'))


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize("case", golden_cases("messages/streams"))
def test_stream_matches_golden(case: GoldenCase, size: int) -> None:
    """Each of Google's streams becomes the events on file, wherever its bytes are cut."""
    stream = MessageStream(ASKED)

    assert [event for item in chat_items(case, size=size) for event in stream.feed(item)] == case.openai


@pytest.mark.parametrize("case", golden_cases("messages/streams"))
def test_blocks_open_and_close_in_turn(case: GoldenCase) -> None:
    """Block n + 1 begins only when block n has ended; each delta is the open block's."""
    index, is_open = -1, False
    for event in case.openai:
        match event["type"]:
            case "content_block_start":
                assert not is_open
                index, is_open = index + 1, True
            case "content_block_delta" | "content_block_stop":
                assert is_open
                is_open = event["type"] == "content_block_delta"
        assert event.get("index", index) == index
    assert is_open == (case.name == "broken")


def test_a_break_is_an_error_event() -> None:
    """What goes wrong outside Google's stream has Anthropic's form as well."""
    assert MessageStream(ASKED).fail(Unavailable("Gone."))["error"]["type"] == "overloaded_error"


def test_words_that_are_done_are_not_cited_any_more() -> None:
    """A citation is a piece of the block that is open; another's sources are in `extra_content`."""
    silent = {"reasoning_content": None, "content": None, "tool_calls": None}
    citation = {"start_index": 0, "end_index": 3, "url": "https://a.example", "title": "A"}
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    stream = MessageStream(ASKED)
    told = []
    for said in (
        {"content": "One"},
        {"annotations": [{"url_citation": citation}]},
        {"images": [picture]},
        {"annotations": [{"url_citation": citation}]},
    ):
        choice = {"delta": {**silent, **said}, "finish_reason": None, "native_finish_reason": None}
        told += stream.feed({"id": "chatcmpl-1", "created": 1, "model": "m", "choices": [choice]})
    assert [event["delta"]["citation"]["cited_text"] for event in told if "citation" in event.get("delta", {})] == [
        "One"
    ]
