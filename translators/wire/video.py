"""How callers ask for a video, in every spelling that is in use.

`VideoConfig` is the `video_config` object of a chat completion (CLIProxyAPI issue 1005 and CLIProxyAPIPlus issue
94 define its names; mediaforge and grok2api clients use others). `video/read_config.py` folds the spellings.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
MediaReference = str | dict[str, Any]
"""A data URI, a URL, a gs:// URI or an id; or an object with one under `url`, `image_url`, `video_url` or `id`."""


class VideoReferenceImage(BaseModel):
    """One of up to three reference images."""

    model_config = ConfigDict(extra="forbid")

    image: MediaReference
    type: Literal["asset", "style"] = "asset"


class VideoConfig(BaseModel):
    """The `video_config` object; an unknown member is an error, because it would have been paid for in vain."""

    model_config = ConfigDict(extra="forbid")

    duration_seconds: int | float | str | None = None
    duration: int | float | str | None = None
    seconds: int | float | str | None = None
    length: int | float | str | None = None
    video_length: int | float | str | None = None

    aspect_ratio: Text | None = None
    resolution: Text | int | None = None
    resolution_name: Text | None = None
    size: Text | None = None

    negative_prompt: str | None = None
    seed: int | None = None
    generate_audio: bool | None = None
    person_generation: Text | None = None
    enhance_prompt: bool | None = None
    number_of_videos: int | None = None
    n: int | None = None
    fps: int | None = None
    resize_mode: Literal["pad", "crop"] | None = None
    compression_quality: Literal["optimized", "lossless"] | None = None
    labels: dict[str, str] | None = None

    image: MediaReference | None = None
    first_frame: MediaReference | None = None
    last_frame: MediaReference | None = None
    reference_images: list[MediaReference | VideoReferenceImage] | None = Field(default=None, max_length=10)
    video: MediaReference | None = None
    mask: MediaReference | None = None
    mask_mode: Literal["insert", "remove"] | None = None

    delivery: Literal["data", "url"] | None = None
    storage_uri: Text | None = None
