"""Golden pairs of the protocols that are answered by way of a chat completion: one side to the other, in one step."""

import json
from collections.abc import Iterator
from typing import Any

from tests.golden_cases import GoldenCase
from translators.as_chat import AsChat
from translators.chat.request import to_generate_content
from translators.chat.response import from_generate_content
from translators.chat.stream import ChatStream, Item
from translators.sse import SseParser
from translators.wire.call import Surface
from translators.wire.google import GenerateContentAnswer, read_answer

WARNING = "A warning."
"""What Google's side has to tell in every golden answer."""


def google_body(asked: AsChat) -> tuple[dict[str, Any] | None, list[str]]:
    """What Google is sent for it, and what the caller is told."""
    translated = to_generate_content(asked.chat, model=asked.chat.model, surface=Surface.GEMINI)
    return translated.call.body, asked.told(translated.warnings)


def completion_of(case: GoldenCase) -> dict[str, Any]:
    """The chat completion of Google's answer."""
    answer = GenerateContentAnswer.model_validate(case.google)
    return from_generate_content(answer, id="chatcmpl-1", created=1_700_000_000, model="gemini-x", warnings=[WARNING])


def chat_items(case: GoldenCase, *, size: int) -> Iterator[Item]:
    """The chat stream of Google's events, whose bytes arrive `size` at a time."""
    wire = b"".join(b"data: " + json.dumps(event).encode() + b"\r\n\r\n" for event in case.google)
    parser = SseParser()
    stream = ChatStream(id="chatcmpl-1", created=1_700_000_000, model="gemini-x", warnings=[WARNING])
    for at in range(0, len(wire), size):
        for event in parser.feed(wire[at : at + size]):
            yield from stream.feed(read_answer(event.data))
    yield from stream.finish()
