"""A request of the Videos API (OpenAI's fields, OpenRouter's, or our own) -> VideoSpec."""

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from translators.errors import BadRequest
from translators.video.read_config import Reader, parse_config, read_config
from translators.video.read_media import read_media
from translators.video.spec import Reference, VideoMedia, VideoSpec
from translators.wire.video_create import BOOKKEEPING, NOT_OFFERED, WITHOUT_EFFECT, VideoCreate

JOB_SCHEME = "job:"
"""The `uri` of a medium that is the video of an earlier job is this and the job's id."""
_FRAME_TYPES = {"first_frame": "image", "last_frame": "last_frame"}
_REFERENCE_TYPES = ("image_url", "video_url")
_CONFIG = "video_config."


class Action(StrEnum):
    """What the caller wants done; all but the first begin with an existing video."""

    CREATE = "create"
    EDIT = "edit"
    EXTEND = "extend"
    REMIX = "remix"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCreate:
    """What a request of the Videos API asks for; `model` None means: the one that made the source."""

    spec: VideoSpec
    model: str | None
    source: str | None
    """The id of the earlier job whose video is the input."""
    edit_or_extend: bool
    """Which of the two was not said: an edit, where the model can."""
    delivery: str | None
    callback_url: str | None
    warnings: tuple[str, ...]


def parse_create(data: Any) -> VideoCreate:
    """Validate the body. Raises BadRequest naming the field, and for a misspelt one the nearest known name."""
    if not isinstance(data, Mapping):
        raise BadRequest("The request body must be a JSON object.")
    unknown = next((name for name in data if name not in VideoCreate.model_fields), None)
    if unknown is not None:
        near = difflib.get_close_matches(str(unknown), VideoCreate.model_fields, n=1)
        known = sorted(set(VideoCreate.model_fields) - BOOKKEEPING - WITHOUT_EFFECT - NOT_OFFERED)
        hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(known)}."
        raise BadRequest(f"{unknown} is not known.{hint}", param=str(unknown), code="unknown_parameter")
    try:
        body = VideoCreate.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRequest(f"{first['loc'][0]}: {first['msg']}.", param=str(first["loc"][0])) from None
    refused = next((name for name in sorted(NOT_OFFERED) if getattr(body, name) is not None), None)
    if refused is not None:
        raise BadRequest(f"{refused} is offered by no model here. Leave it out.", param=refused)
    return body


def read_create(
    body: VideoCreate,
    *,
    action: Action = Action.CREATE,
    source: str | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> AskedCreate:
    """Read the video request out of a validated body.

    `source` is the job that the address names (a remix); `defaults` is a `video_config` that holds where the caller
    says nothing. Raises BadRequest naming the field.
    """
    reader = Reader()
    with _said_at_the_top(reader):
        read_config(_without_job(body), reader)
    own = parse_config(body.video_config)
    read_config(own, reader)
    _read_input_reference(body, reader)
    _read_openrouter(body, reader)
    origin = _read_source(body, action, source, reader)
    _lay_under(reader, defaults)
    reader.named["prompt"] = "prompt"
    prompt = (body.prompt or "").strip()
    if not prompt and (action is not Action.CREATE or "image" not in reader.members):
        raise BadRequest("prompt is required: it says what the video shows.", param="prompt")
    reader.warnings += [f"{name} had no effect here." for name in sorted(WITHOUT_EFFECT) if getattr(body, name)]
    changes = action in (Action.EDIT, Action.REMIX)
    return AskedCreate(
        spec=VideoSpec(prompt=prompt, named=reader.named, editing=changes, **reader.members),
        model=body.model or None,
        source=origin,
        edit_or_extend=body.previous_job_id is not None and action is Action.CREATE,
        delivery=body.delivery or own.delivery,
        callback_url=body.callback_url or None,
        warnings=tuple(reader.warnings),
    )


@contextmanager
def _said_at_the_top(reader: Reader) -> Iterator[None]:
    """Members of `video_config` stand here without it, so they are named without it."""
    try:
        yield
    except BadRequest as error:
        param = error.param.removeprefix(_CONFIG) if error.param is not None else None
        raise BadRequest(error.message.replace(_CONFIG, ""), param=param, code=error.code) from None
    reader.named = {member: name.removeprefix(_CONFIG) for member, name in reader.named.items()}
    reader.warnings = [warning.replace(_CONFIG, "") for warning in reader.warnings]


def _without_job(body: VideoCreate) -> VideoCreate:
    """The body without a `video` that is an earlier job's: only the Videos API knows that form."""
    return body if _job_id(body.video) is None else body.model_copy(update={"video": None})


def _job_id(video: Any) -> str | None:
    """`{"id": "video_..."}` (OpenAI's SDKs), or the id alone."""
    named = video.get("id") if isinstance(video, Mapping) else video
    return named if isinstance(named, str) and named.startswith("video_") else None


def _read_input_reference(body: VideoCreate, reader: Reader) -> None:
    given = body.input_reference
    if given is None:
        return
    if isinstance(given, dict) and "file_id" in given and not str(given["file_id"]).startswith("files/"):
        raise BadRequest(
            "input_reference.file_id names a file of OpenAI's Files API, and this server keeps none of those. Send the "
            "file itself, input_reference.image_url with a URL or a data URI, or the name (files/...) of an upload to "
            "/v1beta/files.",
            param="input_reference.file_id",
        )
    medium = read_media(given, "input_reference")
    if medium.mime_type is not None and medium.mime_type.startswith("video/"):
        raise BadRequest(
            f"input_reference is {medium.mime_type}, and it is the first frame: send a picture. A video goes to "
            "/v1/videos/edits or /v1/videos/extensions.",
            param="input_reference",
        )
    reader.put("image", medium, "input_reference")


def _read_openrouter(body: VideoCreate, reader: Reader) -> None:
    for index, entry in enumerate(body.frame_images or ()):
        name = f"frame_images[{index}]"
        said = str(entry.get("frame_type", "first_frame")).lower()
        if said not in _FRAME_TYPES:
            raise BadRequest(
                f"{name}.frame_type is {said!r}; allowed are {', '.join(_FRAME_TYPES)}.", param=f"{name}.frame_type"
            )
        reader.put(_FRAME_TYPES[said], read_media(entry.get("image_url"), f"{name}.image_url"), f"{name}.image_url")
    if body.frame_images and body.input_references:
        # OpenRouter's docs, video generation, 2026-11: frames win.
        reader.warnings.append("input_references had no effect, because frame_images were sent too.")
    elif body.input_references:
        _read_references(body.input_references, reader)


def _read_references(entries: list[dict[str, Any]], reader: Reader) -> None:
    references: list[Reference] = []
    for index, entry in enumerate(entries):
        name = f"input_references[{index}]"
        kind = entry.get("type", "image_url")
        if kind not in _REFERENCE_TYPES:
            raise BadRequest(
                f"{name}.type is {kind!r}; allowed are {', '.join(_REFERENCE_TYPES)}.", param=f"{name}.type"
            )
        medium = read_media(entry.get(kind), f"{name}.{kind}")
        if kind == "video_url":
            reader.put("video", medium, f"{name}.{kind}")
        else:
            references.append(Reference(media=medium))
    if references:
        reader.put("references", tuple(references), "input_references")
        reader.named["reference_images"] = "input_references"


def _read_source(body: VideoCreate, action: Action, source: str | None, reader: Reader) -> str | None:
    """Put the earlier job's video into the reader; its id."""
    named = {
        "video_id": source,
        "video": _job_id(body.video),
        "previous_job_id": body.previous_job_id or None,
    }
    for name, job_id in named.items():
        if job_id is not None:
            reader.put("video", VideoMedia(uri=f"{JOB_SCHEME}{job_id}"), name)
    if action is not Action.CREATE and "video" not in reader.members:
        raise BadRequest('video is required: a file, or {"id": "video_..."}.', param="video")
    return next((job_id for job_id in named.values() if job_id is not None), None)


def _lay_under(reader: Reader, defaults: Mapping[str, Any] | None) -> None:
    """Put in what the caller left open."""
    usual = Reader()
    read_config(parse_config(defaults), usual)
    for member, value in usual.members.items():
        if member not in reader.members:
            reader.put(member, value, usual.named[member])
