"""What does not fit into a body: which inputs go another way, and what the body says instead."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translators.content import Media
from translators.errors import PayloadTooLarge
from translators.large_inputs import body_size, check_inline, inline_inputs, limit_for, to_upload, with_addresses
from translators.wire.call import GoogleCall, Surface

SMALL, LARGE, LARGEST = (
    Media(mime_type="image/png", data=letter * size) for letter, size in zip("abc", (400, 2000, 4000), strict=True)
)


def content(*media: Media, text: str = "look") -> GoogleCall:
    parts: list[dict[str, Any]] = [{"inlineData": {"mimeType": one.mime_type, "data": one.data}} for one in media]
    body = {"contents": [{"role": "user", "parts": [*parts, {"text": text}]}]}
    return GoogleCall(resource="models/m:generateContent", body=body)


def interaction(*media: Media, text: str = "move") -> GoogleCall:
    entries = [{"type": "image", "mime_type": one.mime_type, "data": one.data} for one in media]
    body = {"input": [{"type": "user_input", "content": [*entries, {"type": "text", "text": text}]}]}
    return GoogleCall(resource="interactions", body=body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text("aä€"),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("ab"), inner),
    )
)
def test_the_size_is_never_too_small(value: Any) -> None:
    """Counted without writing: at least what JSON takes."""
    assert body_size(value) >= len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def test_the_size_of_text_with_half_a_character() -> None:
    """Counted, though it cannot be sent."""
    assert body_size("\ud800") == 5


@pytest.mark.parametrize("call", [content, interaction])
def test_the_largest_go_first_and_no_more_than_must(call: Any) -> None:
    """Nothing while it fits."""
    assert to_upload(call(SMALL, LARGE, LARGEST), 10_000) == ()
    assert to_upload(call(SMALL, LARGE, LARGEST), 5000) == (LARGEST,)
    assert to_upload(call(SMALL, LARGE, LARGEST), 1200) == (LARGEST, LARGE)
    assert to_upload(call(LARGE, LARGE), 3000) == (LARGE,)


@pytest.mark.parametrize(("call", "param"), [(content, "messages"), (interaction, "input")])
def test_the_rest_alone_is_too_large(call: Any, param: str) -> None:
    """No upload helps."""
    with pytest.raises(PayloadTooLarge) as refused:
        to_upload(call(LARGE, text="x" * 3000), 1000)
    assert refused.value.param == param
    assert "1000" in refused.value.message


def test_calls_without_a_bound() -> None:
    """Veo's bodies are left to Google, as is what has no body."""
    veo = GoogleCall(resource="models/veo:predictLongRunning", body={"instances": [{"prompt": "x" * 5000}]})
    for call in (veo, GoogleCall(resource="interactions", method="GET")):
        assert to_upload(call, 10) == ()
        check_inline(call, Surface.VERTEX, 10)


def test_vertex_has_no_file_api() -> None:
    """Its bound is told with the way out; the Gemini API's bound is another matter."""
    check_inline(content(LARGE), Surface.GEMINI, 10)
    check_inline(content(SMALL), Surface.VERTEX, 10_000)
    with pytest.raises(PayloadTooLarge) as refused:
        check_inline(content(LARGE), Surface.VERTEX, 1000)
    assert "gs://" in refused.value.message
    assert "1000" in refused.value.message
    with pytest.raises(PayloadTooLarge, match="Code Assist takes 1000") as refused:
        check_inline(content(LARGE), Surface.CODE_ASSIST, 1000)
    assert "gs://" not in refused.value.message


def test_only_some_methods_have_a_limit() -> None:
    """The others are left to Google."""
    assert limit_for(content(SMALL), 7) == limit_for(interaction(SMALL), 7) == 7
    assert limit_for(GoogleCall(resource="models/veo:predictLongRunning"), 7) is None


def test_what_a_caller_misspells_is_no_medium() -> None:
    """It is left for Google to refuse."""
    parts = [{"inlineData": {"data": "QUJD"}}, {"inlineData": 7}]
    call = GoogleCall(resource="models/m:generateContent", body={"contents": [{"parts": parts}]})
    assert inline_inputs(call) == []


def test_an_address_takes_the_place_of_the_bytes() -> None:
    """Every other member of the part, and every other part, stays; the call that came is not changed."""
    call = content(SMALL, LARGE)
    assert call.body is not None
    call.body["contents"][0]["parts"][1]["thoughtSignature"] = "s"
    moved = with_addresses(call, {LARGE: "https://g/files/1"})
    assert moved.body is not None
    assert moved.body["contents"][0]["parts"] == [
        {"inlineData": {"mimeType": "image/png", "data": SMALL.data}},
        {"fileData": {"fileUri": "https://g/files/1", "mimeType": "image/png"}, "thoughtSignature": "s"},
        {"text": "look"},
    ]
    assert inline_inputs(call) == [SMALL, LARGE]
    assert inline_inputs(moved) == [SMALL]


def test_an_address_in_an_interaction() -> None:
    """`uri` where `data` was."""
    moved = with_addresses(interaction(SMALL, LARGE), {LARGE: "https://g/files/1"})
    assert moved.body is not None
    assert moved.body["input"][0]["content"] == [
        {"type": "image", "mime_type": "image/png", "data": SMALL.data},
        {"type": "image", "mime_type": "image/png", "uri": "https://g/files/1"},
        {"type": "text", "text": "move"},
    ]
    assert inline_inputs(moved) == [SMALL]


def test_nothing_to_address() -> None:
    """The very same call."""
    call = content(SMALL)
    assert with_addresses(call, {}) is call
    empty = GoogleCall(resource="interactions", method="GET")
    assert with_addresses(empty, {LARGE: "x"}) is empty
