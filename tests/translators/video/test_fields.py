"""The table of video_config and the models have the same members."""

from translators.video.fields import CHAT_FIELDS, FIELDS
from translators.wire.openai import ChatCompletionRequest
from translators.wire.video import VideoConfig


def test_every_member_of_video_config_has_a_fate() -> None:
    """None is missing, none is made up, and each says where it goes on each backend."""
    assert set(FIELDS) == set(VideoConfig.model_fields)
    assert all(all((fate.values, fate.gemini, fate.vertex, fate.omni)) for fate in FIELDS.values())


def test_what_a_video_request_reads_is_known_to_chat() -> None:
    """The fields that a video request reads are fields of the request model."""
    assert set(CHAT_FIELDS) <= set(ChatCompletionRequest.model_fields)
