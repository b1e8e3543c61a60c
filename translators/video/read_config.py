"""`video_config` in all its spellings -> the members of a VideoSpec, each with the name the caller used."""

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from pydantic import ValidationError

from translators.errors import BadRequest
from translators.video.neighbours import read_neighbours
from translators.video.read_media import read_clip, read_media
from translators.video.reader import Reader, name_of
from translators.video.spec import Reference
from translators.video.task import read_task
from translators.wire.video import VideoConfig, VideoReferenceImage

DURATION_NAMES = ("duration_seconds", "duration", "seconds", "length", "video_length")
SAMPLES_NAMES = ("number_of_videos", "n")
IMAGE_NAMES = ("image", "first_frame")
SOURCE_NAMES = ("video", "previous_job_id", "previous_interaction_id")
RESOLUTION_NAMES = ("resolution", "resolution_name")

SAY_THE_SAME = (
    DURATION_NAMES,
    SAMPLES_NAMES,
    (*IMAGE_NAMES, "input_reference", "frame_images"),
    ("last_frame", "frame_images"),
    ("reference_images", "input_references"),
    SOURCE_NAMES,
    (*RESOLUTION_NAMES, "size"),
    ("aspect_ratio", "size"),
)
"""Members that answer one question; whoever says one of them has answered it."""

SIZES: Mapping[str, tuple[str, str]] = {
    "640x360": ("16:9", "360p"),
    "360x640": ("9:16", "360p"),
    "1280x720": ("16:9", "720p"),
    "720x1280": ("9:16", "720p"),
    "1920x1080": ("16:9", "1080p"),
    "1080x1920": ("9:16", "1080p"),
    "3840x2160": ("16:9", "4k"),
    "2160x3840": ("9:16", "4k"),
}
"""Pixel sizes Google can make: aspect ratio and resolution."""

NEAREST_SIZES: Mapping[str, str] = {"1024x1792": "720x1280", "1792x1024": "1280x720"}
"""Sizes of OpenAI's video models that Google cannot make (and n8n's fixed list still sends), and the nearest one."""

RESOLUTIONS: Mapping[str, str] = {
    "360p": "360p", "360": "360p", "720p": "720p", "720": "720p", "hd": "720p", "1080p": "1080p", "1080": "1080p",
    "fhd": "1080p", "full hd": "1080p", "4k": "4k", "2160p": "4k", "2160": "4k", "uhd": "4k",
}  # fmt: skip
PERSON_GENERATION: Mapping[str, str] = {
    "allow_all": "allow_all", "allowall": "allow_all", "allow_adult": "allow_adult", "allowadult": "allow_adult",
    "dont_allow": "dont_allow", "dontallow": "dont_allow", "disallow": "dont_allow",
}  # fmt: skip
"""Google's own documents spell these in several ways (Vertex docs, 2026-11)."""

_DURATION = re.compile(r"(\d{1,6})(?:\.0+)?\s*(?:s|sec|secs|second|seconds)?", re.IGNORECASE | re.ASCII)
_RATIO = re.compile(r"(\d{1,5})\s*[:x/]\s*(\d{1,5})", re.ASCII)


def unanswered(defaults: Mapping[str, Any], said: Collection[str]) -> dict[str, Any]:
    """The defaults for what a caller leaves open, in whatever words it speaks; `said` are the names that it wrote."""
    names_said = frozenset(said)
    answered = names_said | {name for names in SAY_THE_SAME if not names_said.isdisjoint(names) for name in names}
    return {name: value for name, value in defaults.items() if name not in answered}


def parse_config(data: Mapping[str, Any] | None, where: str = "video_config") -> VideoConfig:
    """Validate a `video_config` object. Raises BadRequest naming the member, and the nearest known name."""
    if data is None:
        return VideoConfig()
    if not isinstance(data, Mapping):
        raise BadRequest(f"{where} must be an object.", param=where)
    unknown = next((name for name in data if name not in VideoConfig.model_fields), None)
    if unknown is not None:
        near = difflib.get_close_matches(unknown, VideoConfig.model_fields, n=1)
        hint = (
            f" Did you mean {name_of(where, near[0])}?"
            if near
            else f" Known: {', '.join(sorted(VideoConfig.model_fields))}."
        )
        name = name_of(where, unknown)
        raise BadRequest(f"{name} is not known.{hint}", param=name, code="unknown_parameter")
    try:
        return VideoConfig.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        name = name_of(where, ".".join(str(part) for part in first["loc"][:1]))
        raise BadRequest(f"{name}: {first['msg']}.", param=name) from None


def read_config(config: VideoConfig, reader: Reader, where: str = "video_config") -> None:
    """Put what a validated `video_config` says into the reader; `where` is empty for members at a request's top."""

    def put(member: str, name: str, read: Callable[[Any, str], Any] | None = None) -> None:
        value, full = getattr(config, name), name_of(where, name)
        reader.put(member, value if read is None or value is None else read(value, full), full)

    for name in DURATION_NAMES:
        put("duration", name, read_duration)
    for name in SAMPLES_NAMES:
        put("samples", name)
    for name in RESOLUTION_NAMES:
        put("resolution", name, read_resolution)
    for name in IMAGE_NAMES:
        put("image", name, read_media)
    for member, read in _OWN_READERS.items():
        put(member, member, read)
    for member in ("seed", "generate_audio", "enhance_prompt", "fps", "resize_mode",
                   "compression_quality", "mask_mode", "storage_uri"):  # fmt: skip
        put(member, member)
    if config.reference_images:
        name = name_of(where, "reference_images")
        references = tuple(_reference(entry, f"{name}[{index}]") for index, entry in enumerate(config.reference_images))
        reader.put("references", references, name)
        reader.named["reference_images"] = name
    read_size(config.size, reader, name_of(where, "size"))
    read_neighbours(config, reader, where)


def read_size(size: str | None, reader: Reader, name: str) -> None:
    """ "1280x720" -> ratio and resolution; an OpenAI size that Google cannot make becomes the nearest, and is told."""
    if size is None:
        return
    spelled = size.lower().replace("*", "x").replace("×", "x").replace(" ", "")  # noqa: RUF001 - people type it
    made = NEAREST_SIZES.get(spelled, spelled)
    if made not in SIZES:
        raise BadRequest(
            f"{name} {size!r} cannot be made. Allowed: {', '.join([*SIZES, *NEAREST_SIZES])}; "
            "or say aspect_ratio and resolution.",
            param=name,
        )
    if made != spelled:
        reader.warnings.append(f"{name} {spelled} cannot be made by Google's models; {made} was used instead.")
    ratio, resolution = SIZES[made]
    reader.put("aspect_ratio", ratio, name)
    reader.put("resolution", resolution, name)


def _reference(entry: Any, name: str) -> Reference:
    if not isinstance(entry, Mapping) or "image" not in entry:
        return Reference(media=read_media(entry, name))
    try:
        typed = VideoReferenceImage.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRequest(f"{name}.{first['loc'][0]}: {first['msg']}.", param=f"{name}.{first['loc'][0]}") from None
    return Reference(media=read_media(typed.image, f"{name}.image"), style=typed.type == "style")


def read_duration(value: Any, name: str) -> int:
    """8, 8.0, "8" and "8s" are eight seconds; anything else is an error."""
    matched = _DURATION.fullmatch(str(value).strip())
    if matched is None:
        raise BadRequest(f'{name} must be a whole number of seconds, as in 8, "8" or "8s"; got {value!r}.', param=name)
    return int(matched.group(1))


def read_resolution(value: Any, name: str) -> str:
    """ "720p", 720, "HD" and the like -> Google's word."""
    word = RESOLUTIONS.get(str(value).strip().lower())
    if word is None:
        raise BadRequest(f"{name} {value!r} is not known. Known: 360p, 720p, 1080p, 4k.", param=name)
    return word


def read_ratio(value: str, name: str) -> str:
    """ "16:9" or "16x9" -> "16:9"."""
    matched = _RATIO.fullmatch(value)
    if matched is None:
        raise BadRequest(f'{name} must be width:height, as in "16:9"; got {value!r}.', param=name)
    return f"{int(matched.group(1))}:{int(matched.group(2))}"


def read_person_generation(value: str, name: str) -> str:
    """Google's three words in every spelling of its documents."""
    word = PERSON_GENERATION.get(value.lower())
    if word is None:
        raise BadRequest(f"{name} must be allow_all, allow_adult or dont_allow; got {value!r}.", param=name)
    return word


def _said(value: Any, _: str) -> Any:
    """An empty word or table says nothing."""
    return value or None


_OWN_READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "last_frame": read_media,
    "video": read_clip,
    "mask": read_media,
    "aspect_ratio": read_ratio,
    "person_generation": read_person_generation,
    "negative_prompt": _said,
    "labels": _said,
    "task": read_task,
}
"""Members with one name and a reader of their own."""
