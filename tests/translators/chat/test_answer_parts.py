"""The parts of an answer become members of a message, and are counted."""

from typing import Any

import pytest

from translators.chat.answer_parts import Tally, is_media, logprobs_from_google, message_members
from translators.wire.google import LogprobsResult, Part

PNG = "iVBORw0KGgo="


def parts_of(*parts: dict[str, Any]) -> list[Part]:
    return [Part.model_validate(part) for part in parts]


def members_of(*parts: dict[str, Any]) -> dict[str, Any]:
    return message_members(parts_of(*parts), Tally(call_prefix="r"))


def test_empty_text_is_empty_and_none_is_none() -> None:
    """A text that is there but empty is "", for words and for thoughts."""
    assert members_of({"text": ""}, {"text": "", "thought": True}) == {
        "content": "",
        "reasoning_content": "",
        "tool_calls": None,
    }
    assert members_of() == {"content": None, "reasoning_content": None, "tool_calls": None}


@pytest.mark.parametrize(
    ("part", "member", "url"),
    [
        ({"inlineData": {"mimeType": "image/webp", "data": "AAAA"}}, "images", "data:image/webp;base64,AAAA"),
        ({"inlineData": {"data": PNG}}, "images", f"data:image/png;base64,{PNG}"),
        ({"inlineData": {"data": "AAAA"}}, "files", "data:application/octet-stream;base64,AAAA"),
        ({"inlineData": {"mimeType": "video/mp4", "data": "AAAA"}}, "videos", "data:video/mp4;base64,AAAA"),
        ({"inlineData": {"mimeType": "audio/wav", "data": "AAAA"}}, "audios", "data:audio/wav;base64,AAAA"),
        ({"fileData": {"mimeType": "video/mp4", "fileUri": "gs://b/v"}}, "videos", "gs://b/v"),
        ({"fileData": {"fileUri": "gs://b/v"}}, "files", "gs://b/v"),
    ],
)
def test_media_go_by_kind(part: dict[str, Any], member: str, url: str) -> None:
    """Videos are no images; a type that is not named is read off the bytes, and never guessed."""
    (item,) = members_of(part)[member]

    assert item[item["type"]] == {"url": url}
    assert item["index"] == 0


@pytest.mark.parametrize(
    "part",
    [
        {"inlineData": {"mimeType": "image/png", "data": ""}},
        {"fileData": {}},
        {"inlineData": {"mimeType": "image/png", "data": PNG}, "thought": True},
    ],
)
def test_drafts_and_empty_media_are_no_answer(part: dict[str, Any]) -> None:
    """Thought images and media without bytes are left out, and nothing was said."""
    tally = Tally(call_prefix="r")

    assert message_members(parts_of(part), tally) == {"content": None, "reasoning_content": None, "tool_calls": None}
    assert not tally.said


def test_counts_go_on_over_calls() -> None:
    """Images and tool calls count up within a choice, however many pieces it comes in."""
    tally = Tally(call_prefix="r")
    pieces = parts_of({"inlineData": {"mimeType": "image/png", "data": PNG}}, {"functionCall": {"name": "f"}})

    first, second = message_members(pieces, tally), message_members(pieces, tally)

    assert [members["images"][0]["index"] for members in (first, second)] == [0, 1]
    assert [members["tool_calls"][0]["id"] for members in (first, second)] == ["call_r_0", "call_r_1"]
    assert tally.said


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"text": "a"}, True),
        ({"text": ""}, False),
        ({"text": "a", "thought": True}, False),
        ({"functionCall": {}}, True),
    ],
)
def test_what_counts_as_said(part: dict[str, Any], said: bool) -> None:
    """Words, calls and media are an answer; thoughts are not."""
    tally = Tally(call_prefix="r")
    message_members(parts_of(part), tally)

    assert tally.said is said


def test_code_is_fenced() -> None:
    """What Google ran, and what it printed, is part of the words."""
    content = members_of(
        {"executableCode": {"language": "PYTHON", "code": "1"}}, {"codeExecutionResult": {"output": "2"}}
    )["content"]

    assert content == "\n```python\n1\n```\n\n```\n2\n```\n"


def test_media_are_told_from_words() -> None:
    """The two kinds of parts that go out apart."""
    assert [is_media(part) for part in parts_of({"text": "a"}, {"inlineData": {}}, {"fileData": {}})] == [
        False,
        True,
        True,
    ]


def test_logprobs_without_rivals() -> None:
    """Where Google tells no rivals there are none; without a result there is nothing."""
    result = LogprobsResult.model_validate({"chosenCandidates": [{"token": "a", "logProbability": -1.0}]})

    assert logprobs_from_google(None) is None
    assert logprobs_from_google(result) == {
        "content": [{"token": "a", "logprob": -1.0, "bytes": [97], "top_logprobs": []}],
        "refusal": None,
    }
