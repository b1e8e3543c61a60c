"""A video request and where it could go -> the targets its job may be pinned to. Pure."""

from collections.abc import Sequence

from proxy.google_files.uploads import UploadLimits
from proxy.jobs.job import JobTarget
from translators.errors import BadRequest, PayloadTooLarge
from translators.large_inputs import check_inline, to_upload
from translators.pricing import price_per_second, video_price
from translators.resolve import Resolution, Target
from translators.video.adapt import adapt
from translators.video.backends import BACKENDS
from translators.video.spec import VideoSpec
from translators.video.validate import NO_SUCH_MODE, validate
from translators.wire.call import Surface


def job_targets(spec: VideoSpec, resolution: Resolution) -> tuple[JobTarget, ...]:
    """Every target that can do what is asked. Else raises BadRequest: that of the first that has the mode."""
    refusals: list[BadRequest] = []
    able: list[Target] = []
    for target in resolution.targets:
        try:
            validate(spec, target)
            able.append(target)
        except BadRequest as refusal:
            refusals.append(refusal)
    if not able:
        raise next((refusal for refusal in refusals if refusal.code != NO_SUCH_MODE), refusals[0])
    return tuple(_job_target(spec, target) for target in able)


def check_size(spec: VideoSpec, targets: Sequence[JobTarget], limits: UploadLimits) -> None:
    """Raise PayloadTooLarge if the request, its inputs among it, is too large for every target."""
    refusals: list[PayloadTooLarge] = []
    for target in targets:
        call = BACKENDS[target.backend].to_submit(spec, target.upstream_id, target.surface)
        try:
            check_inline(call, target.surface, limits.vertex_inline)
            if target.surface is Surface.GEMINI:
                to_upload(call, limits.inline)
            return
        except PayloadTooLarge as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[0]


def _job_target(spec: VideoSpec, target: Target) -> JobTarget:
    return JobTarget(
        credential_id=target.credential_id,
        backend=target.backend,
        surface=target.surface,
        model=target.model.id,
        upstream_id=target.upstream_id,
        price=video_price(spec, target.video),
        price_per_second=price_per_second(target.video, spec.resolution, audio=spec.generate_audio is not False),
        warnings=_told(spec, target),
    )


def _told(spec: VideoSpec, target: Target) -> tuple[str, ...]:
    estimate: Sequence[str] = ()
    if target.video.prices and not target.video.prices_stated:
        estimate = (f"The price of {target.model.id} is an estimate: Google states none per second.",)
    return (*target.warnings, *adapt(spec, target).warnings, *estimate)
