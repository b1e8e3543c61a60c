"""The small readers behind both protocols."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.video_requests import PNG
from translators.errors import BadRequest
from translators.native import members
from translators.video.spec import VideoMedia


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (members.a_list, [1], [1]),
        (members.a_text, "x", "x"),
        (members.a_switch, False, False),
        (members.a_number, 8, 8),
        (members.a_number, "8", 8),
        (members.a_number, 8.0, 8),
        (members.some_labels, {"a": "b"}, {"a": "b"}),
    ],
)
def test_what_is_read(read: Callable[[Any, str], Any], value: Any, expected: Any) -> None:
    """The value, in its own type."""
    assert read(value, "f") == expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (members.a_list, {}),
        (members.a_text, 1),
        (members.a_switch, 1),
        (members.a_number, True),
        (members.a_number, "8s"),
        (members.a_number, 8.5),
        (members.a_number, "9" * 5000),
        (members.a_number, float("inf")),
        (members.a_number, None),
        (members.some_labels, ["a"]),
        (members.some_labels, {"a": 1}),
    ],
)
def test_what_is_refused(read: Callable[[Any, str], Any], value: Any) -> None:
    """A 400 that names the field."""
    with pytest.raises(BadRequest, match="'f'") as refused:
        read(value, "f")
    assert refused.value.param == "f"


def test_a_switch_in_a_query() -> None:
    """The two words, and nothing for no."""
    assert [members.a_spoken_switch(said, "f") for said in ("true", "false", None)] == [True, False, False]
    with pytest.raises(BadRequest, match="'f'"):
        members.a_spoken_switch("yes", "f")


def test_an_object() -> None:
    """Its members without the nulls; an unknown one is refused by its full name."""
    assert members.an_object({"a": 1, "b": None}, "f", ("a", "b")) == {"a": 1}
    for value, where, param in (({"x": 1}, "f", "f.x"), ({"x": 1}, "", "x"), ([], "f", "f")):
        with pytest.raises(BadRequest) as refused:
            members.an_object(value, where, ("a",))
        assert refused.value.param == param


def test_one_of() -> None:
    """A word in any case."""
    assert members.one_of(" PAD ", "f", {"pad": 1}) == 1
    with pytest.raises(BadRequest, match="none of pad"):
        members.one_of("crop", "f", {"pad": 1})


def test_media() -> None:
    """Base64 with its type or the one its bytes show; addresses, and what a bucket object's name tells."""
    png = VideoMedia(mime_type="image/png", data=PNG)
    assert members.inline_media(PNG, "image/PNG", "f", "mimeType") == png
    assert members.inline_media(PNG, None, "f", "mimeType") == png
    assert members.media_at("gs://b/o.png", None, "f") == VideoMedia(uri="gs://b/o.png", mime_type="image/png")
    assert members.media_at("https://h/o", "video/mp4", "f") == VideoMedia(uri="https://h/o", mime_type="video/mp4")
    assert members.media_at("https://h/o", None, "f") == VideoMedia(uri="https://h/o")
    assert members.media_at("files/a", None, "f") == VideoMedia(uri="files/a")
    with pytest.raises(BadRequest):
        members.media_at("ftp://h/o", None, "f")
