"""A chat completion for text or images as a response, whole or streamed."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from proxy.respond import Event, EventStream, Items, JsonWithHeartbeat, Pace
from proxy.routes.content_chat import begin_content
from proxy.routes.failures import as_api_error
from proxy.routes.kept_images import CACHED_HEADERS
from proxy.routes.streamed_content import Batch, completion_chunks
from proxy.routes.whole_content import whole_body
from translators.chat.stream import DONE, Item
from translators.resolve import Resolution
from translators.wire.openai import ChatCompletionRequest


async def answer_content(request: Request, chat: ChatCompletionRequest, resolution: Resolution) -> Response:
    """Answer a request for text or images. Raises ApiError for what is known before the first byte."""
    content = await begin_content(request, chat, resolution)
    headers = CACHED_HEADERS if content.kept is not None else None
    keepalive = content.services.config.streaming.keepalive_seconds
    if chat.stream:
        return EventStream(
            _events(completion_chunks(content)),
            pace=Pace(seconds=keepalive),
            held=True,
            headers=headers,
            done=False,  # the translator says when the answer is whole
            failure=lambda error: as_api_error(error).body(),
        )
    return JsonWithHeartbeat(
        lambda: whole_body(content),
        pace=Pace(seconds=content.services.config.nonstream_keepalive_interval),
        headers=headers,
        failure=lambda error: as_api_error(error).body(),
    )


async def _events(batches: AsyncGenerator[Batch, None]) -> AsyncGenerator[Items, None]:
    async with aclosing(batches):
        async for batch in batches:
            yield [event_of(item) for item in batch]


def event_of(item: Item) -> Mapping[str, Any] | Event:
    """An item of a chat stream as an event."""
    return item if isinstance(item, dict) else Event(data=[DONE.encode()])
