"""A request for text or images -> the items of a chat stream, as they come."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, TypeGuard

from proxy.routes.content_chat import ContentChat
from proxy.routes.upstream_events import events_of
from proxy.routes.whole_content import priced, tell_prompt, whole_completion
from proxy.upstream_failures import Lost
from translators.chat.as_stream import chunks_of
from translators.chat.stream import DONE, ChatStream, Item
from translators.errors import ApiError
from translators.google_errors import operation_error
from translators.wire.google import read_answer


def completion_chunks(content: ContentChat) -> AsyncGenerator[Item, None]:
    """The answer as the items of a chat stream. Raises ApiError before the first of them."""
    at_once = content.is_imagen or content.wishes.placeholder or content.cache_key is not None
    return _chunks_at_once(content) if at_once else _streamed_chunks(content)


async def _chunks_at_once(content: ContentChat) -> AsyncGenerator[Item, None]:
    """Imagen cannot stream, and what is kept is whole: the answer, cut into chunks."""
    for item in chunks_of(await whole_completion(content)):
        yield item


async def _streamed_chunks(content: ContentChat) -> AsyncGenerator[Item, None]:
    """Google's events as chunks, while they come."""
    async with content.opened() as (target, answer):
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
            async with aclosing(events_of(answer)) as events:
                async for event in events:
                    google = read_answer(event)
                    if google.error is not None:
                        raise operation_error(google.error)
                    for chunk in stream.feed(google):
                        new = [image for choice in chunk["choices"] for image in choice["delta"].get("images", ())]
                        tell_prompt(content, new)
                        images += len(new)
                        yield chunk
        except (ApiError, Lost) as failure:
            error = failure.verdict().error if isinstance(failure, Lost) else failure
            ending = stream.fail(error)
        else:
            ending = stream.finish()
        for item in ending:
            yield priced(item, content.cost(target, item["usage"], images)) if _has_usage(item) else item


def _has_usage(item: Item) -> TypeGuard[dict[str, Any]]:
    return item != DONE and "usage" in item
