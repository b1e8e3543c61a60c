"""Pictures and sources in the words of neighbouring protocols -> the members of a VideoSpec.

OpenAI's `input_reference`; OpenRouter's `frame_images`, `input_references` and `previous_job_id` (its docs on video
generation, 2026-11); the Interactions API's `previous_interaction_id`. They are read the same wherever they stand.
"""

from collections.abc import Mapping
from typing import Any

from translators.errors import BadRequest
from translators.video.earlier import earlier_video
from translators.video.read_media import read_clip, read_media
from translators.video.reader import Reader, name_of
from translators.video.spec import Reference, VideoMedia
from translators.wire.video import VideoConfig

_FRAME_TYPES = {"first_frame": "image", "last_frame": "last_frame"}
_REFERENCE_TYPES = ("image_url", "video_url")


def read_neighbours(config: VideoConfig, reader: Reader, where: str) -> None:
    """Put what they say into the reader. Raises BadRequest naming the field."""
    if config.input_reference is not None:
        name = name_of(where, "input_reference")
        reader.put("image", _first_frame(config.input_reference, name), name)
    _read_frames(config.frame_images or [], reader, name_of(where, "frame_images"))
    if config.input_references:
        _read_references(config, reader, where)
    reader.follows_job |= _read_previous(config.previous_job_id, reader, name_of(where, "previous_job_id"))
    reader.follows_interaction |= _read_previous(
        config.previous_interaction_id, reader, name_of(where, "previous_interaction_id")
    )


def _first_frame(given: Any, name: str) -> VideoMedia:
    if isinstance(given, Mapping) and "file_id" in given and not str(given["file_id"]).startswith("files/"):
        raise BadRequest(
            f"{name}.file_id names a file of OpenAI's Files API, and this server keeps none of those. Send the file "
            f"itself, {name}.image_url with a URL or a data URI, or the name (files/...) of an upload to "
            "/v1beta/files.",
            param=f"{name}.file_id",
        )
    medium = read_media(given, name)
    if medium.mime_type is not None and medium.mime_type.startswith("video/"):
        raise BadRequest(
            f"{name} is {medium.mime_type}, and it is the first frame: send a picture. A video goes into `video`, "
            "or to /v1/videos/edits or /v1/videos/extensions.",
            param=name,
        )
    return medium


def _read_frames(entries: list[dict[str, Any]], reader: Reader, name: str) -> None:
    taken = {str(entry["frame_type"]).lower() for entry in entries if entry.get("frame_type")}
    for index, entry in enumerate(entries):
        place = f"{name}[{index}]"
        # One that does not say it is the first that no other one is.
        said = str(entry.get("frame_type") or next(kind for kind in _FRAME_TYPES if kind not in taken)).lower()
        taken.add(said)
        if said not in _FRAME_TYPES:
            raise BadRequest(
                f"{place}.frame_type is {said!r}; allowed are {', '.join(_FRAME_TYPES)}.", param=f"{place}.frame_type"
            )
        reader.put(_FRAME_TYPES[said], read_media(entry.get("image_url"), f"{place}.image_url"), f"{place}.image_url")


def _read_references(config: VideoConfig, reader: Reader, where: str) -> None:
    field = name_of(where, "input_references")
    if config.frame_images:
        # OpenRouter's docs, video generation, 2026-11: frames win.
        reader.warnings.append(f"{field} had no effect, because {name_of(where, 'frame_images')} were sent too.")
        return
    references: list[Reference] = []
    for index, entry in enumerate(config.input_references or []):
        name = f"{field}[{index}]"
        kind = entry.get("type", "image_url")
        if kind not in _REFERENCE_TYPES:
            raise BadRequest(
                f"{name}.type is {kind!r}; allowed are {', '.join(_REFERENCE_TYPES)}.", param=f"{name}.type"
            )
        if kind == "video_url":
            reader.put("video", read_clip(entry.get(kind), f"{name}.{kind}"), f"{name}.{kind}")
        else:
            references.append(Reference(media=read_media(entry.get(kind), f"{name}.{kind}")))
    if references:
        reader.put("references", tuple(references), field)
        reader.named["reference_images"] = field


def _read_previous(job_id: str | None, reader: Reader, name: str) -> bool:
    """Whether an earlier job was named. Raises BadRequest for what is no id of ours."""
    if not job_id:
        return False
    earlier = earlier_video(job_id)
    if earlier is None:
        raise BadRequest(
            f"{name} must be the id of a video job of this proxy (video_...), as its answers and GET /v1/videos show "
            "it. Google's own ids are not known here.",
            param=name,
        )
    reader.put("video", earlier.as_media(), name)
    return True
