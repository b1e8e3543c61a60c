"""A request for text or images -> the items of a chat stream, as they come."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import Any, TypeGuard

from proxy.media.chunks import Chunks, joined
from proxy.routes.content_chat import ContentChat
from proxy.routes.large_body import is_large, read_apart
from proxy.routes.upstream_events import EventJson, events_of
from proxy.routes.whole_content import priced, tell_prompt, whole_completion
from proxy.upstream_failures import Lost
from translators.chat.as_stream import chunks_of
from translators.chat.stream import DONE, ChatStream, Item
from translators.errors import ApiError
from translators.google_errors import operation_error
from translators.wire.google import read_answer

Batch = Sequence[Item]
"""The items that are there at the same time."""


def completion_chunks(content: ContentChat) -> AsyncGenerator[Batch, None]:
    """The answer as the items of a chat stream. Raises ApiError before the first of them."""
    at_once = content.is_imagen or content.wishes.placeholder or content.cache_key is not None
    return _chunks_at_once(content) if at_once else _streamed_chunks(content)


async def _chunks_at_once(content: ContentChat) -> AsyncGenerator[Batch, None]:
    """Imagen cannot stream, and what is kept is whole: the answer, cut into chunks."""
    for item in chunks_of(await whole_completion(content)):
        yield [item]


async def _streamed_chunks(content: ContentChat) -> AsyncGenerator[Batch, None]:
    """Google's events as chunks, while they come."""
    target, answer = await content.answered()
    async with answer:
        stream = ChatStream(
            id=content.id,
            created=content.created,
            model=target.upstream_id,
            original_names=content.translated(target).original_names,
            warnings=content.warnings(target),
            asked=content.chat.n or 1,
        )
        images = 0
        try:
            async with aclosing(events_of(answer)) as arrivals:
                async for events in arrivals:
                    chunks, failure = await _translated(events, stream, marker=f"@{content.id}:")
                    images += _tell_prompts(content, chunks)
                    if chunks:
                        yield chunks
                    if failure is not None:
                        raise failure
        except (ApiError, Lost) as broken:
            error = broken.verdict().error if isinstance(broken, Lost) else broken
            ending = stream.fail(error)
        else:
            ending = stream.finish()
        yield [
            priced(item, content.paid(target, item["usage"], images)) if _has_usage(item) else item for item in ending
        ]


async def _translated(
    events: Iterable[EventJson], stream: ChatStream, *, marker: str
) -> tuple[list[Item], ApiError | None]:
    """The chunks of some events, as far as they can be read, and what broke them off."""
    chunks: list[Item] = []
    try:
        for event in events:
            large = is_large(event)
            if large:
                google = await read_apart(Chunks(event), read_answer, marker=marker)
            else:
                google = read_answer(joined(event))
            if google.error is not None:
                raise operation_error(google.error)
            chunks += stream.feed(google)
            if large:
                await asyncio.sleep(0)  # what was made of it is written in a turn of its own
    except ApiError as error:
        return chunks, error
    return chunks, None


def _tell_prompts(content: ContentChat, chunks: Batch) -> int:
    """How many images are among the chunks; each is told the prompt it was made with."""
    if not content.makes_images:
        return 0
    images = [
        image
        for chunk in chunks
        if chunk != DONE
        for choice in chunk["choices"]
        for image in choice["delta"].get("images", ())
    ]
    tell_prompt(content, images)
    return len(images)


def _has_usage(item: Item) -> TypeGuard[dict[str, Any]]:
    return item != DONE and "usage" in item
