"""One request for text or images on its way: its media fetched, its translation tried, what is kept of it found."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.requests import Request

from proxy.answer import Answer
from proxy.media.base64_stream import encode
from proxy.media.placeholder import require_placeholders
from proxy.routes.able_targets import able
from proxy.routes.context import caller_of, services_of
from proxy.routes.earlier_media import own_copies
from proxy.routes.image_masks import with_imagen_mask
from proxy.routes.kept_images import as_kept, key_of, repeats
from proxy.routes.large_body import let_others
from proxy.routes.media_urls import own_bases
from proxy.routes.uploaded_files import at_google, pinned_to, uploads_named
from proxy.services import Services
from proxy.session_name import session_name
from translators.catalog import Family, Kind
from translators.chat.image_wishes import ImageWishes, read_wishes
from translators.chat.media import links, remote_media
from translators.chat.request import TranslatedRequest, to_generate_content
from translators.content import Media, Medium
from translators.imagen import to_predict
from translators.images.mask import edits_by_mask
from translators.pricing import image_price
from translators.resolve import Resolution, Target
from translators.wire.call import GoogleCall, Surface
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
    cache_key: str | None = None
    """What an answer is kept by; None where the same request shall be answered anew."""
    sample: int = 0
    """Which of several equal calls of one request this is."""
    _translations: list[tuple[Target, TranslatedRequest]] = field(default_factory=list, init=False, repr=False)
    """Mostly one; `replace` begins anew."""

    @property
    def is_imagen(self) -> bool:
        """Whether the model is called by predict, and not by generateContent."""
        return self.resolution.model.family is Family.IMAGEN

    @property
    def makes_images(self) -> bool:
        """Whether the model does."""
        return self.resolution.model.kind is Kind.IMAGE

    def translated(self, target: Target) -> TranslatedRequest:
        """The request as one target takes it, translated once. Raises BadRequest."""
        for other, translation in self._translations:
            if other is target or _are_asked_alike(other, target):
                return translation
        translation = self._translation(target)
        self._translations.append((target, translation))
        return translation

    def _translation(self, target: Target) -> TranslatedRequest:
        model = target.model
        if model.family is Family.IMAGEN:
            return to_predict(
                self.chat,
                model=target.upstream_id,
                image_limits=model.image,
                edits=edits_by_mask(model),
                fetched=self.fetched,
            )
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
        """Dollars, where the target makes images and the catalogue knows their price; Code Assist's are a licence's."""
        if target.model.kind is not Kind.IMAGE or not images or target.surface is Surface.CODE_ASSIST:
            return None
        size = self.chat.image_config.image_size if self.chat.image_config else None
        return image_price(target.model, size=size.upper() if size else None, images=images, usage=usage)

    def paid(self, target: Target, usage: Mapping[str, Any] | None, images: int) -> float | None:
        """The cost of an answer that has come, counted among what was spent."""
        cost = self.cost(target, usage, images)
        tallies = self.services.tallies
        if cost is not None:
            tallies.spent_dollars[target.surface, tallies.model(target.upstream_id)] += cost
        return cost

    async def answered(self) -> tuple[Target, Answer]:
        """Who answered the call, and the answer, for the caller to close (`ContentCalls.begin`)."""
        is_kept_together = self.services.config.routing.session_affinity
        session = session_name(self.headers, self.chat) if is_kept_together else None
        return await self.services.calls.begin(self.resolution, self.call, self.headers, session)

    def warnings(self, target: Target) -> tuple[str, ...]:
        """What the caller must be told."""
        told = () if self.makes_images or self.chat.cache is not True else (NOT_KEPT,)
        return (*target.warnings, *self.translated(target).warnings, *told)


def _are_asked_alike(one: Target, other: Target) -> bool:
    """Whether two credentials take the same words."""
    return one.surface is other.surface and one.upstream_id == other.upstream_id and one.model is other.model


async def begin_content(request: Request, chat: ChatCompletionRequest, resolution: Resolution) -> ContentChat:
    """One request, its media fetched and its translation tried: what is wrong with it is raised here, as ApiError."""
    services = services_of(request)
    wishes = ImageWishes()
    if resolution.model.kind is Kind.IMAGE:
        chat, wishes = read_wishes(chat, has_negative_prompt=resolution.model.family is Family.IMAGEN)
    if wishes.placeholder:
        require_placeholders()
    media, resolution = await _named_media(request, chat, resolution)
    if edits_by_mask(resolution.model):
        chat = await with_imagen_mask(chat, media)
    content = ContentChat(
        services=services,
        chat=chat,
        resolution=resolution,
        fetched=media,
        headers=request.headers,
        id=services.new_id("chatcmpl-"),
        created=int(services.clock.now().timestamp()),
        caller=caller_of(request).id,
        wishes=wishes,
    )
    fitting = able(resolution, content.translated)
    await let_others(request)
    return await with_kept(content if fitting is resolution else replace(content, resolution=fitting))


async def with_kept(content: ContentChat) -> ContentChat:
    """The same with what it is kept by, and with the answer in it, if it is kept."""
    key = await _key(content)
    if key is None:
        return content if content.cache_key is None else replace(content, cache_key=None, kept=None)
    found = await content.services.image_cache.find(key)
    kept = None if found is None else as_kept(found, answer_id=content.id, created=content.created)
    return replace(content, cache_key=key, kept=kept)


async def _key(content: ContentChat) -> str | None:
    if not content.makes_images or not repeats(content.chat, content.wishes):
        return None
    if content.chat.stream:
        content = replace(content, chat=content.chat.model_copy(update={"stream": None}))
    return await key_of(content.caller, content.call(content.resolution.targets[0]), content.sample)


async def _named_media(
    request: Request, chat: ChatCompletionRequest, resolution: Resolution
) -> tuple[dict[str, Medium], Resolution]:
    """What the request names and does not send along, by its name, and the targets that can read all of it.

    Raises BadRequest and NotFound.
    """
    named = links(chat)
    if not named:
        return {}, resolution
    services, caller = services_of(request), caller_of(request).id
    bases = own_bases(services, request)
    uploads = await uploads_named(services, caller, named, bases)
    resolution = pinned_to(resolution, uploads)
    media: dict[str, Medium] = {**at_google(uploads), **await own_copies(services, caller, named, bases)}
    for url, place in remote_media(chat).items():
        if url not in media:
            got = await services.fetcher.fetch(url, param=place, kinds=("image", "video", "document"))
            media[url] = Media(mime_type=got.media_type, data=encode(got.data).decode())
    return media, resolution
