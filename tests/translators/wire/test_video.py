"""The shape of `video_config`: strict where a mistake would be paid for, lenient where only a spelling differs."""

from typing import Any

import pytest
from pydantic import ValidationError

from translators.wire.video import VideoConfig, VideoReferenceImage


@pytest.mark.parametrize(
    "members",
    [{"duraton": 8}, {"n": True}, {"seed": False}, {"duration": True}, {"resize_mode": 1}, {"delivery": "post"}],
)
def test_mistakes_are_refused(members: dict[str, Any]) -> None:
    """An unknown member, a boolean for a number and a foreign word are errors."""
    with pytest.raises(ValidationError):
        VideoConfig.model_validate(members)


@pytest.mark.parametrize(
    ("members", "read"),
    [
        ({"n": "2"}, {"n": 2}),
        ({"resize_mode": " CROP"}, {"resize_mode": "crop"}),
        ({"aspect_ratio": " 16:9 "}, {"aspect_ratio": "16:9"}),
        ({"duration": "8s"}, {"duration": "8s"}),
        ({"generate_audio": "false"}, {"generate_audio": False}),
    ],
)
def test_spellings_are_levelled(members: dict[str, Any], read: dict[str, Any]) -> None:
    """Space, capitals and numbers in quotes mean what they mean."""
    assert VideoConfig.model_validate(members).model_dump(exclude_unset=True) == read


def test_a_reference_is_an_asset_unless_it_says_style() -> None:
    """`type` is Google's referenceType, in any case."""
    assert VideoReferenceImage.model_validate({"image": "u"}).type == "asset"
    assert VideoReferenceImage.model_validate({"image": "u", "type": "STYLE"}).type == "style"
