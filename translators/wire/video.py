"""How callers ask for a video, in every spelling that is in use.

`VideoConfig` is the `video_config` object of a chat completion (CLIProxyAPI issue 1005 and CLIProxyAPIPlus issue
94 define its names; mediaforge and grok2api clients use others). `video/read_config.py` folds the spellings.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _no_boolean(value: Any) -> Any:
    """JSON's true is no number, though Python takes it for 1."""
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True)]
LowerWord = BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value)
"""Google's SDKs write their enumerations in capitals, its documents in small letters: both are taken."""
Whole = Annotated[int, BeforeValidator(_no_boolean)]
Seconds = Annotated[int | float | str, BeforeValidator(_no_boolean)]
MediaReference = str | dict[str, Any]
"""A data URI, a URL or a gs:// URI; or an object with one under `url`, `image_url`, `video_url` or `uri`."""


class VideoReferenceImage(BaseModel):
    """One of up to three reference images."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    image: MediaReference
    type: Annotated[Literal["asset", "style"], LowerWord] = "asset"


class VideoConfig(BaseModel):
    """The `video_config` object; an unknown member is an error, because it would have been paid for in vain."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

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
