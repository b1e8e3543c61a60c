"""Interactions that make no video: the caller's body, by whichever credential answers, and that one's ever after."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from proxy.interaction_repeats import repeat_key
from proxy.interactions import Owned
from proxy.routes.context import caller_of, services_of
from proxy.routes.native.named_files import files_of
from proxy.routes.native.passed_on import Coming, PassedOn
from proxy.routes.native.place import JOINED
from proxy.routes.native.recorded import Recorded
from proxy.routes.native.shape import query_of
from proxy.routes.native.video_interactions import LOOKS
from proxy.routes.uploaded_files import pinned_to
from proxy.services import Services
from proxy.upstream_failures import Lost
from translators.catalog import Family
from translators.errors import ApiError, BadRequest, NotFound, UpstreamFailed
from translators.native.file_uses import interaction_uses, with_interaction_uses
from translators.native.passed_interaction import PassedInteraction, change_call, create_call, get_call
from translators.resolve import Resolution, Target, unlisted_text
from translators.wire.call import GoogleCall


async def create_passed(
    request: Request, body: Mapping[str, Any], asked: PassedInteraction, resolution: Resolution
) -> Response:
    """Pass the request on. What runs on by itself is begun once, however often it is asked for. Raises ApiError."""
    _check_family(resolution)
    query = query_of(request)
    resolution = await _where_it_goes_on(request, asked, resolution)
    files = await files_of(request, interaction_uses(body))
    resolution = pinned_to(resolution, files.uploads)
    whole = with_interaction_uses(body, files.media)
    key = _key(request, body) if asked.is_long and asked.stored else None
    if key is not None:
        services, caller = services_of(request), caller_of(request)
        earlier = await services.interaction_repeats.earlier(key)
        owned = await services.interactions.find(earlier, caller.id) if earlier is not None else None
        if owned is not None:
            return _seen(request, owned, {"stream": "true"} if asked.stream else {}, joined=True)

    def call(target: Target) -> GoogleCall:
        return replace(create_call(whole, asked, target.upstream_id), query=query)

    return PassedOn(lambda: _created(request, asked, resolution, call, key), to_the_end=key is not None)


async def look_at(request: Request, owned: Owned) -> Response:
    """Where it stands, or its events. Raises ApiError."""
    services_of(request).interaction_repeats.asked_for(owned.interaction_id)
    return _seen(request, owned, query_of(request, LOOKS))


async def change_interaction(request: Request, owned: Owned, change: Literal["cancel", "delete"]) -> Response:
    """Stop it or delete it. Raises ApiError."""
    services = services_of(request)
    services.interaction_repeats.asked_for(owned.interaction_id)
    query = query_of(request)
    call = replace(change_call(owned.interaction_id, change), query=query)

    @asynccontextmanager
    async def opened() -> AsyncIterator[tuple[Target, Coming]]:
        async with services.calls.open(_where_it_is(services, owned), lambda _: call, request.headers) as answered:
            if change == "delete":
                await services.interactions.remove(owned.interaction_id)
            yield answered

    return PassedOn(opened)


def _seen(request: Request, owned: Owned, query: Mapping[str, str], *, joined: bool = False) -> Response:
    services = services_of(request)
    resolution, call = _where_it_is(services, owned), get_call(owned.interaction_id, query)
    told = [JOINED.format(what="interaction")] if joined else []
    return PassedOn(lambda: services.calls.open(resolution, lambda _: call, request.headers), told=told)


@asynccontextmanager
async def _created(
    request: Request, asked: PassedInteraction, resolution: Resolution, call: Any, key: str | None
) -> AsyncIterator[tuple[Target, Coming]]:
    services, caller = services_of(request), caller_of(request)
    repeats = services.interaction_repeats

    async def known(target: Target, interaction_id: str) -> None:
        owned = Owned(
            interaction_id=interaction_id,
            caller=caller.id,
            credential_id=target.credential_id,
            surface=target.surface,
            model=target.upstream_id,
        )
        await services.interactions.put(owned)
        if key is not None:
            repeats.known(key, interaction_id)

    try:
        async with services.calls.open(resolution, call, request.headers, as_it_is=True, paid=asked.is_long) as (
            target,
            answer,
        ):
            yield target, Recorded(answer, target, known) if asked.stored else answer
    except (ApiError, Lost) as failure:
        if key is not None:
            error = failure.verdict(paid_submit=True).error if isinstance(failure, Lost) else failure
            repeats.failed(key, error)
        raise
    finally:
        if key is not None:
            repeats.failed(key, UpstreamFailed("Google's answer named no interaction.", should_retry=False))


async def _where_it_goes_on(request: Request, asked: PassedInteraction, resolution: Resolution) -> Resolution:
    """What goes on from an interaction goes to the credential that can see it. Raises BadRequest and NotFound."""
    if asked.previous is None:
        return resolution
    caller, services = caller_of(request), services_of(request)
    owned = await services.interactions.find(asked.previous, caller.id)
    if owned is None:
        if await services.desk.get(asked.previous, caller.id) is not None:
            raise BadRequest(
                f"Invalid value at 'previous_interaction_id': {asked.previous} made a video, and only a model that "
                "makes videos can go on from it.",
                param="previous_interaction_id",
            )
        raise NotFound(f"There is no interaction {asked.previous}.", param="previous_interaction_id")
    targets = tuple(target for target in resolution.targets if target.credential_id == owned.credential_id)
    if not targets:
        raise BadRequest(
            f"Invalid value at 'previous_interaction_id': credential {owned.credential_id}, which alone can see it, "
            f"does not serve {asked.name}. Go on with {owned.model}, or send the whole conversation as `input`.",
            param="previous_interaction_id",
        )
    return replace(resolution, targets=targets)


def _where_it_is(services: Services, owned: Owned) -> Resolution:
    """The one credential that can see it. Raises Unavailable (code `credential_gone`)."""
    services.pool.get(owned.credential_id)
    model = unlisted_text(owned.model)
    target = Target(credential_id=owned.credential_id, surface=owned.surface, model=model, upstream_id=owned.model)
    return Resolution(asked=owned.model, model=model, targets=(target,))


def _check_family(resolution: Resolution) -> None:
    if resolution.model.family is not Family.GEMINI:
        raise BadRequest(
            f"{resolution.asked} has no interactions. Call models/{resolution.asked}:predict.",
            param="model",
            code="model_not_supported",
        )


def _key(request: Request, body: Mapping[str, Any]) -> str:
    return repeat_key(caller_of(request).id, request.headers.get("idempotency-key", "").strip(), body)
