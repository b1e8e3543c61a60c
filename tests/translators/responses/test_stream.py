"""A chat stream becomes the events of a response."""

from typing import Any

import pytest
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from tests.golden_cases import GoldenCase, golden_cases
from tests.neighbours import chat_items
from translators.errors import RateLimited, Unavailable
from translators.responses.request import parse_responses, to_chat
from translators.responses.stream import ResponsesStream

SAID = parse_responses(
    b'{"model":"gemini-x","input":"Hi","temperature":0.5,"tools":[{"type":"function","name":"get_weather",'
    b'"description":"The weather.","strict":true,"parameters":{"type":"object","properties":{"city":{"type":"string"}},'
    b'"required":["city"]}}]}'
)
EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize("case", golden_cases("responses/streams"))
def test_stream_matches_golden(case: GoldenCase, size: int) -> None:
    """Each of Google's streams becomes the events on file, wherever its bytes are cut."""
    stream = ResponsesStream(SAID, to_chat(SAID))

    assert [event for item in chat_items(case, size=size) for event in stream.feed(item)] == case.openai


@pytest.mark.parametrize("case", golden_cases("responses/streams"))
def test_openais_own_types_accept_the_events(case: GoldenCase) -> None:
    """openai-python reads each event, word for word by its types."""
    for event in case.openai:
        EVENT.validate_python(event)


@pytest.mark.parametrize("case", golden_cases("responses/streams"))
def test_the_last_event_holds_what_was_said(case: GoldenCase) -> None:
    """The output of a whole response is the items that were done, in their order."""
    done = [event["item"] for event in case.openai if event["type"] == "response.output_item.done"]
    last = case.openai[-1]

    assert last["type"] == "error" or last["response"]["output"] == done
    assert [event["sequence_number"] for event in case.openai] == list(range(len(case.openai)))


def test_a_break_before_the_first_event() -> None:
    """Without a response there is none that could fail: the error stands alone."""
    assert ResponsesStream(SAID, to_chat(SAID)).fail(Unavailable("Gone.")) == {
        "type": "error",
        "code": "service_unavailable",
        "message": "Gone.",
        "param": None,
        "sequence_number": 0,
    }


def test_a_break_in_the_middle() -> None:
    """The response that had begun fails, by one of the Responses API's own codes; ours stands beside it."""
    stream = ResponsesStream(SAID, to_chat(SAID))
    delta = {"content": "Hal", "reasoning_content": None, "tool_calls": None}
    choice = {"index": 0, "delta": delta, "finish_reason": None, "native_finish_reason": None}
    begun = stream.feed({"id": "chatcmpl-1", "created": 1, "model": "m", "choices": [choice]})

    failed = stream.fail(RateLimited("Slower.", code="quota"))

    assert failed["type"] == "response.failed"
    assert failed["sequence_number"] == len(begun)
    assert failed["response"]["error"]["code"] == "rate_limit_exceeded"
    assert failed["response"]["error"]["reason"] == "quota"
    EVENT.validate_python(failed)


def chat_chunk(finish_reason: str | None = None, **said: Any) -> dict[str, Any]:
    """A chunk of a chat stream."""
    delta = {"reasoning_content": None, "content": None, "tool_calls": None, **said}
    choice = {"delta": delta, "finish_reason": finish_reason, "native_finish_reason": None}
    return {"id": "chatcmpl-1", "created": 1, "model": "m", "choices": [choice]}


def cited(start: int, end: int) -> dict[str, Any]:
    """A citation of these characters of all words."""
    return {"url_citation": {"start_index": start, "end_index": end, "url": "https://a.example", "title": "A"}}


def test_a_citation_belongs_to_the_message_its_words_stand_in() -> None:
    """Counted from that message's own beginning; what an earlier one said is done, and a link has no words."""
    stream = ResponsesStream(SAID, to_chat(SAID))
    for item in (
        chat_chunk(content="One. "),
        chat_chunk(files=[{"type": "file_url", "file_url": {"url": "https://h/a.pdf"}}]),
        chat_chunk(content="Two."),
    ):
        stream.feed(item)
    added = stream.feed(chat_chunk(annotations=[cited(0, 4), cited(5, 9)]))
    assert [(event["annotation"]["start_index"], event["annotation"]["end_index"]) for event in added] == [(0, 4)]
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    stream.feed(chat_chunk(images=[picture]))
    assert stream.feed(chat_chunk(annotations=[cited(5, 9)])) == []
