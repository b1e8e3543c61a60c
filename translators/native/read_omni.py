"""The body of an interaction that asks for a video -> VideoSpec: the way back of to_omni.

Interactions API as google-genai 3.4.0 speaks it (2026-11).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translators.errors import BadRequest
from translators.native.members import (
    a_list,
    a_number,
    a_switch,
    a_text,
    an_object,
    inline_media,
    media_at,
    one_of,
    refuse,
    some_labels,
)
from translators.video.read_config import RESOLUTIONS, read_duration
from translators.video.spec import Reference, VideoMedia, VideoSpec

TASK = "generation_config.video_config.task"
FRAMES = "<FIRST_FRAME> <LAST_FRAME>"
_TASKS = ("text_to_video", "image_to_video", "reference_to_video", "edit", "extend")
_TOP = (
    "model", "input", "background", "store", "stream", "generation_config", "response_format", "labels",
    "previous_interaction_id",
)  # fmt: skip
NAMES: Mapping[str, str] = {
    "prompt": "input",
    "image": "input",
    "last_frame": "input",
    "reference_images": "input",
    "video": "input",
    "mask": "input",
    "seed": "generation_config.seed",
    "duration": "response_format.duration",
    "aspect_ratio": "response_format.aspect_ratio",
    "resolution": "response_format.resolution",
    "storage_uri": "response_format.gcs_uri",
    "labels": "labels",
}
"""Our member -> where a caller of this protocol says it, for errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedInteraction:
    """What an interaction asks for."""

    model: str
    spec: VideoSpec
    background: bool
    """The caller asks again by id instead of waiting."""
    by_uri: bool
    """It wants an address, not the bytes."""
    stream: bool = False
    """It wants events while it waits."""
    previous: str | None = None
    """The interaction whose video is the input."""


def read_omni(body: Any) -> AskedInteraction:
    """Read the request. Raises BadRequest, in Google's words, for what is unknown or makes no sense."""
    top = an_object(body, "", _TOP)
    if not a_switch(top.get("store", True), "store"):
        raise refuse("store", "a paid video is always stored. Leave it out, and DELETE the interaction afterwards.")
    answer = _answer(top.get("response_format", {}))
    config = an_object(top.get("generation_config", {}), "generation_config", ("video_config", "seed"))
    video_config = an_object(config.get("video_config", {}), "generation_config.video_config", ("task",))
    previous = top.get("previous_interaction_id")
    texts, media = _content(top.get("input"))
    members: dict[str, Any] = {
        **_by_task(video_config.get("task"), media, chained=previous is not None),
        **{member: answer[member] for member in ("aspect_ratio", "duration", "resolution") if member in answer},
        "storage_uri": answer.get("gcs_uri"),
        "seed": a_number(config["seed"], NAMES["seed"]) if "seed" in config else None,
        "labels": some_labels(top["labels"], "labels") if "labels" in top else None,
    }
    prompt = "\n".join(texts)
    if members.get("last_frame") is not None:
        prompt = prompt.removeprefix(FRAMES).lstrip()
    return AskedInteraction(
        model=a_text(top.get("model"), "model"),
        spec=VideoSpec(prompt=prompt, named=dict(NAMES), **members),
        background=a_switch(top.get("background", False), "background"),
        by_uri=answer.get("delivery", False),
        stream=a_switch(top.get("stream", False), "stream"),
        previous=a_text(previous, "previous_interaction_id") if previous is not None else None,
    )


def _answer(value: Any) -> dict[str, Any]:
    """`response_format`: one object, or a list of one."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    field = "response_format"
    known = ("type", "aspect_ratio", "duration", "resolution", "delivery", "gcs_uri")
    said = dict(an_object(value, field, known))
    one_of(said.pop("type", "video"), f"{field}.type", {"video": "video"})
    read: dict[str, Any] = {name: a_text(text, f"{field}.{name}") for name, text in said.items()}
    if "duration" in read:
        read["duration"] = read_duration(read["duration"], f"{field}.duration")
    if "resolution" in read:
        read["resolution"] = one_of(read["resolution"], f"{field}.resolution", RESOLUTIONS)
    if "delivery" in read:
        read["delivery"] = one_of(read["delivery"], f"{field}.delivery", {"uri": True, "inline": False})
    return read


def _content(value: Any) -> tuple[list[str], list[tuple[str, VideoMedia]]]:
    """The texts, and the media with their kinds, in order; `input` is a text, contents, or steps with contents."""
    if isinstance(value, str):
        return [value], []
    texts: list[str] = []
    media: list[tuple[str, VideoMedia]] = []
    for field, entry in _parts(value):
        kind = entry.get("type") if isinstance(entry, Mapping) else None
        match kind:
            case "text":
                texts.append(a_text(an_object(entry, field, ("type", "text")).get("text"), f"{field}.text"))
            case "image" | "video":
                media.append((str(kind), _medium(entry, field)))
            case _:
                raise refuse(f"{field}.type", "text, image or video is expected.")
    return texts, media


def _parts(value: Any) -> Sequence[tuple[str, Any]]:
    entries = [value] if isinstance(value, Mapping) else a_list(value, "input")
    parts: list[tuple[str, Any]] = []
    for index, entry in enumerate(entries):
        field = f"input[{index}]"
        if isinstance(entry, Mapping) and entry.get("type") == "user_input":
            content = an_object(entry, field, ("type", "content")).get("content")
            if isinstance(content, str):
                parts.append((f"{field}.content", {"type": "text", "text": content}))
                continue
            inner = a_list(content, f"{field}.content")
            parts += [(f"{field}.content[{number}]", part) for number, part in enumerate(inner)]
        else:
            parts.append((field, entry))
    return parts


def _medium(entry: Any, field: str) -> VideoMedia:
    said = an_object(entry, field, ("type", "mime_type", "data", "uri"))
    if ("data" in said) == ("uri" in said):
        raise refuse(field, "exactly one of data, uri is expected.")
    if "data" in said:
        return inline_media(said["data"], said.get("mime_type"), field, "mime_type")
    return media_at(said["uri"], said.get("mime_type"), f"{field}.uri")


def _by_task(said: Any, media: Sequence[tuple[str, VideoMedia]], *, chained: bool) -> dict[str, Any]:
    """What each medium is for. Raises BadRequest where that is not said, or does not fit."""
    images = [medium for kind, medium in media if kind == "image"]
    videos = [medium for kind, medium in media if kind == "video"]
    task = (
        one_of(said, TASK, {task: task for task in _TASKS})
        if said is not None
        else _usual(images, videos, chained=chained)
    )
    source = 1 if task in ("edit", "extend") else 0
    if len(videos) + chained != source:
        raise refuse("input", f"{task} takes {source} video(s) (previous_interaction_id counts as one).")
    match task, len(images):
        case "text_to_video" | "edit" | "extend", 0:
            return {"video": videos[0] if videos else None, "editing": task == "edit"}
        case "image_to_video", 1 | 2 as count:
            return {"image": images[0], "last_frame": images[1] if count == 2 else None}
        case "reference_to_video", count if count:
            return {"references": tuple(Reference(media=image) for image in images)}
        case _:
            raise refuse("input", f"{len(images)} image(s) do not fit {task}.")


def _usual(images: Sequence[VideoMedia], videos: Sequence[VideoMedia], *, chained: bool) -> str:
    """The task where there is only one it can be."""
    match len(images), len(videos), chained:
        case 0, 0, False:
            return "text_to_video"
        case 1, 0, False:
            return "image_to_video"
        case 0, 0, True:
            return "edit"
        case _:
            raise BadRequest(f"Invalid value at '{TASK}': say what the media are for: {', '.join(_TASKS)}.", param=TASK)
