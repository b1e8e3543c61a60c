"""Another protocol's request, answered by way of a chat completion. No video is ever begun from here."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from proxy.respond import Event, EventStream, Items, JsonWithHeartbeat, Pace
from proxy.routes.content_chat import ContentChat, begin_content
from proxy.routes.context import services_of
from proxy.routes.failures import as_api_error
from proxy.routes.streamed_content import Batch, completion_chunks
from proxy.routes.whole_content import whole_completion
from translators.as_chat import AsChat
from translators.catalog import Kind
from translators.chat.stream import Item
from translators.chat.thinking import split_thinking_suffix
from translators.errors import ApiError, BadRequest

StreamItem = Mapping[str, Any] | Event


class AnswerStream(Protocol):
    """A protocol's stream, as its translator makes it."""

    def feed(self, item: Item) -> Sequence[Mapping[str, Any]]:
        """The events of one item of a chat stream; each has its name as `type`."""

    def fail(self, error: ApiError) -> Mapping[str, Any]:
        """The last event of a stream that broke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """How a protocol answers: a whole answer, a streamed one, and a failure under a status 200 that is already out."""

    whole: Callable[[Mapping[str, Any], AsChat], Mapping[str, Any]]
    stream: Callable[[AsChat], AnswerStream]
    failure: Callable[[ApiError], Mapping[str, Any]]


async def answer_as(request: Request, asked: AsChat, answerer: Answerer) -> Response:
    """Answer in the protocol's own form. Raises ApiError for what is known before the first byte."""
    asked, content = await begin_neighbour(request, asked)
    if content.chat.stream:
        stream = answerer.stream(asked)
        return event_stream(
            content, _events(completion_chunks(content), stream), lambda error: _named(stream.fail(error))
        )
    return whole_answer(content, lambda completion: answerer.whole(completion, asked), answerer.failure)


async def begin_neighbour(request: Request, asked: AsChat) -> tuple[AsChat, ContentChat]:
    """The request with its alias' defaults, ready to be sent. Raises ApiError naming the caller's own field."""
    services = services_of(request)
    with asked.trail.renaming():
        asked = replace(asked, chat=services.with_defaults(asked.chat))
        resolution = services.resolve(split_thinking_suffix(asked.chat.model)[0])
        if resolution.model.kind is Kind.VIDEO:
            raise BadRequest(
                f"{resolution.asked} makes videos, which this route has no form for. "
                "Ask for it with POST /v1/chat/completions or POST /v1/videos.",
                param="model",
                code="model_not_supported",
            )
        return asked, await begin_content(request, asked.chat, resolution)


def event_stream(
    content: ContentChat, events: AsyncGenerator[Items, None], failure: Callable[[ApiError], StreamItem]
) -> Response:
    """The events, once the first is there; what goes wrong before it has its own status."""
    keepalive = content.services.config.streaming.keepalive_seconds
    return EventStream(
        events,
        pace=Pace(seconds=keepalive),
        held=True,
        done=False,
        failure=lambda error: failure(as_api_error(error)),
    )


def whole_answer(
    content: ContentChat,
    translate: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    failure: Callable[[ApiError], Mapping[str, Any]],
) -> Response:
    """One JSON object, made from the whole chat completion."""

    async def wait() -> Mapping[str, Any]:
        return translate(await whole_completion(content))

    return JsonWithHeartbeat(
        wait,
        pace=Pace(seconds=content.services.config.nonstream_keepalive_interval),
        failure=lambda error: failure(as_api_error(error)),
    )


async def _events(batches: AsyncGenerator[Batch, None], stream: AnswerStream) -> AsyncGenerator[Items, None]:
    async with aclosing(batches):
        async for batch in batches:
            if events := [_named(event) for item in batch for event in stream.feed(item)]:
                yield events


def _named(event: Mapping[str, Any]) -> Event:
    return Event(name=event["type"], data=event)
