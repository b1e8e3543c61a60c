"""A video request and where it could go -> the targets its job may be pinned to. Pure."""

from collections.abc import Sequence

from proxy.jobs.job import JobTarget
from translators.errors import BadRequest
from translators.pricing import price_per_second, video_price
from translators.resolve import Resolution, Target
from translators.video.adapt import adapt
from translators.video.spec import VideoSpec
from translators.video.validate import NO_SUCH_MODE, validate


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
