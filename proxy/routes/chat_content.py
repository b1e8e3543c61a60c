"""A chat completion for text or images: translate, call generateContent (or Imagen's predict), translate back."""

import base64
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from proxy.respond import Event, EventStream, JsonWithHeartbeat, Pace
from proxy.routes.begun import begun
from proxy.routes.context import services_of
from proxy.routes.failures import as_api_error
from proxy.routes.upstream_events import events_of
from proxy.services import Services
from proxy.session_name import session_name
from proxy.upstream import Answer
from proxy.upstream_failures import Lost
from translators.catalog import Family, Kind
from translators.chat.as_stream import chunks_of
from translators.chat.media import remote_media
from translators.chat.request import TranslatedRequest, to_generate_content
from translators.chat.response import from_generate_content
from translators.chat.stream import DONE, ChatStream, Item
from translators.content import Media
from translators.errors import ApiError
from translators.google_errors import operation_error
from translators.imagen import from_predictions, to_predict
from translators.resolve import Resolution, Target
from translators.wire.call import GoogleCall
from translators.wire.google import read_answer, read_predictions
from translators.wire.openai import ChatCompletionRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentChat:
    """One request for text or images on its way to an answer."""

    services: Services
    chat: ChatCompletionRequest
    resolution: Resolution
    fetched: Mapping[str, Media]
    headers: Mapping[str, str]
    id: str
    created: int

    def translated(self, target: Target) -> TranslatedRequest:
        """The request as one target takes it. Raises BadRequest."""
        model = target.model
        if model.family is Family.IMAGEN:
            return to_predict(self.chat, model=target.upstream_id, image_limits=model.image)
        return to_generate_content(
            self.chat,
            model=target.upstream_id,
            surface=target.surface,
            is_image_model=model.kind is Kind.IMAGE,
            image_limits=model.image,
            fetched=self.fetched,
        )

    def call(self, target: Target) -> GoogleCall:
        """The call for one target."""
        return self.translated(target).call

    def opened(self) -> AbstractAsyncContextManager[tuple[Target, Answer]]:
        """The call and its answer (`ContentCalls.open`)."""
        session = session_name(self.headers, self.chat)
        return self.services.calls.open(self.resolution, self.call, self.headers, session)

    def warnings(self, target: Target) -> tuple[str, ...]:
        """What the caller must be told."""
        return (*target.warnings, *self.translated(target).warnings)


async def answer_content(request: Request, chat: ChatCompletionRequest, resolution: Resolution) -> Response:
    """Answer a request for text or images. Raises ApiError for what is known before the first byte."""
    content = await begin_content(request, chat, resolution)
    keepalive = content.services.config.streaming.keepalive_seconds
    if chat.stream:
        return EventStream(
            await begun(_events(completion_chunks(content)), patience=keepalive),
            pace=Pace(seconds=keepalive),
            done=False,  # the translator says when the answer is whole
            failure=lambda error: as_api_error(error).body(),
        )
    return JsonWithHeartbeat(
        lambda: whole_completion(content),
        pace=Pace(seconds=content.services.config.nonstream_keepalive_interval),
        failure=lambda error: as_api_error(error).body(),
    )


async def begin_content(request: Request, chat: ChatCompletionRequest, resolution: Resolution) -> ContentChat:
    """One request, its media fetched and its translation tried: what is wrong with it is raised here, as ApiError."""
    services = services_of(request)
    content = ContentChat(
        services=services,
        chat=chat,
        resolution=resolution,
        fetched=await _fetched(services, chat),
        headers=request.headers,
        id=services.new_id("chatcmpl-"),
        created=int(services.clock.now().timestamp()),
    )
    content.translated(resolution.targets[0])
    return content


async def _fetched(services: Services, chat: ChatCompletionRequest) -> dict[str, Media]:
    """What the request names by web address. Raises BadRequest."""
    fetched: dict[str, Media] = {}
    for url in remote_media(chat):
        got = await services.fetcher.fetch(url, param="messages", kinds=("image", "video", "document"))
        fetched[url] = Media(mime_type=got.media_type, data=base64.b64encode(got.data).decode())
    return fetched


def _is_imagen(resolution: Resolution) -> bool:
    return resolution.model.family is Family.IMAGEN


def completion_chunks(content: ContentChat) -> AsyncGenerator[Item, None]:
    """The answer as the items of a chat stream. Raises ApiError before the first of them."""
    return _predicted_chunks(content) if _is_imagen(content.resolution) else _streamed_chunks(content)


async def whole_completion(content: ContentChat) -> Mapping[str, Any]:
    """The answer as a chat completion. Raises ApiError."""
    try:
        async with content.opened() as (target, answer):
            body = await answer.read()
    except Lost as failure:
        raise failure.verdict().error from None
    translated = content.translated(target)
    warnings = content.warnings(target)
    if _is_imagen(content.resolution):
        return from_predictions(
            read_predictions(body),
            id=content.id,
            created=content.created,
            model=target.upstream_id,
            asked=content.chat.n or 1,
            warnings=warnings,
        )
    return from_generate_content(
        read_answer(body),
        id=content.id,
        created=content.created,
        model=target.upstream_id,
        original_names=translated.original_names,
        warnings=warnings,
    )


async def _predicted_chunks(content: ContentChat) -> AsyncGenerator[Item, None]:
    """Imagen cannot stream: its whole answer, cut into chunks."""
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
        )
        try:
            async with aclosing(events_of(answer)) as events:
                async for event in events:
                    google = read_answer(event)
                    if google.error is not None:
                        raise operation_error(google.error)
                    for chunk in stream.feed(google):
                        yield chunk
        except (ApiError, Lost) as failure:
            error = failure.verdict().error if isinstance(failure, Lost) else failure
            ending = stream.fail(error)
        else:
            ending = stream.finish()
        for item in ending:
            yield item


async def _events(items: AsyncGenerator[Item, None]) -> AsyncGenerator[Mapping[str, Any] | Event, None]:
    async with aclosing(items):
        async for item in items:
            yield event_of(item)


def event_of(item: Item) -> Mapping[str, Any] | Event:
    """An item of a chat stream as an event."""
    return item if isinstance(item, dict) else Event(data=[DONE.encode()])
