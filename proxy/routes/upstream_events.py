"""The pieces of a streamed answer, in whichever way the upstream sends them."""

from collections.abc import AsyncGenerator
from typing import Any

import orjson

from proxy.answer import Answer
from translators.sse import SseParser


async def events_of(answer: Answer) -> AsyncGenerator[bytes, None]:
    """The JSON of each event as it arrives; of a body that is one JSON document, that, and of an array each item.

    Symptom: a stream without a word in it. Source: llm-emulator 0.5 answers `streamGenerateContent` with one JSON
    object, and Google itself with an array where a relay drops `alt=sse` from the query (Gemini API docs, 2026-11).
    Pinned by tests/clients/test_foreign_upstream.py::test_an_upstream_without_streams.
    """
    if answer.headers.get("content-type", "").startswith("application/json"):
        for item in _items(await answer.read()):
            yield item
        return
    parser = SseParser()
    async for piece in answer:
        for event in parser.feed(piece):
            yield event.data


def _items(body: bytes) -> list[bytes]:
    """What cannot be read is left to the reader of events to complain about."""
    try:
        document: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return [body]
    return [orjson.dumps(item) for item in document] if isinstance(document, list) else [body]
