"""No field of a chat completion is lost on the way to a video: read, told, or refused."""

from typing import Any

import pytest

from tests.video_requests import PNG_URI, chat_of, image_part
from translators.errors import BadRequest
from translators.video.chat_fields import (
    BOOKKEEPING,
    ELSEWHERE,
    READ,
    beside,
    refuse_misplaced,
    said_of_the_video,
    without_effect,
)
from translators.wire.openai import ChatCompletionRequest
from translators.wire.video import BESIDE, VideoConfig


@pytest.mark.parametrize(
    ("members", "param", "way_out"),
    [
        ({"duration": 8}, "duration", "video_config.duration"),
        ({"aspectRatio": "9:16"}, "aspectRatio", "video_config.aspect_ratio"),
        ({"image_config": {"aspect_ratio": "9:16"}}, "image_config", "video_config"),
        ({"image_url": "https://a/b.png"}, "image_url", "video_config.image"),
        ({"task": "edit"}, "task", "video_config.task"),
        ({"videoConfig": {"duration": 8}}, "videoConfig", "video_config"),
        ({"extra_body": {"video_config": {}}}, "extra_body.video_config", "field of the body itself"),
    ],
)
def test_a_setting_in_the_wrong_place_is_refused(members: dict[str, Any], param: str, way_out: str) -> None:
    """It would be paid for and have no effect; the sentence says where it belongs."""
    with pytest.raises(BadRequest) as caught:
        refuse_misplaced(chat_of(**members))

    assert (caught.value.param, caught.value.code) == (param, "misplaced_parameter")
    assert way_out in caught.value.message


def test_every_member_of_the_config_is_known_beside_it() -> None:
    """What `video_config` can say is refused next to it, unless it is at home there in some protocol."""
    for name in set(VideoConfig.model_fields) - set(ChatCompletionRequest.model_fields) - BESIDE:
        with pytest.raises(BadRequest):
            refuse_misplaced(chat_of(**{name: "something"}))


@pytest.mark.parametrize(
    "members",
    [{}, {"duration": None}, {"usage": {"include": True}}, {"extra_body": {"google": {}}}, {"image_config": None}],
)
def test_what_is_not_misplaced(members: dict[str, Any]) -> None:
    """Null says nothing, and bookkeeping is no setting."""
    refuse_misplaced(chat_of(**members))


@pytest.mark.parametrize("name", sorted(BESIDE))
def test_what_is_at_home_beside_the_config_is_read_there(name: str) -> None:
    """It is neither refused nor without effect; empty, it says nothing."""
    request = chat_of(**{name: "something"})

    refuse_misplaced(request)
    assert beside(request) == {name: "something"}
    assert list(without_effect(request)) == []
    assert all(beside(chat_of(**{name: empty})) == {} for empty in ([], "", None))


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (chat_of(), set()),
        (chat_of(video_config={"duration": 4, "fps": None}), {"duration", "fps"}),
        (chat_of(n=1, seed=0), {"seed"}),
        (chat_of(n=2, frame_images=[{}], input_references=[]), {"n", "frame_images"}),
        (chat_of([image_part()]), {"image", "last_frame", "reference_images"}),
        (chat_of([{"type": "video_url", "video_url": PNG_URI}]), {"video"}),
    ],
)
def test_what_is_said_of_the_video(request_: ChatCompletionRequest, said: set[str]) -> None:
    """Wherever it is said: an alias' defaults step back for it."""
    assert said_of_the_video(request_) == said


def test_settings_of_text_models_are_told() -> None:
    """Each field that changes nothing is named once; unknown ones are called unknown."""
    request = chat_of(temperature=0.0, tools=[{"type": "function"}], n=2, seed=1, stream=True, user="u", stop=[], foo=1)

    assert list(without_effect(request)) == [
        "temperature had no effect on a video.",
        "tools had no effect on a video.",
        "foo is not known here and had no effect.",
    ]


def test_system_messages_are_told() -> None:
    """They do not reach the model, and the caller hears it once."""
    messages = [
        {"role": "system", "content": "a"},
        {"role": "developer", "content": "b"},
        {"role": "user", "content": "c"},
    ]
    request = ChatCompletionRequest.model_validate({"model": "m", "messages": messages})

    assert len(list(without_effect(request))) == 1


def test_the_tables_do_not_overlap() -> None:
    """A field is read, or bookkeeping, or said elsewhere: one of them."""
    assert not READ & BOOKKEEPING
    assert not (READ | BOOKKEEPING) & set(ELSEWHERE)
    assert set(ChatCompletionRequest.model_fields) >= READ - BESIDE
