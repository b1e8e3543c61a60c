"""Everything that can be known to be wrong with a video request before it costs money."""

from collections.abc import Callable, Iterable

from translators.catalog import Audio, Family, Mode, VideoLimits
from translators.errors import BadRequest
from translators.resolve import Target
from translators.video.spec import VideoMedia, VideoSpec
from translators.wire.call import Surface

Check = Callable[[VideoSpec, Target], None]

MODE_FIELDS = {
    Mode.IMAGE: "image",
    Mode.FIRST_LAST: "last_frame",
    Mode.REFERENCE_ASSET: "reference_images",
    Mode.REFERENCE_STYLE: "reference_images",
    Mode.EXTENSION: "video",
    Mode.EDIT: "video",
    Mode.INSERT: "mask",
    Mode.REMOVE: "mask",
    Mode.TEXT: "prompt",
}
"""Which member of a request asks for a mode."""
NO_SUCH_MODE = "model_not_supported"
"""The error code where the model has not got the mode, whatever else is said."""
_IMAGE_TYPES = {
    Family.VEO: ("image/png", "image/jpeg"),
    Family.OMNI: ("image/png", "image/jpeg", "image/webp"),
}
_VIDEO_TYPES = {Family.VEO: ("video/mp4",), Family.OMNI: ("video/mp4", "video/quicktime", "video/webm")}
"""Vertex AI docs, Veo; Interactions API docs, 2026-11."""
_MAX_IMAGE_BYTES = 20 * 1024 * 1024
_MAX_PROMPT = 32_000


def validate(spec: VideoSpec, target: Target) -> None:
    """Raise BadRequest for the first thing the target's model cannot do: the field, what is allowed, the way out."""
    for check in CHECKS:
        check(spec, target)


def _refuse(spec: VideoSpec, member: str, problem: str, code: str | None = None) -> BadRequest:
    return BadRequest(f"{spec.field(member)} {problem}", param=spec.field(member), code=code)


def _words(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)


def _prompt(spec: VideoSpec, _: Target) -> None:
    if not spec.prompt.strip() and spec.image is None and spec.video is None:
        raise _refuse(spec, "prompt", "is empty: the last user message must say what the video shows.")
    if len(spec.prompt) > _MAX_PROMPT:
        raise _refuse(spec, "prompt", f"has {len(spec.prompt)} characters; at most {_MAX_PROMPT} are allowed.")


def _mode(spec: VideoSpec, target: Target) -> None:
    if spec.mask_mode is not None and spec.mask is None:
        raise _refuse(spec, "mask_mode", "needs mask: the picture that marks where.")
    if spec.mask is not None and spec.video is None:
        raise _refuse(spec, "mask", "needs video: a mask marks a part of an existing video.")
    if spec.last_frame is not None and spec.image is None:
        raise _refuse(spec, "last_frame", "needs image: a last frame goes with a first one.")
    if spec.references and (spec.image is not None or spec.video is not None):
        raise _refuse(spec, "reference_images", "cannot be combined with image, last_frame or video.")
    if len({reference.style for reference in spec.references}) > 1:
        raise _refuse(spec, "reference_images", "mixes assets and a style; send one kind.")
    if spec.video is not None and spec.image is not None:
        raise _refuse(spec, "video", "cannot be combined with image.")
    if spec.mode not in target.video.modes:
        raise _refuse(
            spec,
            MODE_FIELDS[spec.mode],
            f"asks for {spec.mode.value}, which {target.model.id} cannot do on {target.surface.value}. "
            f"It can do: {_words(sorted(mode.value for mode in target.video.modes))}.",
            NO_SUCH_MODE,
        )


def _references(spec: VideoSpec, target: Target) -> None:
    most = 1 if spec.mode is Mode.REFERENCE_STYLE else target.video.max_references
    if len(spec.references) > most:
        raise _refuse(
            spec, "reference_images", f"has {len(spec.references)} pictures; {target.model.id} takes at most {most}."
        )


def _duration(spec: VideoSpec, target: Target) -> None:
    limits = target.video
    if spec.duration is None:
        return
    allowed = _durations(spec, limits)
    if spec.duration not in allowed:
        raise _refuse(
            spec,
            "duration",
            f"is {spec.duration}, and {target.model.id} makes videos of {_words(allowed)} seconds"
            f"{_reason(spec, limits)}.",
        )


def _durations(spec: VideoSpec, limits: VideoLimits) -> tuple[int, ...]:
    full = limits.full_length
    if full is not None and (spec.resolution in full.resolutions or spec.mode in full.modes):
        return (full.seconds,)
    if spec.mode is Mode.EXTENSION and limits.extension is not None:
        return limits.extension.seconds
    return limits.durations


def _reason(spec: VideoSpec, limits: VideoLimits) -> str:
    full = limits.full_length
    if full is None:
        return ""
    if spec.resolution in full.resolutions:
        return f" at {spec.resolution} (choose that, or another resolution)"
    return f" for {spec.mode.value}" if spec.mode in full.modes else ""


def _resolution(spec: VideoSpec, target: Target) -> None:
    if spec.resolution is not None and spec.resolution not in target.video.resolutions:
        raise _refuse(
            spec,
            "resolution",
            f"is {spec.resolution}, and {target.model.id} makes {_words(target.video.resolutions)}.",
        )
    extension = target.video.extension
    if (
        spec.resolution is not None
        and spec.mode is Mode.EXTENSION
        and extension is not None
        and extension.resolutions
        and spec.resolution not in extension.resolutions
    ):
        raise _refuse(
            spec,
            "resolution",
            f"is {spec.resolution}, and {target.model.id} extends a video in {_words(extension.resolutions)} only.",
        )


def _ratio(spec: VideoSpec, target: Target) -> None:
    if spec.aspect_ratio is not None and spec.aspect_ratio not in target.video.aspect_ratios:
        raise _refuse(
            spec,
            "aspect_ratio",
            f"is {spec.aspect_ratio}, and {target.model.id} makes {_words(target.video.aspect_ratios)}.",
        )


def _samples(spec: VideoSpec, target: Target) -> None:
    if spec.samples is not None and not 1 <= spec.samples <= target.video.samples:
        most = target.video.samples
        allowed = "1 video a request" if most == 1 else f"1 to {most} videos a request"
        raise _refuse(
            spec, "samples", f"is {spec.samples}, and {target.model.id} makes {allowed} on {target.surface.value}."
        )


def _seed(spec: VideoSpec, _: Target) -> None:
    if spec.seed is not None and not 0 <= spec.seed < 2**32:
        raise _refuse(spec, "seed", f"is {spec.seed}; it must be between 0 and 4294967295.")


def _audio(spec: VideoSpec, target: Target) -> None:
    match target.video.audio:
        case Audio.ALWAYS if spec.generate_audio is False:
            raise _refuse(
                spec,
                "generate_audio",
                f"is false, and {target.model.id} always makes sound on {target.surface.value}. Leave it out, or use "
                "a Veo 3.1 model on Vertex AI.",
            )
        case Audio.NONE if spec.generate_audio is True:
            raise _refuse(spec, "generate_audio", f"is true, and {target.model.id} makes no sound.")
        case _:
            return


def _person_generation(spec: VideoSpec, target: Target) -> None:
    if spec.person_generation is None:
        return
    allowed = target.video.person_generation
    if not allowed and spec.person_generation == "dont_allow":
        raise _refuse(
            spec,
            "person_generation",
            f"is dont_allow, and {target.model.id} has no such switch: it could show people all the same. "
            "Use a Veo model on Vertex AI.",
        )
    if allowed and spec.person_generation not in allowed:
        raise _refuse(spec, "person_generation", f"must be one of {_words(allowed)} for {target.model.id}.")


def _parameters(spec: VideoSpec, target: Target) -> None:
    """What is neither sent nor already so, nor adapted with a warning (`adapt.py`), is refused."""
    for member in ("seed", "fps", "resize_mode", "compression_quality", "labels"):
        if getattr(spec, member) is not None and member not in target.video.parameters:
            raise _refuse(
                spec,
                member,
                f"cannot be set for {target.model.id} on {target.surface.value}. Leave it out"
                f"{', or use gemini-omni-1.2-flash or Veo on Vertex AI' if member == 'seed' else ''}.",
            )


def _media_types(spec: VideoSpec, target: Target) -> None:
    family = target.model.family
    for name, medium in spec.media():
        if medium.earlier is not None and medium is not spec.video:
            raise BadRequest(f"{name} is a video made here, and a picture is needed: send it as `video`.", param=name)
        allowed = (_VIDEO_TYPES if medium is spec.video else _IMAGE_TYPES)[family]
        if medium.mime_type is None and medium.is_cloud_storage:
            raise BadRequest(
                f"{name} does not tell its type: the object's name must end in .png, .jpg or .mp4.", param=name
            )
        if medium.mime_type is not None and medium.mime_type not in allowed:
            raise BadRequest(f"{name} is {medium.mime_type}; allowed are {_words(allowed)}.", param=name)
        if medium is not spec.video and medium.data is not None and len(medium.data) * 3 // 4 > _MAX_IMAGE_BYTES:
            raise BadRequest(f"{name} is larger than 20 MB, the most that Google takes.", param=name)


def _places(spec: VideoSpec, target: Target) -> None:
    """Each surface reads its own store only."""
    for name, medium in spec.media():
        if medium.is_cloud_storage and target.surface is not Surface.VERTEX:
            raise BadRequest(
                f"{name} is a gs:// URI, which only Vertex AI can read. Send the bytes as a data URI.", param=name
            )
        if medium.credential is not None:
            _uploaded(name, medium, target)
        elif medium.is_google_file and (target.surface is not Surface.GEMINI or medium is not spec.video):
            raise BadRequest(
                f"{name} is a file of the Gemini API: it can only be a video that the Gemini API reads. "
                "Send the bytes as a data URI.",
                param=name,
            )
    if spec.storage_uri is not None and (
        target.surface is not Surface.VERTEX or not spec.storage_uri.startswith("gs://")
    ):
        raise _refuse(spec, "storage_uri", "must be a gs:// URI, and only Vertex AI can write there.")


def _uploaded(name: str, medium: VideoMedia, target: Target) -> None:
    """An upload is read by the credential that made it, and taken by Omni: Veo extends only what it made itself."""
    if target.model.family is not Family.OMNI:
        raise BadRequest(
            f"{name} is a file of the Gemini API, and {target.model.id} takes none. Send the bytes as a data URI, or "
            "use gemini-omni-1.2-flash with a Gemini API key.",
            param=name,
        )
    if medium.credential != target.credential_id:
        raise BadRequest(
            f"{name} was uploaded by {medium.credential}, no other credential can read it, and that one does not serve "
            f"{target.model.id} here. Send the bytes as a data URI.",
            param=name,
            code="file_not_reachable",
        )


CHECKS: tuple[Check, ...] = (
    _prompt,
    _mode,
    _references,
    _resolution,
    _duration,
    _ratio,
    _samples,
    _seed,
    _audio,
    _person_generation,
    _parameters,
    _media_types,
    _places,
)
