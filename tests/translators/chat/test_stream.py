"""Google's events become chunks; a stream ends well only when Google ended the answer."""

import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletionChunk

from tests.golden_cases import GoldenCase, golden_cases
from translators.chat.stream import DONE, ChatStream
from translators.errors import Unavailable, UpstreamFailed
from translators.sse import SseParser
from translators.wire.google import GenerateContentAnswer, read_answer


def stream_of(**members: Any) -> ChatStream:
    return ChatStream(**{"id": "chatcmpl-1", "created": 1_700_000_000, "model": "gemini-x", **members})


def wire_bytes(case: GoldenCase) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\r\n\r\n" for event in case.google)


def from_bytes(wire: bytes, *, size: int) -> list[Any]:
    parser, stream = SseParser(), stream_of()
    pieces = (wire[at : at + size] for at in range(0, len(wire), size))
    events = (event for piece in pieces for event in parser.feed(piece))
    return [*(chunk for event in events for chunk in stream.feed(read_answer(event.data))), *stream.finish()]


def event_of(*parts: object, **candidate: object) -> GenerateContentAnswer:
    return GenerateContentAnswer.model_validate({"candidates": [{"content": {"parts": list(parts)}, **candidate}]})


@pytest.mark.parametrize("case", golden_cases("chat/streams"))
def test_stream_matches_golden(case: GoldenCase) -> None:
    """Each of Google's streams becomes the chunks on file."""
    stream = stream_of()

    items = [chunk for event in case.google for chunk in stream.feed(GenerateContentAnswer.model_validate(event))]

    assert [*items, *stream.finish()] == case.openai


@pytest.mark.parametrize("case", golden_cases("chat/streams"))
def test_bytes_cut_anywhere_make_the_same_chunks(case: GoldenCase) -> None:
    """Byte by byte off the wire, the chunks are those of the whole events."""
    assert from_bytes(wire_bytes(case), size=1) == case.openai


@pytest.mark.parametrize("case", golden_cases("chat/streams"))
def test_a_stream_cut_short_never_ends_well(case: GoldenCase) -> None:
    """Cut anywhere before Google's last event is whole, a stream never ends in [DONE]."""
    wire = wire_bytes(case)
    last_event = wire.rstrip().rfind(b"data: ")

    for cut in range(0, last_event, 7):
        assert from_bytes(wire[:cut], size=4096)[-1] != DONE


@pytest.mark.parametrize("case", golden_cases("chat/streams"))
def test_openais_own_types_accept_the_chunks(case: GoldenCase) -> None:
    """openai-python reads each chunk, word for word by its types."""
    for item in case.openai:
        if isinstance(item, dict) and "choices" in item:
            ChatCompletionChunk.model_validate(item)


def test_a_broken_stream_ends_in_its_error() -> None:
    """A connection that breaks in the middle never ends in [DONE]."""
    stream = stream_of()
    stream.feed(event_of({"text": "Hal"}))

    assert stream.fail(Unavailable("Gone.")) == [Unavailable("Gone.").body()]


def test_a_break_after_the_end_costs_nothing() -> None:
    """What Google had finished is whole, whatever happens to the connection afterwards."""
    stream = stream_of()
    stream.feed(event_of({"text": "Hi"}, finishReason="STOP"))

    *_, last, done = stream.fail(Unavailable("Gone."))

    assert isinstance(last, dict)
    assert last["choices"][0]["finish_reason"] == "stop"
    assert done == DONE


def test_a_break_before_the_second_choice_is_a_break() -> None:
    """Of two choices that were asked for, one that is finished is not the whole answer."""
    stream = stream_of(asked=2)
    stream.feed(event_of({"text": "Hi"}, finishReason="STOP"))

    assert stream.fail(Unavailable("Gone.")) == [Unavailable("Gone.").body()]


def test_a_blocked_prompt_survives_a_break() -> None:
    """A blocked prompt is a whole answer, too."""
    stream = stream_of()
    stream.feed(GenerateContentAnswer.model_validate({"promptFeedback": {"blockReason": "SAFETY"}}))

    assert stream.fail(Unavailable("Gone."))[-1] == DONE


def test_a_stream_without_events_is_an_error() -> None:
    """An upstream that closes without a word does not make an empty answer."""
    assert stream_of().finish() == [
        {
            "error": {
                "message": "Google answered without a candidate and without a reason for that.",
                "type": "upstream_error",
                "param": None,
                "code": "empty_upstream_answer",
            }
        }
    ]


@pytest.mark.parametrize(("error", "words"), [({"message": "Overloaded"}, "Overloaded"), ({}, "no reason given")])
def test_an_error_event_raises(error: dict[str, Any], words: str) -> None:
    """Google reports failures inside the stream as well; they are no chunk."""
    with pytest.raises(UpstreamFailed, match=words):
        stream_of().feed(GenerateContentAnswer.model_validate({"error": error}))


def test_choices_end_each_for_itself_and_usage_comes_last() -> None:
    """With n > 1 each choice has its own finish chunk, and the last chunk alone carries usage and warnings."""
    stream = stream_of(warnings=["Changed."])
    event = {
        "candidates": [
            {"index": 1, "content": {"parts": [{"text": "b"}]}, "finishReason": "STOP"},
            {"index": 0, "content": {"parts": [{"text": "a"}]}, "finishReason": "SAFETY"},
        ],
        "usageMetadata": {"promptTokenCount": 1, "totalTokenCount": 1},
    }
    stream.feed(GenerateContentAnswer.model_validate(event))

    first, last, done = stream.finish()

    assert isinstance(first, dict)
    assert isinstance(last, dict)
    assert [chunk["choices"][0]["index"] for chunk in (first, last)] == [0, 1]
    assert [chunk["choices"][0]["finish_reason"] for chunk in (first, last)] == ["content_filter", "stop"]
    assert first["choices"][0]["error"]["code"] == "safety"
    assert "usage" not in first
    assert "error" not in first
    assert last["usage"]["prompt_tokens"] == 1
    assert last["warnings"] == ["Changed."]
    assert done == DONE


def test_the_first_event_settles_id_time_and_model() -> None:
    """Later events that name others do not change them: clients take one id for one answer."""
    stream = stream_of()
    first = event_of({"text": "a"}).model_copy(update={"create_time": "1970-01-01T00:00:09Z"})
    later = event_of({"text": "b"}).model_copy(update={"response_id": "r9", "create_time": "1970-01-01T00:00:99Z"})

    chunks = [*stream.feed(first), *stream.feed(later)]

    assert [(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks] == [("chatcmpl-1", 9, "gemini-x")] * 2


def test_logprobs_ride_on_the_first_chunk_of_their_event() -> None:
    """Log probabilities are told once an event, even by an event without words."""
    result = {"chosenCandidates": [{"token": "a", "logProbability": -1}]}
    stream = stream_of()
    image = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}

    with_words = stream.feed(event_of({"text": "a"}, image, logprobsResult=result))
    without = stream.feed(event_of(logprobsResult=result))

    assert ["logprobs" in chunk["choices"][0] for chunk in with_words] == [True, False]
    assert without[0]["choices"][0]["logprobs"]["content"][0]["token"] == "a"
    assert without[0]["choices"][0]["delta"]["role"] is None


def test_sources_come_with_the_end() -> None:
    """Where the facts come from is told on the finish chunk, also when Google told it earlier."""
    stream = stream_of()
    stream.feed(event_of({"text": "a"}, groundingMetadata={"webSearchQueries": ["x"]}))
    stream.feed(event_of(finishReason="STOP"))

    finish = stream.finish()[0]

    assert isinstance(finish, dict)
    assert finish["choices"][0]["extra_content"] == {"google": {"grounding_metadata": {"webSearchQueries": ["x"]}}}


def test_sources_are_annotations_of_the_last_delta() -> None:
    """Counted in all words of the stream, however they were cut."""
    grounding = {
        "groundingChunks": [{"web": {"uri": "https://a.example", "title": "A"}}],
        "groundingSupports": [{"segment": {"startIndex": 4, "endIndex": 8}, "groundingChunkIndices": [0]}],
    }
    stream = stream_of()
    stream.feed(event_of({"text": "Öl."}))
    stream.feed(event_of({"text": " Ja."}, finishReason="STOP", groundingMetadata=grounding))
    cited, finish, _ = stream.finish()
    assert isinstance(cited, dict)
    assert isinstance(finish, dict)
    [annotation] = cited["choices"][0]["delta"]["annotations"]
    assert (annotation["url_citation"]["start_index"], annotation["url_citation"]["end_index"]) == (3, 7)
    assert cited["choices"][0]["finish_reason"] is None
    assert finish["choices"][0]["finish_reason"] == "stop"
