"""How callers ask for a video, in every spelling that is in use.

`VideoConfig` is the `video_config` object of a chat completion (CLIProxyAPI issue 1005 and CLIProxyAPIPlus issue
94 define its names; mediaforge and grok2api clients use others). `video/read_config.py` folds the spellings.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from translators.wire.numbers import Whole, no_boolean

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
LowerWord = BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value)
"""Google's SDKs write their enumerations in capitals, its documents in small letters: both are taken."""
Seconds = Annotated[int | float | str, BeforeValidator(no_boolean)]
MediaReference = str | dict[str, Any]
"""A data URI, a URL, a gs:// URI or the name of a file made here; or an object with one under `url`, `image_url`,
`video_url`, `uri` or `id`. A video may also be the id of the job that made it."""


class VideoReferenceImage(BaseModel):
    """One of up to three reference images."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, defer_build=True)

    image: MediaReference
    type: Annotated[Literal["asset", "style"], LowerWord] = "asset"


class VideoConfig(BaseModel):
    """The `video_config` object; an unknown member is an error, because it would have been paid for in vain."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, defer_build=True)

    duration_seconds: Seconds | None = None
    duration: Seconds | None = None
    seconds: Seconds | None = None
    length: Seconds | None = None
    video_length: Seconds | None = None

    aspect_ratio: Text | None = None
    resolution: Text | int | None = None
    resolution_name: Text | None = None
    size: Text | None = None

    negative_prompt: str | None = None
    seed: Whole | None = None
    generate_audio: bool | None = None
    person_generation: Text | None = None
    enhance_prompt: bool | None = None
    number_of_videos: Whole | None = None
    n: Whole | None = None
    fps: Whole | None = None
    resize_mode: Annotated[Literal["pad", "crop"], LowerWord] | None = None
    compression_quality: Annotated[Literal["optimized", "lossless"], LowerWord] | None = None
    labels: dict[str, str] | None = None

    image: MediaReference | None = None
    first_frame: MediaReference | None = None
    last_frame: MediaReference | None = None
    reference_images: list[MediaReference] | None = Field(default=None, max_length=10)
    """Each may also be a `VideoReferenceImage`."""
    video: MediaReference | None = None
    mask: MediaReference | None = None
    mask_mode: Annotated[Literal["insert", "remove"], LowerWord] | None = None

    delivery: Annotated[Literal["data", "url"], LowerWord] | None = None
    storage_uri: Text | None = None

    task: Text | None = None
    """Gemini Omni's word for what is to be done; needed only to tell an edit from an extension."""
    input_reference: MediaReference | None = None
    """OpenAI: a first frame, as a file, a URL, a data URI or `{"image_url": ...}`; `{"file_id": ...}` is refused."""
    frame_images: list[dict[str, Any]] | None = Field(default=None, max_length=2)
    """OpenRouter: `{"type": "image_url", "image_url": {"url": ...}, "frame_type": "first_frame" | "last_frame"}`."""
    input_references: list[dict[str, Any]] | None = Field(default=None, max_length=10)
    """OpenRouter: parts of type image_url or video_url."""
    previous_job_id: Text | None = None
    """OpenRouter: the earlier job whose video is to be edited, or extended where the model cannot edit."""
    previous_interaction_id: Text | None = None
    """Google's Interactions API: the earlier job whose video is to be edited."""


BESIDE = frozenset(
    {"input_reference", "frame_images", "input_references", "previous_job_id", "previous_interaction_id"}
)
"""Members that their own protocols put at the top of a request: there they are read as well."""
