"""Anthropic's content blocks become the parts of a chat message."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from translators.errors import BadRequest
from translators.messages.blocks import misplaced, parts_of, strict_text
from translators.wire.anthropic import AnyBlock, Message
from translators.wire.openai import FileBody, FilePart, ImagePart, Part, TextPart

TEXT = {"type": "text", "text": "Hi"}
ADDRESS = {"type": "url", "url": "https://example.com/a"}
UPLOADED = {"type": "file", "file_id": "gs://bucket/a"}


def block(members: dict[str, Any]) -> Any:
    """A block as bytes bring it in."""
    return TypeAdapter[Any](AnyBlock).validate_python(members)


def base64(media_type: str) -> dict[str, str]:
    return {"type": "base64", "media_type": media_type, "data": "AAAA"}


def text(words: str) -> Part:
    return TextPart(type="text", text=words)


def picture(url: str) -> Part:
    return ImagePart(type="image_url", image_url=url)


def file(**body: str) -> Part:
    return FilePart(type="file", file=FileBody(**body))


@pytest.mark.parametrize(
    ("members", "parts"),
    [
        (TEXT, [text("Hi")]),
        ({"type": "image", "source": ADDRESS}, [picture("https://example.com/a")]),
        ({"type": "image", "source": UPLOADED}, [picture("gs://bucket/a")]),
        ({"type": "image", "source": base64("image/png")}, [picture("data:image/png;base64,AAAA")]),
        ({"type": "document", "source": ADDRESS}, [file(file_url="https://example.com/a")]),
        ({"type": "document", "source": UPLOADED}, [file(file_id="gs://bucket/a")]),
        (
            {"type": "document", "source": base64("application/pdf")},
            [file(file_data="data:application/pdf;base64,AAAA")],
        ),
        (
            {"type": "document", "title": "T", "context": "C", "source": {"type": "text", "data": "D"}},
            [text("T"), text("C"), text("D")],
        ),
        ({"type": "document", "source": {"type": "content", "content": "D"}}, [text("D")]),
        (
            {"type": "document", "title": "T", "source": {"type": "content", "content": [TEXT, TEXT]}},
            [text("T"), text("Hi"), text("Hi")],
        ),
        ({"type": "search_result", "title": "T", "source": "S", "content": [TEXT, TEXT]}, [text("T\nS\nHi\nHi")]),
    ],
)
def test_each_block_keeps_what_it_says(members: dict[str, Any], parts: list[Part]) -> None:
    """Text stays text, bytes become a data URI, addresses are fetched later, and a document's words go before it."""
    assert parts_of(block(members)) == parts


@pytest.mark.parametrize(
    ("members", "side"),
    [
        ({"type": "tool_result", "tool_use_id": "t"}, "user"),
        ({"type": "tool_use", "id": "t", "name": "f", "input": {}}, "assistant"),
        ({"type": "thinking", "thinking": "Hm."}, "assistant"),
        ({"type": "redacted_thinking", "data": "x"}, "assistant"),
    ],
)
def test_a_block_of_the_other_side_is_refused(members: dict[str, Any], side: str) -> None:
    """The refusal says where it belongs."""
    error = misplaced(block(members), path="messages[0].content[1]")

    assert f"belongs into a turn of role {side}" in error.message
    assert error.param == "messages[0].content[1].type"


def test_instructions_are_text() -> None:
    """As one text or as blocks of text; anything else is refused by its place."""
    turn = Message.model_validate({"role": "system", "content": [TEXT, {"type": "image", "source": ADDRESS}]})

    assert strict_text("Be brief.", path="system") == "Be brief."
    assert strict_text(turn.content[:1], path="system") == [text("Hi")]
    with pytest.raises(BadRequest, match="only be text") as caught:
        strict_text(turn.content, path="system")
    assert caught.value.param == "system[1].type"
