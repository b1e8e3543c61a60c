"""The request side of OpenAI's Images API (openai-python 3.52, 2026-11), with what image clients add to it."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field

from translators.wire.openai import ImageConfig, MediaLink, SafetySetting, Wire


class ImageReference(Wire):
    """An input image of a JSON body: OpenAI's `{"image_url"}` or `{"file_id"}`, OpenRouter's part of a message."""

    type: str | None = None
    image_url: MediaLink | None = None
    file_id: str | None = None


InputImage = Annotated[str | ImageReference, Field(union_mode="left_to_right")]
"""A data URI or an address, plain or in an object. The files of a form have become data URIs by now."""


class ImageRequest(Wire):
    """POST /v1/images/generations and /v1/images/edits. `translators.images.fields` says what becomes of each field."""

    model: str = Field(min_length=1)
    prompt: str = Field(min_length=1)
    image: Annotated[list[InputImage] | InputImage, Field(union_mode="left_to_right")] | None = Field(
        default=None, validation_alias=AliasChoices("image", "images", "input_references")
    )
    mask: InputImage | None = None
    n: int | None = Field(default=None, ge=1, le=10)
    size: str | None = None
    aspect_ratio: str | None = Field(default=None, validation_alias=AliasChoices("aspect_ratio", "aspectRatio"))
    image_size: str | None = Field(default=None, validation_alias=AliasChoices("image_size", "imageSize", "resolution"))
    image_config: ImageConfig | None = None
    style: str | None = None
    negative_prompt: str | None = None
    cache: bool | None = None
    seed: int | None = None
    safety_settings: list[SafetySetting] | None = None
    response_format: Literal["b64_json", "url"] | None = None
    output_format: Literal["png", "jpeg", "webp", "gif", "svg"] | None = None
    output_compression: int | None = Field(default=None, ge=0, le=100)
    stream: bool | None = None

    # These change nothing in Google's request: read only so that they are known by name.
    background: Any = None
    complexity: Any = None
    frame_count: Any = None
    frame_duration_ms: Any = None
    input_fidelity: Any = None
    markup: Any = None
    moderation: Any = None
    partial_images: Any = None
    quality: Any = None
    safety_identifier: Any = None
    svg: Any = None
    user: Any = None
