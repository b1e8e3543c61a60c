"""One request of the Videos API -> a job, new or joined: what all of its forms have in common."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace

from starlette.requests import Request

from proxy.auth import Caller
from proxy.jobs.desk import Wish
from proxy.jobs.job import Job
from proxy.jobs.join import Repeat
from proxy.routes.context import caller_of, is_marked_retry, services_of
from proxy.routes.earlier_media import Source, found
from proxy.routes.json_or_form import object_of
from proxy.routes.media_urls import base_url, own_bases
from proxy.routes.video_source import decided, planned
from proxy.services import Services
from proxy.webhook_outbox import Owed
from proxy.webhooks import Webhooks
from translators.catalog import Kind
from translators.errors import BadRequest
from translators.resolve import Resolution, require_kind
from translators.video.read_create import Action, AskedCreate, parse_create, read_create

UNSIGNED = "callback_url will be called without a signature: neither webhook-secret nor webhooks.secret is configured."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aim:
    """A request whose model and source are known."""

    asked: AskedCreate
    model: str
    resolution: Resolution
    source: Source | None


def webhooks_of(request: Request) -> Webhooks:
    """The running proxy's sender of callbacks."""
    webhooks: Webhooks = request.app.state.webhooks
    return webhooks


async def placed(request: Request, *, source: str, action: Action = Action.CREATE, remixes: str | None = None) -> Job:
    """The job of this request. `source` is the form it came in, `remixes` the job its address names.

    Raises ApiError for everything that is known before the job runs.
    """
    services, caller = services_of(request), caller_of(request)
    body = parse_create(await object_of(request))
    asked = read_create(
        body, action=action, source=remixes, defaults=services.defaults_of(body.model).get("video_config")
    )
    aim = await _aim(services, caller, asked, own_bases(services, request))
    if aim.asked.callback_url is not None:
        await webhooks_of(request).check(aim.asked.callback_url)
    job = await _place(request, services, caller, aim, source)
    if aim.asked.callback_url is not None:
        owed = Owed(job_id=job.id, caller=caller.id, url=aim.asked.callback_url, base_url=base_url(services, request))
        await webhooks_of(request).promise(owed)
    return job


async def _aim(services: Services, caller: Caller, asked: AskedCreate, bases: Collection[str]) -> _Aim:
    earlier = await found(services, caller.id, asked.spec, bases)
    source = earlier.source
    model = asked.model or (source.job.asked_model if source is not None else None)
    if model is None:
        raise BadRequest(f"model is required. Video models here: {_video_models(services)}.", param="model")
    resolution = services.resolve(model)
    require_kind(resolution, Kind.VIDEO)
    asked = replace(asked, spec=earlier.spec)
    if asked.edit_or_extend:
        spec, told = decided(asked.spec, resolution)
        asked = replace(asked, spec=spec, warnings=(*asked.warnings, told))
    return _Aim(asked=asked, model=model, resolution=resolution, source=source)


async def _place(request: Request, services: Services, caller: Caller, aim: _Aim, source: str) -> Job:
    asked = aim.asked
    plan = planned(services, asked.spec, aim.resolution, aim.source)
    unsigned = asked.callback_url is not None and not webhooks_of(request).signed(caller.id)
    wish = Wish(
        caller=caller.id,
        asked_model=aim.model,
        spec=asked.spec,
        targets=plan.targets,
        repeat=Repeat(
            fingerprint=await asyncio.to_thread(asked.spec.fingerprint, aim.model),
            idempotency_key=request.headers.get("idempotency-key"),
            marked=is_marked_retry(request.headers),
        ),
        priority=caller.priority,
        source=source,
        waits=False,
        remixed_from=aim.source.job.id if aim.source is not None else None,
        warnings=(*asked.warnings, *([UNSIGNED] if unsigned else [])),
        extra_parameters={"delivery": asked.delivery} if asked.delivery is not None else {},
    )
    return await services.desk.place(wish, plan.ready)


def _video_models(services: Services) -> str:
    names = (name for name, model in services.visible_models().items() if model.kind is Kind.VIDEO)
    return ", ".join(names) or "none"
