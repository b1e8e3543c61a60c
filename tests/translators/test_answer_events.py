"""Whatever a chat completion says becomes events, in the order in which an answer is told."""

from typing import Any

import pytest

from translators.answer_events import Broken, Call, Cited, Ended, Medium, Thought, Words, read_chunk, read_completion

SILENT: dict[str, Any] = {"reasoning_content": None, "content": None, "tool_calls": None}
TOKENS = [{"token": "Hi", "logprob": -0.1}]
PICTURE = "data:image/png;base64,AAAA"


def chunk(finish_reason: str | None = None, *, logprobs: Any = None, **said: Any) -> dict[str, Any]:
    """A chunk that says so much."""
    choice = {"delta": {**SILENT, **said}, "finish_reason": finish_reason, "native_finish_reason": None}
    return {"choices": [choice if logprobs is None else {**choice, "logprobs": logprobs}]}


def test_a_whole_completion_is_told_in_order() -> None:
    """Thinking, words, calls, media, and how it ended, with all that the completion says of its end."""
    function = {"name": "f", "arguments": "{}"}
    message = {
        "reasoning_content": "Hm.",
        "content": "Hi",
        "tool_calls": [
            {"id": "c1", "function": function, "extra_content": {"google": {"thought_signature": "s"}}},
            {"id": "c2", "function": function},
        ],
        "images": [{"type": "image_url", "image_url": {"url": PICTURE}}],
        "files": [{"type": "file_url", "file_url": {"url": "https://example.com/a.pdf"}}],
    }
    choice = {
        "message": message,
        "logprobs": {"content": TOKENS},
        "finish_reason": "content_filter",
        "native_finish_reason": "SAFETY",
        "error": {"message": "withheld"},
        "extra_content": {"google": {}},
    }

    assert read_completion({"choices": [choice], "usage": {"total_tokens": 3}, "warnings": ["w"]}) == [
        Thought("Hm."),
        Words("Hi", TOKENS),
        Call(id="c1", name="f", arguments="{}", signature="s"),
        Call(id="c2", name="f", arguments="{}"),
        Medium(kind="image", url=PICTURE),
        Medium(kind="file", url="https://example.com/a.pdf"),
        Ended(
            finish_reason="content_filter",
            native_finish_reason="SAFETY",
            error={"message": "withheld"},
            extra_content={"google": {}},
            usage={"total_tokens": 3},
            warnings=("w",),
        ),
    ]


@pytest.mark.parametrize(
    ("one", "events"),
    [
        (chunk(), []),
        (chunk(content="Hi"), [Words("Hi")]),
        (chunk(logprobs={"content": TOKENS}), [Words("", TOKENS)]),
        (chunk(logprobs={"content": None}), []),
        (chunk("stop", content="."), [Words("."), Ended(finish_reason="stop")]),
        ({"error": {"message": "Gone."}}, [Broken({"message": "Gone."})]),
    ],
)
def test_a_chunk_tells_what_is_new(one: dict[str, Any], events: list[Any]) -> None:
    """A chunk without a finish reason ends nothing; an error in a chunk's place ends all."""
    assert read_chunk(one) == events


@pytest.mark.parametrize(
    ("kind", "url", "inline", "markdown"),
    [
        ("image", PICTURE, True, f"![image]({PICTURE})"),
        ("image", "https://example.com/a", False, "![image](https://example.com/a)"),
        ("file", "data:text/plain;base64,AAAA", False, "[file](data:text/plain;base64,AAAA)"),
    ],
)
def test_a_medium_as_text(kind: str, url: str, inline: bool, markdown: str) -> None:
    """Only a picture is shown by Markdown, and only one with its bytes is inline."""
    medium = Medium(kind=kind, url=url)

    assert (medium.is_inline_image, medium.markdown) == (inline, markdown)


def test_citations_follow_the_words() -> None:
    """Each as OpenAI's object has it, without its wrapping."""
    citation = {"start_index": 0, "end_index": 2, "url": "https://a.example", "title": "A"}
    annotations = [{"type": "url_citation", "url_citation": citation}]
    assert read_chunk(chunk(content="Hi", annotations=annotations)) == [Words("Hi"), Cited([citation])]
