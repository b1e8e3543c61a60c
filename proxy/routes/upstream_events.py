"""The pieces of a streamed answer, in whichever way the upstream sends them."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import orjson

from proxy.answer import Answer
from translators.sse import SseParser

_SLICE = 4096
"""Bytes of a read with several events that are translated at a time: some 0.2 ms in which nothing else happens."""


EventJson = tuple[bytes, ...]
"""The JSON of one event, in the pieces it came in."""


async def events_of(answer: Answer) -> AsyncGenerator[list[EventJson], None]:
    """The events as they arrive, together what arrived together.

    A body that is one JSON document is one event, and of an array each item is.

    Symptom: a stream without a word in it. Source: llm-emulator 0.5 answers `streamGenerateContent` with one JSON
    object, and Google itself with an array where a relay drops `alt=sse` from the query (Gemini API docs, 2026-11).
    Pinned by tests/clients/test_foreign_upstream.py::test_an_upstream_without_streams.
    """
    if answer.headers.get("content-type", "").startswith("application/json"):
        yield [(item,) for item in _items(await answer.read())]
        return
    parser = SseParser()
    async for piece in answer:
        size = _SLICE if b"\n" in piece else len(piece)
        for start in range(0, len(piece), size):
            if events := parser.feed(piece[start : start + size]):
                yield [event.pieces for event in events]
                if start + size < len(piece):
                    await asyncio.sleep(0)  # what was made of them leaves before the rest is translated


def _items(body: bytes) -> list[bytes]:
    """What cannot be read is left to the reader of events to complain about."""
    try:
        document: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return [body]
    return [orjson.dumps(item) for item in document] if isinstance(document, list) else [body]
