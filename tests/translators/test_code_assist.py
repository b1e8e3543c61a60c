"""Code Assist's envelopes: calls go in whole, answers come out whole, in whatever pieces they arrive."""

import json
from typing import Any

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from translators.chat.parse import parse_chat_completion
from translators.chat.request import to_generate_content
from translators.chat.response import from_generate_content
from translators.chat.stream import ChatStream
from translators.code_assist import METHODS, EnvelopeOpener, in_envelope, opened
from translators.errors import BadRequest
from translators.sse import SseParser
from translators.wire.call import GoogleCall, Surface
from translators.wire.google import read_answer

NAMED = {"id": "chatcmpl-1", "created": 1_700_000_000, "model": "gemini-x"}
CONTENTS = [{"role": "user", "parts": [{"text": "Hi"}]}]


def taken_out(wire: bytes, *, size: int, events: bool) -> bytes:
    """What comes out of these bytes when they arrive in pieces of `size`."""
    opener = EnvelopeOpener(events=events)
    pieces = [opener.feed(wire[at : at + size]) for at in range(0, len(wire), size)]
    return b"".join([*pieces, opener.end()])


@pytest.mark.parametrize("case", golden_cases("code-assist/requests"))
def test_requests_match_golden(case: GoldenCase) -> None:
    """A chat completion as Code Assist is asked for it."""
    chat = parse_chat_completion(json.dumps(case.openai).encode())
    translated = to_generate_content(
        chat, model=chat.model, surface=Surface.CODE_ASSIST, is_image_model=case.more["image"]
    )

    call = in_envelope(translated.call, project="p-1")

    assert {"resource": call.resource, "query": dict(call.query), "body": call.body} == case.google
    assert call.method == "POST"


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize("case", golden_cases("code-assist/responses"))
def test_responses_match_golden(case: GoldenCase, size: int) -> None:
    """A whole answer, out of its envelope and translated."""
    body = taken_out(json.dumps(case.google).encode(), size=size, events=False)

    assert from_generate_content(read_answer(body), **NAMED) == case.openai


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize("case", golden_cases("code-assist/streams"))
def test_streams_match_golden(case: GoldenCase, size: int) -> None:
    """A stream: each event has an envelope of its own, and the bytes that come out are a stream again."""
    wire = b"".join(b"data: " + json.dumps(event).encode() + b"\r\n\r\n" for event in case.google)
    parser, stream = SseParser(), ChatStream(**NAMED)
    events = parser.feed(taken_out(wire, size=size, events=True))
    chunks = [chunk for event in events for chunk in stream.feed(read_answer(event.data))]

    assert [*chunks, *stream.finish()] == case.openai
    assert not parser.incomplete


def test_an_event_that_was_cut_is_none() -> None:
    """So a stream that breaks inside an event never looks whole."""
    assert taken_out(b'data: {"response": {"a": 1}}\n\ndata: {"respo', size=5, events=True) == b'data: {"a":1}\r\n\r\n'


def test_a_call_without_project_or_body() -> None:
    """What is not there is left out."""
    assert in_envelope(GoogleCall(resource="models/m:generateContent"), project=None).body == {
        "model": "m",
        "request": {},
    }


def test_counting() -> None:
    """The model is named within, whatever the body calls it; safety has nothing to be counted."""
    body = {"contents": CONTENTS, "tools": [{"googleSearch": {}}], "safetySettings": [{}], "model": "models/alias"}
    call = in_envelope(
        GoogleCall(resource="models/m:countTokens", body=body, query={"fields": "totalTokens"}), project="p"
    )

    assert (call.resource, dict(call.query)) == ("countTokens", {"fields": "totalTokens"})
    assert call.body == {"request": {"model": "models/m", "contents": CONTENTS, "tools": [{"googleSearch": {}}]}}


@pytest.mark.parametrize("name", ["fields", "$fields"])
def test_a_mask_means_the_answer_within(name: str) -> None:
    """The caller of Google's own protocol knows of no envelope."""
    query = {"alt": "sse", name: "candidates(content),usageMetadata"}
    call = in_envelope(GoogleCall(resource="models/m:streamGenerateContent", body={}, query=query), project="p")

    assert dict(call.query) == {"alt": "sse", name: "response(candidates(content),usageMetadata)"}


@pytest.mark.parametrize(
    "resource",
    [
        "models/veo-3.1-generate-001:predictLongRunning",
        "models/imagen-4.0-generate-001:predict",
        "models/m:fetchPredictOperation",
        "models/m",
        "models",
        "interactions",
        "files/f",
        "models/a:b:generateContent",
        "models/a/b:generateContent",
        "projects/p/locations/l/publishers/google/models/m:generateContent",
    ],
)
def test_nothing_else_is_asked_of_it(resource: str) -> None:
    """The last guard: no video, whoever asks; the error names the ways out."""
    with pytest.raises(BadRequest) as caught:
        in_envelope(GoogleCall(resource=resource, body={}), project="p")

    assert (caught.value.code, caught.value.param) == ("wrong_endpoint", "model")
    assert all(word in caught.value.message for word in (*METHODS, "service account", "mediashim login", "API key"))


@pytest.mark.parametrize(
    "document",
    [
        b'{"error": {"code": 429, "message": "later"}}',
        b'{"totalTokens":  7}',
        b'{"response": "text"}',
        b'{"response": null, "traceId": "t"}',
        b'"word"',
        b"7",
        b"<html>",
        b"",
    ],
)
def test_what_has_no_envelope_stays_as_it_is(document: bytes) -> None:
    """Byte for byte: whoever reads it next says what is wrong with it."""
    assert opened(document) == document
    assert taken_out(document, size=3, events=False) == document


@pytest.mark.parametrize(
    ("envelope", "inside"),
    [
        ({"response": {"responseId": "r"}, "traceId": "t"}, {"responseId": "r"}),
        ({"response": {}, "traceId": "t"}, {"responseId": "t"}),
        ({"response": {}, "traceId": ""}, {}),
        ({"response": {}, "traceId": 7}, {}),
        ({"response": {}}, {}),
    ],
)
def test_the_trace_stands_in_for_a_missing_id(envelope: dict[str, Any], inside: dict[str, Any]) -> None:
    """An id of the answer's own goes first."""
    assert json.loads(opened(json.dumps(envelope).encode())) == inside


def test_an_array_of_envelopes() -> None:
    """A stream without server-sent events; an error in it stays."""
    error = {"error": {"code": 503}}
    assert json.loads(opened(json.dumps([{"response": {"a": 1}}, error]).encode())) == [{"a": 1}, error]
