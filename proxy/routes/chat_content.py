"""A chat completion for text or images: translate, call generateContent (or Imagen's predict), translate back."""

import base64
from collections.abc import AsyncGenerator, Container, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

from starlette.requests import Request
from starlette.responses import Response

from proxy.media.placeholder import require_placeholders
from proxy.respond import Event, EventStream, JsonWithHeartbeat, Pace
from proxy.routes.begun import begun
from proxy.routes.context import caller_of, services_of
from proxy.routes.failures import as_api_error
from proxy.routes.kept_images import CACHED_HEADERS, as_kept, key_of, metadata_of, repeats
from proxy.routes.placeholder_images import placeholder_completion, why_no_image
from proxy.routes.uploaded_files import at_google, pinned_to, uploads_named
from proxy.routes.upstream_events import events_of
from proxy.services import Services
from proxy.session_name import session_name
from proxy.upstream import Answer
from proxy.upstream_failures import Lost
from translators.catalog import Family, Kind
from translators.chat.as_stream import chunks_of
from translators.chat.image_wishes import ImageWishes, read_wishes
from translators.chat.media import Medium, links, remote_media
from translators.chat.request import TranslatedRequest, to_generate_content
from translators.chat.response import from_generate_content
from translators.chat.stream import DONE, ChatStream, Item
from translators.content import Media
from translators.errors import ApiError
from translators.google_errors import operation_error
from translators.imagen import from_predictions, to_predict
from translators.pricing import image_price
from translators.resolve import Resolution, Target
from translators.wire.call import GoogleCall
from translators.wire.google import read_answer, read_predictions
from translators.wire.openai import ChatCompletionRequest

NOT_KEPT = "cache had no effect: only images are kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentChat:
    """One request for text or images on its way to an answer."""

    services: Services
    chat: ChatCompletionRequest
    resolution: Resolution
    fetched: Mapping[str, Medium]
    headers: Mapping[str, str]
    id: str
    created: int
    caller: str
    wishes: ImageWishes = field(default_factory=ImageWishes)
    kept: Mapping[str, Any] | None = None
    """The whole answer, if it was made before."""
    sample: int = 0
    """Which of several equal calls of one request this is."""

    @property
    def makes_images(self) -> bool:
        """Whether the model does."""
        return self.resolution.model.kind is Kind.IMAGE

    @property
    def cache_key(self) -> str | None:
        """What an answer is kept by; None where the same request shall be answered anew."""
        if not self.makes_images or not repeats(self.chat, self.wishes):
            return None
        unstreamed = replace(self, chat=self.chat.model_copy(update={"stream": None}))
        return key_of(self.caller, unstreamed.call(self.resolution.targets[0]), self.sample)

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

    def cost(self, target: Target, usage: Mapping[str, Any] | None, images: int) -> float | None:
        """Dollars, where the target makes images and the catalogue knows their price."""
        if target.model.kind is not Kind.IMAGE or not images:
            return None
        size = self.chat.image_config.image_size if self.chat.image_config else None
        return image_price(target.model, size=size.upper() if size else None, images=images, usage=usage)

    def opened(self) -> AbstractAsyncContextManager[tuple[Target, Answer]]:
        """The call and its answer (`ContentCalls.open`)."""
        session = session_name(self.headers, self.chat)
        return self.services.calls.open(self.resolution, self.call, self.headers, session)

    def warnings(self, target: Target) -> tuple[str, ...]:
        """What the caller must be told."""
        told = () if self.makes_images or self.chat.cache is not True else (NOT_KEPT,)
        return (*target.warnings, *self.translated(target).warnings, *told)


async def answer_content(request: Request, chat: ChatCompletionRequest, resolution: Resolution) -> Response:
    """Answer a request for text or images. Raises ApiError for what is known before the first byte."""
    content = await begin_content(request, chat, resolution)
    headers = CACHED_HEADERS if content.kept is not None else None
    keepalive = content.services.config.streaming.keepalive_seconds
    if chat.stream:
        return EventStream(
            await begun(_events(completion_chunks(content)), patience=keepalive),
            pace=Pace(seconds=keepalive),
            headers=headers,
            done=False,  # the translator says when the answer is whole
            failure=lambda error: as_api_error(error).body(),
        )
    return JsonWithHeartbeat(
        lambda: whole_completion(content),
        pace=Pace(seconds=content.services.config.nonstream_keepalive_interval),
        headers=headers,
        failure=lambda error: as_api_error(error).body(),
    )


async def begin_content(request: Request, chat: ChatCompletionRequest, resolution: Resolution) -> ContentChat:
    """One request, its media fetched and its translation tried: what is wrong with it is raised here, as ApiError."""
    services = services_of(request)
    wishes = ImageWishes()
    if resolution.model.kind is Kind.IMAGE:
        chat, wishes = read_wishes(chat, has_negative_prompt=resolution.model.family is Family.IMAGEN)
    if wishes.placeholder:
        require_placeholders()
    named = await uploads_named(request, caller_of(request).id, links(chat))
    content = ContentChat(
        services=services,
        chat=chat,
        resolution=pinned_to(resolution, named),
        fetched={**at_google(named), **await _fetched(services, chat, named)},
        headers=request.headers,
        id=services.new_id("chatcmpl-"),
        created=int(services.clock.now().timestamp()),
        caller=caller_of(request).id,
        wishes=wishes,
    )
    content.translated(content.resolution.targets[0])
    return await with_kept(content)


async def with_kept(content: ContentChat) -> ContentChat:
    """The same with the answer in it, if it is kept."""
    key = content.cache_key
    found = await content.services.image_cache.find(key) if key else None
    if found is None:
        return replace(content, kept=None)
    return replace(content, kept=as_kept(found, answer_id=content.id, created=content.created))


async def _fetched(services: Services, chat: ChatCompletionRequest, at_hand: Container[str]) -> dict[str, Media]:
    """What the request names by web address, and is not at hand. Raises BadRequest."""
    fetched: dict[str, Media] = {}
    for url in (url for url in remote_media(chat) if url not in at_hand):
        got = await services.fetcher.fetch(url, param="messages", kinds=("image", "video", "document"))
        fetched[url] = Media(mime_type=got.media_type, data=base64.b64encode(got.data).decode())
    return fetched


def _is_imagen(resolution: Resolution) -> bool:
    return resolution.model.family is Family.IMAGEN


def completion_chunks(content: ContentChat) -> AsyncGenerator[Item, None]:
    """The answer as the items of a chat stream. Raises ApiError before the first of them."""
    at_once = _is_imagen(content.resolution) or content.wishes.placeholder or content.cache_key is not None
    return _chunks_at_once(content) if at_once else _streamed_chunks(content)


async def whole_completion(content: ContentChat) -> Mapping[str, Any]:
    """The answer as a chat completion, kept for the next time where that is wished. Raises ApiError."""
    if content.kept is not None:
        return content.kept
    if content.wishes.placeholder:
        completion = await _answered_or_placeholder(content)
    else:
        completion = await _answered(content)
    key = content.cache_key if "placeholder" not in completion else None
    if key is not None:
        await content.services.image_cache.keep(key, completion, metadata_of(content.chat, completion))
    return completion


async def _answered_or_placeholder(content: ContentChat) -> dict[str, Any]:
    try:
        completion = await _answered(content)
        why, model, usage = why_no_image(completion), completion["model"], completion.get("usage")
    except ApiError as error:
        why, model, usage = error.message, content.resolution.targets[0].upstream_id, None
    if why is None:
        return completion
    return await placeholder_completion(
        content.chat, answer_id=content.id, created=content.created, model=model, why=why, usage=usage
    )


async def _answered(content: ContentChat) -> dict[str, Any]:
    try:
        async with content.opened() as (target, answer):
            body = await answer.read()
    except Lost as failure:
        raise failure.verdict().error from None
    translated = content.translated(target)
    warnings = content.warnings(target)
    if _is_imagen(content.resolution):
        completion = from_predictions(
            read_predictions(body),
            id=content.id,
            created=content.created,
            model=target.upstream_id,
            asked=content.chat.n or 1,
            warnings=warnings,
        )
    else:
        completion = from_generate_content(
            read_answer(body),
            id=content.id,
            created=content.created,
            model=target.upstream_id,
            original_names=translated.original_names,
            warnings=warnings,
        )
    images = [image for choice in completion["choices"] for image in choice["message"].get("images", ())]
    _tell_prompt(content, images)
    return _priced(completion, content.cost(target, completion.get("usage"), len(images)))


def _tell_prompt(content: ContentChat, images: Iterable[dict[str, Any]]) -> None:
    """Put the prompt that words were added to beside each image; Imagen's own rewriting of it goes before."""
    if content.wishes.revised_prompt is not None:
        for image in images:
            image.setdefault("revised_prompt", content.wishes.revised_prompt)


def _priced(answer: dict[str, Any], cost: float | None) -> dict[str, Any]:
    """The answer with its cost in `usage`, where it is known."""
    return answer if cost is None else {**answer, "usage": {**answer.get("usage", {}), "cost": cost}}


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
                        _tell_prompt(content, new)
                        images += len(new)
                        yield chunk
        except (ApiError, Lost) as failure:
            error = failure.verdict().error if isinstance(failure, Lost) else failure
            ending = stream.fail(error)
        else:
            ending = stream.finish()
        for item in ending:
            yield _priced(item, content.cost(target, item["usage"], images)) if _has_usage(item) else item


def _has_usage(item: Item) -> TypeGuard[dict[str, Any]]:
    return item != DONE and "usage" in item


async def _events(items: AsyncGenerator[Item, None]) -> AsyncGenerator[Mapping[str, Any] | Event, None]:
    async with aclosing(items):
        async for item in items:
            yield event_of(item)


def event_of(item: Item) -> Mapping[str, Any] | Event:
    """An item of a chat stream as an event."""
    return item if isinstance(item, dict) else Event(data=[DONE.encode()])
