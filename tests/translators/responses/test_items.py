"""The items of a response's output."""

import pytest

from translators.answer_events import Call, Cited, Medium
from translators.assistant_turn import is_marked
from translators.responses.items import (
    annotations_in,
    call_item,
    item_id,
    message_item,
    picture_item,
    reasoning_item,
    text_content,
)


def test_ids_are_made_from_the_responses_own() -> None:
    """The same answer has the same ids, streamed or not."""
    assert item_id("msg", "resp_1a", 2) == "msg_1a_2"


def test_thinking() -> None:
    """A summary where there are words, Gemini's signature under our mark where there is one."""
    assert reasoning_item("rs", "Hm.") == {
        "id": "rs",
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "Hm."}],
    }
    signed = reasoning_item("rs", "", signature="s")
    assert signed["summary"] == []
    assert is_marked(signed["encrypted_content"])


@pytest.mark.parametrize("status", ["completed", "in_progress", "incomplete"])
def test_words(status: str) -> None:
    """A message has one part."""
    item = message_item("msg", "Hi", [{"token": "Hi"}], status=status)

    assert (item["id"], item["role"], item["status"]) == ("msg", "assistant", status)
    assert item["content"] == [text_content("Hi", [{"token": "Hi"}])]
    assert item["content"][0]["annotations"] == []


def test_citations_count_from_the_messages_own_beginning() -> None:
    """Those of other messages are left out."""
    source = {"url": "https://a.example", "title": "A"}
    cited = Cited([{"start_index": at, "end_index": at + 2, **source} for at in (0, 5, 8)])
    assert annotations_in(cited, begin=5, length=4) == [
        {"type": "url_citation", "start_index": 0, "end_index": 2, **source}
    ]


def test_a_call() -> None:
    """Its own id and the call's are two; the arguments may be still to come."""
    call = Call(id="call_1", name="f", arguments="{}")

    assert call_item("fc", call, arguments="", status="in_progress") == {
        "id": "fc",
        "type": "function_call",
        "status": "in_progress",
        "call_id": "call_1",
        "name": "f",
        "arguments": "",
    }


def test_a_picture() -> None:
    """Bare base64 and its format; nothing while it is still to come."""
    picture = Medium(kind="image", url="data:image/jpeg;base64,AAAA")

    whole = picture_item("ig", picture)
    assert (whole["status"], whole["result"], whole["output_format"]) == ("completed", "AAAA", "jpeg")
    assert picture_item("ig", None, status="in_progress") == {
        "id": "ig",
        "type": "image_generation_call",
        "status": "in_progress",
        "result": None,
    }
