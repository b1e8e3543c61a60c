"""The request of the Interactions API, strictly, and the video order in it.

Sources: Interactions API reference and Omni guides of both surfaces, and google-genai 3.4.0's types, 2026-11.
Unlike the rest of Google's JSON, this API knows snake_case only.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from proxy.simulator.errors import GoogleError, InteractionError
from proxy.simulator.inputs import checked, decoded
from proxy.simulator.media.probe import seconds_of
from proxy.simulator.media.recipe import VideoRecipe
from proxy.simulator.media.studio import Media
from proxy.simulator.models import Model, Surface, Video
from proxy.simulator.orders import VideoOrder

Json: TypeAlias = dict[str, Any]
Lookup: TypeAlias = Callable[[str], Media | None]

MAX_IMAGES = 10
MAX_VIDEOS = 3
IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextItem(_Message):
    type: Literal["text"]
    text: str
    annotations: list[Json] | None = None


class MediaItem(_Message):
    type: Literal["image", "audio", "document", "video"]
    data: str | None = None
    uri: str | None = None
    mime_type: str | None = None
    name: str | None = None
    resolution: str | None = None
    processing: Any = None


Item: TypeAlias = Annotated[TextItem | MediaItem, Field(discriminator="type")]


class Step(_Message):
    type: Literal["user_input", "model_output"]
    content: list[Item]


class VideoConfig(_Message):
    task: Literal["text_to_video", "image_to_video", "reference_to_video", "edit", "extend", "upscale"] | None = None


class GenerationConfig(_Message):
    seed: int | None = None
    video_config: VideoConfig | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop_sequences: list[str] | None = None
    max_output_tokens: int | None = None
    thinking_level: str | None = None
    thinking_summaries: str | None = None
    tool_choice: Any = None
    image_config: Json | None = None
    speech_config: Any = None


class VideoFormat(_Message):
    type: Literal["video"]
    aspect_ratio: str | None = None
    duration: str | None = None
    resolution: str | None = None
    delivery: Literal["inline", "uri"] | None = None
    gcs_uri: str | None = None


class TextFormat(_Message):
    type: Literal["text"]
    mime_type: str | None = None
    schema_: Any = Field(default=None, alias="schema")


class SafetySetting(_Message):
    type: str
    threshold: str
    method: str | None = None


class WebhookConfig(_Message):
    uris: list[str] | None = None
    user_metadata: Json | None = None


Format: TypeAlias = Annotated[VideoFormat | TextFormat, Field(discriminator="type")]


class CreateInteraction(_Message):
    model: str
    input: str | list[Step] | list[Item]
    background: bool = False
    store: bool = True
    stream: bool = False
    generation_config: GenerationConfig = GenerationConfig()
    response_format: Format | list[Format] | None = None
    response_modalities: list[str] | None = None
    previous_interaction_id: str | None = None
    labels: dict[str, str] | None = None
    safety_settings: list[SafetySetting] | None = None
    service_tier: Literal["standard", "flex", "priority", "deferred"] | None = None
    webhook_config: WebhookConfig | None = None
    system_instruction: str | None = None
    tools: list[Json] | None = None

    def items(self) -> list[TextItem | MediaItem]:
        """The input's items, whichever way it was written."""
        if isinstance(self.input, str):
            return [TextItem(type="text", text=self.input)]
        found: list[TextItem | MediaItem] = []
        for entry in self.input:
            found.extend(entry.content if isinstance(entry, Step) else [entry])
        return found

    def prompt(self) -> str:
        """All its text."""
        return " ".join(item.text for item in self.items() if isinstance(item, TextItem))

    def video_format(self) -> VideoFormat | None:
        """The video format, if one is asked for."""
        formats = self.response_format if isinstance(self.response_format, list) else [self.response_format]
        return next((item for item in formats if isinstance(item, VideoFormat)), None)


def bad(message: str) -> InteractionError:
    """400 in the Interactions API's own form."""
    return InteractionError(400, "invalid_request", message)


def read_create(body: Json) -> CreateInteraction:
    """The request. Raises InteractionError 400 naming the parameter."""
    try:
        request = CreateInteraction.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        if first["type"] == "extra_forbidden":
            raise bad(f"Unknown parameter '{place}'.") from error
        raise bad(f"Invalid value for '{place}': {first['msg']}") from error
    if request.background and not request.store:
        raise bad("'background' requires 'store' to be true.")
    return request


_NOT_ON_OMNI = ("temperature", "top_p", "stop_sequences")


def read_video(request: CreateInteraction, model: Model, limits: Video, surface: Surface, lookup: Lookup) -> VideoOrder:
    """The order in a request to an Omni model. Raises InteractionError 400 for whatever Omni refuses."""
    if request.system_instruction is not None:
        raise bad("'system_instruction' is not supported by this model.")
    for name in _NOT_ON_OMNI:
        if getattr(request.generation_config, name) is not None:
            raise bad(f"'generation_config.{name}' is not supported by this model.")
    if model.id.startswith("gemini-omni-1.1") and (request.generation_config.seed is not None or request.labels):
        raise bad("'seed' and 'labels' are not supported by this model.")
    video = request.video_format() or VideoFormat(type="video")
    _check_delivery(video, surface)
    prompt = request.prompt()
    if not prompt.strip():
        raise bad("'input' must hold a text prompt.")
    images = [_image(item, lookup) for item in request.items() if isinstance(item, MediaItem) and item.type == "image"]
    sources = [
        _seconds(item, lookup) for item in request.items() if isinstance(item, MediaItem) and item.type == "video"
    ]
    task = _task(request, images, sources)
    seconds = _duration(video, limits)
    first, last = (images[0], images[1] if len(images) > 1 else None) if task == "image_to_video" else (None, None)
    source = sources[0] if sources else 0
    return VideoOrder(
        model=model.id,
        prompt=prompt,
        mode=task.replace("_", " "),
        seconds={"extend": source + seconds, "edit": source or seconds}.get(task, seconds),
        resolution=_one_of(video.resolution or limits.default_resolution, limits.resolutions, "resolution"),
        aspect_ratio=_one_of(video.aspect_ratio or "16:9", sorted(limits.aspect_ratios), "aspect_ratio"),
        audio=True,
        seed=request.generation_config.seed,
        first_frame=first,
        last_frame=last,
    )


def _check_delivery(video: VideoFormat, surface: Surface) -> None:
    if video.gcs_uri is not None and surface is Surface.GEMINI:
        raise bad("'response_format.gcs_uri' is not supported by this API.")
    if surface is Surface.VERTEX and video.delivery == "uri" and not (video.gcs_uri or "").startswith("gs://"):
        raise bad("'response_format.gcs_uri' is required for delivery 'uri'.")


def _one_of(value: str, allowed: tuple[str, ...] | list[str], name: str) -> str:
    if value not in allowed:
        raise bad(f"Invalid value {value!r} for 'response_format.{name}'. Supported: {', '.join(allowed)}.")
    return value


def _duration(video: VideoFormat, limits: Video) -> int:
    if video.duration is None:
        return limits.default_seconds
    number = video.duration.removesuffix("s")
    low, high = min(limits.durations), max(limits.durations)
    if not video.duration.endswith("s") or not number.isdecimal() or int(number) not in limits.durations:
        raise bad(
            f"Invalid value {video.duration!r} for 'response_format.duration'. It must be a whole number of seconds "
            f"from {low}s to {high}s."
        )
    return int(number)


def _task(request: CreateInteraction, images: list[bytes], sources: list[int]) -> str:
    if len(images) > MAX_IMAGES or len(sources) > MAX_VIDEOS:
        raise bad(f"'input' must hold at most {MAX_IMAGES} images and {MAX_VIDEOS} videos.")
    asked = request.generation_config.video_config
    task = asked.task if asked is not None else None
    if task is None:
        task = "edit" if sources else "image_to_video" if images else "text_to_video"
    chained = request.previous_interaction_id is not None
    fits = {
        "text_to_video": not images and not sources,
        "image_to_video": 1 <= len(images) <= 2 and not sources,
        "reference_to_video": bool(images or sources),
        "edit": bool(sources) or chained,
        "extend": bool(sources) or chained,
        "upscale": bool(sources) or chained,
    }
    if not fits[task]:
        raise bad(f"Task '{task}' does not fit {len(images)} images and {len(sources)} videos in 'input'.")
    return task


def _content(item: MediaItem, lookup: Lookup) -> Media:
    if (item.data is None) == (item.uri is None):
        raise bad(f"'{item.type}' content must have either 'data' or 'uri'.")
    if item.data is not None:
        try:
            return decoded(item.data, item.type)
        except GoogleError as error:
            raise bad(error.message) from error
    found = lookup(item.uri or "")
    if found is None:
        raise bad(f"Could not read {item.uri}: no such file.")
    return found


def _image(item: MediaItem, lookup: Lookup) -> bytes:
    content = _content(item, lookup)
    try:
        return checked(content if isinstance(content, bytes) else b"", item.mime_type, "image", IMAGE_TYPES)
    except GoogleError as error:
        raise bad(error.message) from error


def _seconds(item: MediaItem, lookup: Lookup) -> int:
    content = _content(item, lookup)
    if isinstance(content, VideoRecipe):
        return content.seconds
    seconds = seconds_of(content) if isinstance(content, bytes) else None
    if seconds is None:
        raise bad("'video' content is no MP4.")
    return seconds
