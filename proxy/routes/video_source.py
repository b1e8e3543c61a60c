"""A video request, ready to be placed: where it may go, and how its inputs get there.

The video of an earlier job goes along as the stored copy, with two exceptions. Veo on the Gemini API takes no bytes:
there it must be the file that Google still keeps, by the key that made it (Gemini API docs, video extension, 2026-11).
And Gemini Omni goes on from its own interaction where it can: it then knows more than the pixels, nothing has to be
sent, and it does so where an uploaded video may not be edited (EEA, Switzerland, UK; Gemini API docs, Omni, 2026-11).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from proxy.jobs.desk import LONG_REST
from proxy.jobs.errors import known
from proxy.jobs.google import pinned
from proxy.jobs.job import JobTarget
from proxy.jobs.targets import job_targets
from proxy.media.stored import MediaDamaged, MediaMissing
from proxy.routes.earlier_media import Source, read_stored
from proxy.routes.media_inputs import fetch_inputs
from proxy.services import Services
from translators.catalog import Kind, Mode
from translators.errors import BadRequest, NotFound
from translators.resolve import Backend, Resolution
from translators.video.read_create import BY_ADDRESS
from translators.video.spec import INTERACTION_SCHEME, VideoMedia, VideoSpec
from translators.video.validate import MODE_FIELDS, NO_SUCH_MODE
from translators.video.who_can import who_can

CHAINED_FOR = timedelta(days=7)
"""So long an interaction is gone on from. Google keeps them longer: 14 days on Vertex AI, 55 on a paid API key
(Interactions docs of both, 2026-11); the copy does as well after that."""
MADE_BY_DEFAULT = 'previous_job_id was taken as a request to {what} the video; "task": "{what}" says so itself.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where a request may go, and what makes it whole once it is certain to be a new job."""

    targets: tuple[JobTarget, ...]
    ready: Callable[[], Awaitable[VideoSpec]]


def decided(spec: VideoSpec, resolution: Resolution) -> tuple[VideoSpec, str]:
    """What was left open: an edit where the model can, else an extension; and the sentence that tells it."""
    edits = any(Mode.EDIT in target.video.modes for target in resolution.targets)
    return replace(spec, editing=edits), MADE_BY_DEFAULT.format(what="edit" if edits else "extend")


def planned(services: Services, spec: VideoSpec, resolution: Resolution, source: Source | None) -> Plan:
    """Decide where the request may go. Raises BadRequest for what no target can do."""
    targets = _able(services, spec, resolution)
    if source is None:
        return Plan(targets=targets, ready=lambda: fetch_inputs(services, spec))
    if chain := _chain(services, spec, targets, source):
        return Plan(targets=chain, ready=lambda: _chained(services, spec, source))
    by_copy = tuple(target for target in targets if target.backend is not Backend.GEMINI)
    if by_copy:
        return Plan(targets=by_copy, ready=lambda: _with_copy(services, spec, source))
    by_address, video = _at_google(services, spec, targets, source)
    return Plan(targets=by_address, ready=lambda: _with_video(services, spec, video))


def _able(services: Services, spec: VideoSpec, resolution: Resolution) -> tuple[JobTarget, ...]:
    """Every target that can do what is asked; where none has the mode at all, the refusal names the models that do."""
    try:
        return job_targets(spec, resolution)
    except BadRequest as refusal:
        if refusal.code != NO_SUCH_MODE:
            raise
        field = spec.field(MODE_FIELDS[spec.mode])
        raise BadRequest(
            who_can(spec.mode, field, resolution, _models_for(services, spec.mode), services.catalog),
            param="model" if field == BY_ADDRESS else field,
            code=NO_SUCH_MODE,
        ) from None


def _models_for(services: Services, mode: Mode) -> list[str]:
    """The public names of the models that can, by the configured credentials."""
    return [
        name
        for name, model in services.visible_models().items()
        if model.kind is Kind.VIDEO and any(mode in target.video.modes for target in services.resolve(name).targets)
    ]


def _chain(
    services: Services, spec: VideoSpec, targets: tuple[JobTarget, ...], source: Source
) -> tuple[JobTarget, ...]:
    """The target that can go on from the interaction which made the source; none where the copy has to do."""
    job = source.job
    made_by = pinned(job)
    ended = job.finished_at or job.created_at
    if spec.mode is not Mode.EDIT or made_by.backend is not Backend.OMNI or len(job.media) > 1:
        return ()
    if job.operation is None or services.clock.now() - ended > CHAINED_FOR:
        return ()
    return tuple(
        target
        for target in targets
        if (target.credential_id, target.upstream_id) == (made_by.credential_id, made_by.upstream_id)
        and services.pool.resting_seconds(target.credential_id, target.upstream_id) <= LONG_REST
    )


async def _chained(services: Services, spec: VideoSpec, source: Source) -> VideoSpec:
    """The request that goes on from the interaction. Raises NotFound for a video that is gone here: gone is gone."""
    try:
        await services.media.open(source.media.name)
    except (MediaMissing, MediaDamaged):
        raise _expired(spec, source) from None
    video = VideoMedia(uri=f"{INTERACTION_SCHEME}{source.job.operation}", mime_type=source.media.mime_type)
    return await _with_video(services, spec, video)


async def _with_copy(services: Services, spec: VideoSpec, source: Source) -> VideoSpec:
    """The request with the stored video in it. Raises NotFound when it is no longer kept."""
    try:
        copy = await read_stored(services, source.media.name, spec.field("video"))
    except NotFound:
        raise _expired(spec, source) from None
    return await _with_video(services, spec, VideoMedia(mime_type=copy.mime_type, data=copy.data))


def _expired(spec: VideoSpec, source: Source) -> NotFound:
    return NotFound(f"The video of {source.job.id} is no longer kept.", param=spec.field("video"), code="video_expired")


async def _with_video(services: Services, spec: VideoSpec, video: VideoMedia) -> VideoSpec:
    """The video is put in last: Google's own address of it is not one to fetch."""
    return replace(await fetch_inputs(services, spec), video=video)


def _at_google(
    services: Services, spec: VideoSpec, targets: tuple[JobTarget, ...], source: Source
) -> tuple[tuple[JobTarget, ...], VideoMedia]:
    """The target that can read the file which Google still keeps, and that file."""
    uri, job = source.media.uri, source.job
    expired = job.remote_until is not None and job.remote_until <= services.clock.now()
    own = tuple(target for target in targets if target.credential_id == pinned(job).credential_id)
    if uri is None or uri.startswith("gs://") or expired or not own:
        why = "Google no longer keeps that file" if expired else "this video was not made by such a key"
        raise BadRequest(
            f"{targets[0].model} on the Gemini API extends only a file that it made itself, within two days, and {why}."
            " Use gemini-omni-1.2-flash or Veo on Vertex AI, which take a copy.",
            param=spec.field("video"),
            code="source_expired",
            extra=known(job),
        )
    return own, VideoMedia(uri=uri, mime_type=source.media.mime_type)
