"""The fields of a create, held against the clients that send them."""

import typing

import pytest
from openai.types import VideoCreateParams, VideoEditParams, VideoExtendParams, VideoRemixParams
from pydantic import ValidationError

from translators.wire.video import VideoConfig
from translators.wire.video_create import BOOKKEEPING, NOT_OFFERED, STRUCTURED, WITHOUT_EFFECT, VideoCreate

OPENROUTER = frozenset(
    {"model", "prompt", "duration", "resolution", "aspect_ratio", "size", "frame_images", "input_references", "seed"}
    | {"generate_audio", "callback_url", "previous_job_id", "provider", "session_id", "user", "trace"}
    | {"upscale_factor", "creativity"}
)
"""OpenRouter's docs, video generation, 2026-11."""


@pytest.mark.parametrize("params", [VideoCreateParams, VideoEditParams, VideoExtendParams, VideoRemixParams])
def test_every_field_of_openais_sdk_is_known(params: type) -> None:
    """openai-python 3.52."""
    fields = {
        name
        for kind in typing.get_args(params) or (params,)
        for name in typing.get_type_hints(kind, include_extras=True)
    }
    assert fields <= set(VideoCreate.model_fields)


def test_every_field_of_openrouter_is_known() -> None:
    """Also those that are refused, so that the refusal can name them."""
    assert set(VideoCreate.model_fields) >= OPENROUTER


def test_every_member_of_video_config_is_known() -> None:
    """Our own names work here too."""
    assert set(VideoConfig.model_fields) <= set(VideoCreate.model_fields)


def test_the_tables_name_fields() -> None:
    """No entry is misspelt."""
    assert set(VideoCreate.model_fields) >= BOOKKEEPING | WITHOUT_EFFECT | NOT_OFFERED | STRUCTURED


@pytest.mark.parametrize(
    "body", [{"secnds": "4"}, {"prompt": 5}, {"frame_images": [{}] * 3}, {"input_references": "a"}]
)
def test_what_does_not_fit(body: dict[str, object]) -> None:
    """Unknown names, wrong types, too many frames."""
    with pytest.raises(ValidationError):
        VideoCreate.model_validate(body)
