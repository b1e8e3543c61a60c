"""POST /v1/images/generations and /v1/images/edits: images, by as many calls as it takes."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from proxy.respond import Event, EventStream, JsonWithHeartbeat, Pace
from proxy.routes.content_chat import ContentChat, begin_content, with_kept
from proxy.routes.context import caller_of, services_of
from proxy.routes.failures import as_api_error
from proxy.routes.image_calls import outcomes
from proxy.routes.image_links import store_image
from proxy.routes.json_or_form import object_of
from proxy.routes.kept_images import CACHED_HEADERS, metadata_of
from proxy.routes.media_urls import base_url, media_url
from proxy.services import Services
from translators.chat.thinking import split_thinking_suffix
from translators.errors import ApiError
from translators.images.answer import (
    Completion,
    Picture,
    differences,
    not_made,
    pictures_of,
    to_images_response,
    usage_of,
)
from translators.images.events import completed_event
from translators.images.mask import edits_by_mask
from translators.images.read import ImageOrder, calls_of, check_makes_images, parse_image_request, read_order
from translators.wire.openai import ChatCompletionRequest

_LISTS = frozenset({"image", "images"})


async def generate_images(request: Request) -> Response:
    """Make images from words, and from images where the model can."""
    return await _answer(request, edit=False)


async def edit_images(request: Request) -> Response:
    """Make images from images."""
    return await _answer(request, edit=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """One request on its way: its calls, and what is known before they are made."""

    services: Services
    order: ImageOrder
    contents: Sequence[ContentChat]
    warnings: tuple[str, ...]
    base: str
    edit: bool

    @property
    def is_kept(self) -> bool:
        """Whether all of it was made before."""
        return all(content.kept is not None for content in self.contents)

    @property
    def created(self) -> int:
        """Unix seconds."""
        return self.contents[0].created


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """One call that made images, and what must be told about them."""

    content: ContentChat
    completion: Completion
    pictures: Sequence[Picture]
    warnings: Sequence[str]


async def _answer(request: Request, *, edit: bool) -> Response:
    caller_of(request)
    making = await _begin(request, edit=edit)
    headers = CACHED_HEADERS if making.is_kept else None
    config = making.services.config
    if making.order.stream:
        keepalive = config.streaming.keepalive_seconds
        return EventStream(
            _events(making),
            pace=Pace(seconds=keepalive),
            held=True,
            headers=headers,
            done=False,  # OpenAI's own image streams end without a word
            failure=lambda error: Event(name="error", data=as_api_error(error).body()),
        )
    return JsonWithHeartbeat(
        lambda: _whole(making),
        pace=Pace(seconds=config.nonstream_keepalive_interval),
        headers=headers,
        failure=lambda error: as_api_error(error).body(),
    )


async def _begin(request: Request, *, edit: bool) -> _Making:
    """Whatever is wrong with the request is raised here, before anything is paid."""
    services = services_of(request)
    said = parse_image_request(await object_of(request, repeatable=_LISTS))
    resolution = services.resolve(split_thinking_suffix(said.model)[0])
    check_makes_images(resolution.model, resolution.asked)
    surfaces = [target.surface for target in resolution.targets]
    order = read_order(said, resolution.model, surfaces, edit=edit, masking=_masking(services) if said.mask else ())
    chat = services.with_defaults(order.asked.chat)
    chats, told = calls_of(chat, order.count, resolution.model.family)
    with order.asked.trail.renaming():
        content = await begin_content(request, chats[0], resolution)
    return _Making(
        services=services,
        order=order,
        contents=[await _nth(content, number, each) for number, each in enumerate(chats)],
        warnings=tuple(told),
        base=base_url(services, request),
        edit=edit,
    )


def _masking(services: Services) -> list[str]:
    """The models here that take a mask."""
    return [name for name, model in services.visible_models().items() if edits_by_mask(model)]


async def _nth(content: ContentChat, number: int, chat: ChatCompletionRequest) -> ContentChat:
    """One call of several: its own count, seed, and kept answer."""
    own = content.chat.model_copy(update={"n": chat.n, "seed": chat.seed})
    return await with_kept(replace(content, chat=own, sample=number))


async def _whole(making: _Making) -> Mapping[str, Any]:
    """Every image, in the order of the calls. Raises the first call's ApiError when there is none."""
    made: dict[int, _Made] = {}
    failures: dict[int, ApiError] = {}
    async with aclosing(outcomes(making.contents, at_once=making.services.config.images.concurrency)) as ended:
        async for number, outcome in ended:
            try:
                made[number] = _read(making, number, outcome)
            except ApiError as error:
                failures[number] = error
    if not made:
        raise failures[min(failures)]
    calls = [made[number] for number in sorted(made)]
    completions = [call.completion for call in calls]
    pictures = [(call, picture) for call in calls for picture in call.pictures]
    links = [await _link(making, call, picture) for call, picture in pictures] if making.order.by_link else None
    return to_images_response(
        [picture for _, picture in pictures],
        created=making.created,
        model=completions[0]["model"],
        usage=usage_of(completions, has_inputs=making.order.has_inputs),
        cached=making.is_kept,
        warnings=_told(making, calls, [failures[number] for number in sorted(failures)]),
        links=links,
    )


async def _events(making: _Making) -> AsyncGenerator[Event, None]:
    """An event for each image, as it is made; the last one is held until it is known what there is to tell."""
    made: list[_Made] = []
    failures: list[ApiError] = []
    held: Mapping[str, Any] | None = None
    async with aclosing(outcomes(making.contents, at_once=making.services.config.images.concurrency)) as ended:
        async for number, outcome in ended:
            try:
                call = _read(making, number, outcome)
            except ApiError as error:
                failures.append(error)
                continue
            made.append(call)
            for picture in call.pictures:
                if held is not None:
                    yield _named(held)
                held = await _event(making, call, picture)
    if held is None:
        raise failures[0]
    warnings = _told(making, made, failures)
    yield _named({**held, **({"warnings": warnings} if warnings else {})})


def _read(making: _Making, number: int, outcome: Completion | ApiError) -> _Made:
    """One call's images. Raises the ApiError of a call that made none."""
    if isinstance(outcome, ApiError):
        raise outcome
    pictures = pictures_of(outcome)
    told = [*making.order.asked.told(outcome.get("warnings", ())), *differences(making.order, pictures)]
    return _Made(content=making.contents[number], completion=outcome, pictures=pictures, warnings=told)


def _told(making: _Making, calls: Sequence[_Made], failures: Sequence[ApiError]) -> list[str]:
    told = [warning for call in calls for warning in call.warnings]
    return list(dict.fromkeys([*making.warnings, *told, *not_made(failures, len(making.contents))]))


async def _event(making: _Making, call: _Made, picture: Picture) -> Mapping[str, Any]:
    # A call's usage is told once, with the last of its images.
    is_last = picture is call.pictures[-1]
    return completed_event(
        picture,
        edit=making.edit,
        created=making.created,
        usage=usage_of([call.completion], has_inputs=making.order.has_inputs) if is_last else None,
        link=await _link(making, call, picture) if making.order.by_link else None,
    )


async def _link(making: _Making, call: _Made, picture: Picture) -> str:
    metadata = metadata_of(call.content.chat, call.completion, call.content.caller)
    return media_url(making.base, await store_image(making.services.media, picture.media, metadata))


def _named(event: Mapping[str, Any]) -> Event:
    return Event(name=event["type"], data=event)
