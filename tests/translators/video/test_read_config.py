"""`video_config` in every spelling that is in use, and a 400 that names the member for everything else."""

from typing import Any

import pytest
from hypothesis import given

from tests.json_values import json_objects
from tests.video_requests import PNG, PNG_URI
from translators.errors import BadRequest
from translators.video.read_config import (
    NEAREST_SIZES,
    PERSON_GENERATION,
    RESOLUTIONS,
    SIZES,
    parse_config,
    unanswered,
)
from translators.video.read_config import read_config as fill
from translators.video.reader import Reader
from translators.video.spec import Reference, VideoMedia
from translators.wire.video import VideoConfig

PICTURE = VideoMedia(mime_type="image/png", data=PNG)


def read(config: dict[str, Any] | None) -> Reader:
    reader = Reader()
    fill(parse_config(config), reader)
    return reader


def refusal(config: Any) -> BadRequest:
    with pytest.raises(BadRequest) as caught:
        read(config)
    return caught.value


@pytest.mark.parametrize(
    ("value", "seconds"), [(8, 8), (8.0, 8), ("8", 8), ("8s", 8), ("08 S", 8), ("8.0", 8), ("6 seconds", 6), (0, 0)]
)
def test_durations(value: Any, seconds: int) -> None:
    """A whole number of seconds is read in every spelling."""
    assert read({"duration_seconds": value}).members == {"duration": seconds}


@pytest.mark.parametrize(
    "value", [True, False, -8, 8.5, "8.5", "-8", "", " ", "eight", "8m", "8s8", "٨", "9" * 5000, 1e22, [], {}, "8\n9"]
)
def test_what_is_no_duration(value: Any) -> None:
    """Anything else is refused with the field's name, whatever it is."""
    assert refusal({"seconds": value}).param == "video_config.seconds"


@pytest.mark.parametrize("name", ["n", "number_of_videos", "seed", "fps"])
def test_a_boolean_is_no_number(name: str) -> None:
    """`true` is not one."""
    assert refusal({name: True}).param == f"video_config.{name}"
    assert refusal({name: 1.5}).param == f"video_config.{name}"


@pytest.mark.parametrize(("value", "word"), [*RESOLUTIONS.items(), (" 4K ", "4k"), (720, "720p"), (1080, "1080p")])
def test_resolutions(value: Any, word: str) -> None:
    """Every spelling of a resolution becomes Google's word."""
    assert read({"resolution": value}).members == {"resolution": word}


@pytest.mark.parametrize(("value", "word"), [*PERSON_GENERATION.items(), ("ALLOW_ALL", "allow_all")])
def test_person_generation(value: str, word: str) -> None:
    """Every spelling of Google's own documents is taken."""
    assert read({"person_generation": value}).members == {"person_generation": word}


@pytest.mark.parametrize(
    ("value", "ratio"), [("16:9", "16:9"), ("9x16", "9:16"), (" 16 / 9 ", "16:9"), ("016:9", "16:9")]
)
def test_ratios(value: str, ratio: str) -> None:
    """Width and height, however they are parted."""
    assert read({"aspect_ratio": value}).members == {"aspect_ratio": ratio}


@pytest.mark.parametrize(("size", "ratio_and_resolution"), SIZES.items())
def test_sizes(size: str, ratio_and_resolution: tuple[str, str]) -> None:
    """A pixel size is a ratio and a resolution, and errors about them name `size`."""
    reader = read({"size": size.replace("x", " X ")})

    assert (reader.members["aspect_ratio"], reader.members["resolution"]) == ratio_and_resolution
    assert reader.named == {"aspect_ratio": "video_config.size", "resolution": "video_config.size"}
    assert reader.warnings == []


@pytest.mark.parametrize(("size", "made"), NEAREST_SIZES.items())
def test_sizes_google_cannot_make(size: str, made: str) -> None:
    """A size of OpenAI's models becomes the nearest one, and the caller is told both."""
    reader = read({"size": size})

    assert reader.members == read({"size": made}).members
    assert len(reader.warnings) == 1
    assert size in reader.warnings[0]
    assert made in reader.warnings[0]


@pytest.mark.parametrize(
    ("config", "param"),
    [
        ({"resolution": "8k"}, "video_config.resolution"),
        ({"resolution": True}, "video_config.resolution"),
        ({"aspect_ratio": "wide"}, "video_config.aspect_ratio"),
        ({"aspect_ratio": ""}, "video_config.aspect_ratio"),
        ({"aspect_ratio": f"{'9' * 5000}:9"}, "video_config.aspect_ratio"),
        ({"person_generation": "maybe"}, "video_config.person_generation"),
        ({"size": "100x100"}, "video_config.size"),
        ({"size": ""}, "video_config.size"),
        ({"image": ""}, "video_config.image"),
        ({"image": {"id": "video_1"}}, "video_config.image"),
        ({"last_frame": "C:\\x.png"}, "video_config.last_frame"),
        ({"mask_mode": "outpaint"}, "video_config.mask_mode"),
        ({"labels": {"a": 1}}, "video_config.labels"),
        ({"labels": []}, "video_config.labels"),
        ({"generate_audio": "perhaps"}, "video_config.generate_audio"),
        ({"reference_images": PNG_URI}, "video_config.reference_images"),
        ({"reference_images": [PNG_URI] * 11}, "video_config.reference_images"),
        ({"reference_images": [PNG_URI, ""]}, "video_config.reference_images[1]"),
        ({"reference_images": [{"image": PNG_URI, "type": "mood"}]}, "video_config.reference_images[0].type"),
        ({"reference_images": [{"image": PNG_URI, "weight": 1}]}, "video_config.reference_images[0].weight"),
        ({"reference_images": [{"image": "x"}]}, "video_config.reference_images[0].image"),
        ("8s", "video_config"),
        ([], "video_config"),
    ],
)
def test_refusals_name_the_member(config: Any, param: str) -> None:
    """Each refusal names the member, in `param` and in its sentence."""
    error = refusal(config)

    assert error.param == param
    assert param in error.message


@pytest.mark.parametrize(
    ("name", "hint"),
    [("aspectRatio", "video_config.aspect_ratio"), ("duraton", "video_config.duration"), ("zzz", "Known: ")],
)
def test_unknown_members_are_refused_with_a_hint(name: str, hint: str) -> None:
    """An unknown member would be paid for in vain; the nearest known name is offered."""
    error = refusal({name: 1})

    assert (error.code, error.param) == ("unknown_parameter", f"video_config.{name}")
    assert hint in error.message


@pytest.mark.parametrize(
    ("config", "first", "second"),
    [
        ({"duration": 8, "seconds": "4s"}, "duration", "seconds"),
        ({"n": 1, "number_of_videos": 2}, "number_of_videos", "n"),
        ({"resolution": "720p", "resolution_name": "4k"}, "resolution", "resolution_name"),
        ({"size": "1280x720", "aspect_ratio": "9:16"}, "aspect_ratio", "size"),
        ({"size": "1280x720", "resolution": "4k"}, "resolution", "size"),
        ({"image": PNG_URI, "first_frame": "https://example.com/x.png?sig=secret"}, "image", "first_frame"),
    ],
)
def test_two_spellings_that_contradict(config: dict[str, Any], first: str, second: str) -> None:
    """Which of the two was meant is not guessed; a picture's address, which may be signed, is not repeated."""
    error = refusal(config)

    assert f"video_config.{first}" in error.message
    assert error.param == f"video_config.{second}"
    assert "secret" not in error.message


def test_two_spellings_that_agree() -> None:
    """Saying one thing twice is fine; the first name stands."""
    reader = read({"duration": "8s", "duration_seconds": 8, "size": "1280x720", "resolution": 720})

    assert reader.members == {"duration": 8, "resolution": "720p", "aspect_ratio": "16:9"}
    assert reader.named["duration"] == "video_config.duration_seconds"


def test_everything_plain_is_read() -> None:
    """Members without spellings of their own come through as they are; Google's capitals are understood."""
    plain = {"seed": 0, "generate_audio": False, "enhance_prompt": False, "fps": 24, "storage_uri": "gs://b/o"}
    config = {
        **plain,
        "resize_mode": "PAD",
        "compression_quality": "Lossless",
        "mask_mode": "REMOVE",
        "labels": {"a": "b"},
    }

    assert read(config).members == {
        **plain, "resize_mode": "pad", "compression_quality": "lossless", "mask_mode": "remove", "labels": {"a": "b"}
    }  # fmt: skip


def test_references_are_assets_unless_they_say_style() -> None:
    """A reference is an address, an object with one, or an object with `image` and `type`."""
    config = {
        "reference_images": [PNG_URI, {"image_url": {"url": PNG_URI}}, {"image": {"url": PNG_URI}, "type": "style"}]
    }

    reader = read(config)

    asset, style = Reference(media=PICTURE), Reference(media=PICTURE, style=True)
    assert reader.members == {"references": (asset, asset, style)}
    assert reader.named["reference_images"] == "video_config.reference_images"


@pytest.mark.parametrize(
    "config", [None, {}, {"negative_prompt": ""}, {"labels": {}}, {"reference_images": []}, {"seed": None}]
)
def test_nothing_said_is_nothing_read(config: dict[str, Any] | None) -> None:
    """Empty words, tables and lists say nothing, and null is as good as absent."""
    assert read(config).members == {}


WORDS = ("8s", "720p", "16:9", "1280x720", PNG_URI, "gs://b/x.png", "insert", "allow_all", "", "data:,", "https://x")


@given(json_objects(sorted(VideoConfig.model_fields), WORDS))
def test_any_json_is_read_or_refused(config: dict[str, Any]) -> None:
    """Whatever a caller sends, the answer is a reading or a BadRequest that names a field."""
    try:
        read(config)
    except BadRequest as error:
        named = error.param or "nothing"
    else:
        named = "video_config"
    assert named.startswith("video_config")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({}, {"duration": 8, "resolution": "1080p", "aspect_ratio": "16:9", "seed": 1}),
        ({"seconds": "4"}, {"resolution": "1080p", "aspect_ratio": "16:9", "seed": 1}),
        ({"size": "720x1280"}, {"duration": 8, "seed": 1}),
        ({"resolution_name": "720p"}, {"duration": 8, "aspect_ratio": "16:9", "seed": 1}),
        ({"seed": 2}, {"duration": 8, "resolution": "1080p", "aspect_ratio": "16:9"}),
        (["seed", "n"], {"duration": 8, "resolution": "1080p", "aspect_ratio": "16:9"}),
    ],
)
def test_a_default_steps_back_for_whatever_answers_its_question(said, left) -> None:
    """A caller who says `seconds` never hears that it contradicts a `duration` that it did not write."""
    defaults = {"duration": 8, "resolution": "1080p", "aspect_ratio": "16:9", "seed": 1}
    assert unanswered(defaults, said) == left
