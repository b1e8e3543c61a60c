"""Counting a request instead of answering it."""

import pytest

from translators.chat.count_tokens import read_token_count, to_count_tokens
from translators.errors import UpstreamFailed
from translators.wire.call import GoogleCall, Surface

BODY = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}], "tools": [], "safetySettings": [], "toolConfig": {}}
CALL = GoogleCall(resource="models/gemini-x:streamGenerateContent", query={"alt": "sse"}, body=BODY)


def test_on_the_gemini_api() -> None:
    """The whole request is counted, below its model's name."""
    assert to_count_tokens(CALL, model="gemini-x", surface=Surface.GEMINI) == GoogleCall(
        resource="models/gemini-x:countTokens",
        body={"generateContentRequest": {"model": "models/gemini-x", **BODY}},
    )


@pytest.mark.parametrize("surface", [Surface.VERTEX, Surface.CODE_ASSIST])
def test_on_vertex(surface: Surface) -> None:
    """What countTokens has a field for stands beside contents; it has none for safety and the choice of tools."""
    assert to_count_tokens(CALL, model="gemini-x", surface=surface).body == {
        "contents": BODY["contents"],
        "tools": [],
    }


def test_the_answer() -> None:
    """The total, or an error: a count is never invented."""
    assert read_token_count(b'{"totalTokens": 7, "promptTokensDetails": []}') == 7
    for broken in (b"{}", b"[]", b"<html>", b'{"totalTokens": -1}'):
        with pytest.raises(UpstreamFailed):
            read_token_count(broken)
