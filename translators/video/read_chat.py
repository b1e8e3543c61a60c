"""A chat completion that asks for a video -> VideoSpec.

The prompt is the last user message; older turns and the media in them are history, which front-ends send back whole.
"""

from dataclasses import dataclass
from typing import Any

from translators.errors import BadRequest
from translators.video.chat_fields import refuse_misplaced, without_effect
from translators.video.read_config import Reader, parse_config, read_config
from translators.video.read_media import read_media
from translators.video.spec import Reference, VideoSpec
from translators.wire.openai import (
    ChatCompletionRequest,
    ImagePart,
    TextPart,
    UserMessage,
    VideoPart,
)

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
_SPOKEN = {"image": "first frame", "last_frame": "last frame", "mask": "mask"}


@dataclass(frozen=True, slots=True)
class AskedVideo:
    """What a chat completion asks for, how to deliver it, and what the caller must be told."""

    spec: VideoSpec
    delivery: str | None
    warnings: tuple[str, ...]


def read_chat(request: ChatCompletionRequest) -> AskedVideo:
    """Read the video request out of a chat completion. Raises BadRequest naming the field."""
    refuse_misplaced(request)
    index, message = _last_user_message(request)
    config = parse_config(request.video_config)
    reader = Reader()
    read_config(config, reader)
    # OpenAI's default; front-ends write it into every request, whatever video_config says.
    if request.n is not None and request.n > 1:
        reader.put("samples", request.n, "n")
    reader.put("seed", request.seed, "seed")
    _read_parts(message, index, reader)
    where = f"messages[{index}].content"
    reader.named.setdefault("prompt", where)
    return AskedVideo(
        spec=VideoSpec(prompt=_prompt(message), named=reader.named, **reader.members),
        delivery=config.delivery,
        warnings=(*reader.warnings, *without_effect(request)),
    )


def last_user_text(request: ChatCompletionRequest) -> str:
    """The text of the last user message."""
    return _prompt(_last_user_message(request)[1])


def _last_user_message(request: ChatCompletionRequest) -> tuple[int, UserMessage]:
    for index in range(len(request.messages) - 1, -1, -1):
        message = request.messages[index]
        if isinstance(message, UserMessage):
            return index, message
    raise BadRequest("messages has no user message: the last one says what the video shows.", param="messages")


def _prompt(message: UserMessage) -> str:
    if isinstance(message.content, str):
        return message.content.strip()
    return "\n".join(part.text for part in message.content if isinstance(part, TextPart)).strip()


def _read_parts(message: UserMessage, index: int, reader: Reader) -> None:
    if isinstance(message.content, str):
        return
    references: list[Reference] = []
    for place, part in enumerate(message.content):
        name = f"messages[{index}].content[{place}]"
        match part:
            case TextPart():
                continue
            case ImagePart():
                _read_image(part, name, reader, references)
            case VideoPart():
                reader.put("video", read_media(_address(part.video_url), f"{name}.video_url"), f"{name}.video_url")
            case _:
                raise BadRequest(
                    f"{name} is of type {part.type}; a video request takes text, image_url and video_url parts.",
                    param=name,
                )
    if references:
        reader.put("references", tuple(references), f"messages[{index}].content")
        reader.named["reference_images"] = f"messages[{index}].content"


def _read_image(part: ImagePart, name: str, reader: Reader, references: list[Reference]) -> None:
    extra = part.model_extra or {}
    said = extra.get("frame_type") or extra.get("role") or ("last_frame" if _second_frame(reader) else "first_frame")
    member = _FRAMES.get(str(said).lower())
    if member is None:
        known = ", ".join(("first_frame", "last_frame", "reference_asset", "reference_style", "mask"))
        raise BadRequest(f"{name} says it is a {said!r}; known are {known}.", param=name)
    medium = read_media(_address(part.image_url), f"{name}.image_url")
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


def _second_frame(reader: Reader) -> bool:
    """A second unnamed picture after a first frame that came as a part is the last frame, in their order."""
    return "image" in reader.members and reader.named["image"].startswith("messages")


def _address(link: Any) -> str:
    return link if isinstance(link, str) else str(link.url)
