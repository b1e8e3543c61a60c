"""A chat completion that asks for a video -> VideoSpec.

The prompt is the last user message; older turns and the media in them are history, which front-ends send back whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from translators.chat.media import link_url
from translators.chat.prompt import Prompt, last_prompt
from translators.errors import BadRequest
from translators.video.chat_fields import beside, refuse_misplaced, without_effect
from translators.video.read_config import parse_config, read_config
from translators.video.read_media import read_clip, read_media
from translators.video.reader import Reader
from translators.video.spec import Reference, VideoSpec
from translators.video.task import Task, settled
from translators.wire.openai import ChatCompletionRequest, ImagePart, VideoPart

_FRAMES = {
    "first_frame": "image",
    "first": "image",
    "start": "image",
    "image": "image",
    "last_frame": "last_frame",
    "last": "last_frame",
    "end": "last_frame",
    "reference": "asset",
    "reference_asset": "asset",
    "asset": "asset",
    "reference_style": "style",
    "style": "style",
    "mask": "mask",
}
"""What a part's `role` or `frame_type` may say, and the member it fills."""
_CLIPS: Mapping[str, Task | None] = {
    "video": None,
    "source": None,
    "extend": Task.EXTEND,
    "extension": Task.EXTEND,
    "edit": Task.EDIT,
}
"""What the `role` of a video part may say, and the task it is for."""
_SPOKEN = {"image": "first frame", "last_frame": "last frame", "mask": "mask"}


@dataclass(frozen=True, slots=True)
class AskedVideo:
    """What a chat completion asks for, how to deliver it, and what the caller must be told."""

    spec: VideoSpec
    delivery: str | None
    warnings: tuple[str, ...]
    edit_or_extend: bool = False
    """Which of the two was not said: an edit, where the model can."""


def read_chat(request: ChatCompletionRequest) -> AskedVideo:
    """Read the video request out of a chat completion. Raises BadRequest naming the field."""
    refuse_misplaced(request)
    prompt = last_prompt(request)
    config = parse_config(request.video_config)
    reader = Reader()
    read_config(config, reader)
    read_config(parse_config(beside(request), where=""), reader, where="")
    # OpenAI's default; front-ends write it into every request, whatever video_config says.
    if request.n is not None and request.n > 1:
        reader.put("samples", request.n, "n")
    reader.put("seed", request.seed, "seed")
    _read_parts(prompt, reader)
    reader.named.setdefault("prompt", f"messages[{prompt.index}].content")
    spec, edit_or_extend = settled(reader, prompt.text.strip())
    return AskedVideo(
        spec=spec,
        delivery=config.delivery,
        warnings=(*reader.warnings, *without_effect(request)),
        edit_or_extend=edit_or_extend,
    )


def last_user_text(request: ChatCompletionRequest) -> str:
    """The text of the last user message. Raises BadRequest when there is none."""
    return last_prompt(request).text.strip()


def _read_parts(prompt: Prompt, reader: Reader) -> None:
    references: list[Reference] = []
    where = f"messages[{prompt.index}].content"
    for place, part in prompt.parts:
        name = f"{where}[{place}]"
        match part:
            case ImagePart():
                _read_image(part, name, reader, references)
            case VideoPart():
                _read_clip(part, name, reader)
            case _:
                raise BadRequest(
                    f"{name} is of type {part.type}; a video request takes text, image_url and video_url parts.",
                    param=name,
                )
    if references:
        reader.put("references", tuple(references), where)
        reader.named["reference_images"] = where


def _read_clip(part: VideoPart, name: str, reader: Reader) -> None:
    said = (part.model_extra or {}).get("role") or "video"
    if str(said).lower() not in _CLIPS:
        raise BadRequest(f"{name} says it is a {said!r}; known are {', '.join(_CLIPS)}.", param=name)
    reader.put("video", read_clip(link_url(part.video_url), f"{name}.video_url"), f"{name}.video_url")
    reader.put("task", _CLIPS[str(said).lower()], name)


def _read_image(part: ImagePart, name: str, reader: Reader, references: list[Reference]) -> None:
    extra = part.model_extra or {}
    said = extra.get("frame_type") or extra.get("role") or _unsaid(reader)
    member = _FRAMES.get(str(said).lower())
    if member is None:
        known = ", ".join(("first_frame", "last_frame", "reference_asset", "reference_style", "mask"))
        raise BadRequest(f"{name} says it is a {said!r}; known are {known}.", param=name)
    medium = read_media(link_url(part.image_url), f"{name}.image_url")
    if member in ("asset", "style"):
        references.append(Reference(media=medium, style=member == "style"))
    elif member in reader.members and reader.members[member] != medium:
        raise BadRequest(
            f"{name} would be a second {_SPOKEN[member]}. Say what each picture is by its `role`: "
            "first_frame, last_frame, reference_asset or reference_style.",
            param=name,
        )
    else:
        reader.put(member, medium, f"{name}.image_url")


def _unsaid(reader: Reader) -> str:
    """What a picture is that does not say it: by the task; else the first frame, then the last, in their order."""
    if reader.members.get("task") is Task.REFERENCE:
        return "reference"
    first_came_as_part = "image" in reader.members and reader.named["image"].startswith("messages")
    return "last_frame" if first_came_as_part else "first_frame"
