"""A picture or clip is read from whatever names it."""

from typing import Any

import pytest

from tests.video_requests import PNG, PNG_URI
from translators.errors import BadRequest
from translators.video.read_media import read_media
from translators.video.spec import VideoMedia

INLINE = VideoMedia(mime_type="image/png", data=PNG)
REMOTE = VideoMedia(uri="https://example.com/x.png")


@pytest.mark.parametrize(
    ("value", "medium"),
    [
        (PNG_URI, INLINE),
        (f"  {PNG_URI}\n", INLINE),
        (f"DATA:;base64,{PNG}", INLINE),
        ("https://example.com/x.png", REMOTE),
        ({"url": "https://example.com/x.png"}, REMOTE),
        ({"type": "image_url", "image_url": {"url": "https://example.com/x.png"}}, REMOTE),
        ({"video_url": "https://example.com/x.png"}, REMOTE),
        ({"uri": "https://example.com/x.png"}, REMOTE),
        ("HTTPS://example.com/x.png", VideoMedia(uri="HTTPS://example.com/x.png")),
        ("gs://b/o/x.png", VideoMedia(uri="gs://b/o/x.png", mime_type="image/png")),
        ("gs://b/o/v.MP4", VideoMedia(uri="gs://b/o/v.MP4", mime_type="video/mp4")),
        ("gs://b/o/v", VideoMedia(uri="gs://b/o/v")),
    ],
)
def test_media(value: Any, medium: VideoMedia) -> None:
    """Each way of naming a medium is understood; a bucket's object has the type of its name."""
    assert read_media(value, "f") == medium


@pytest.mark.parametrize(
    ("value", "param"),
    [
        (None, "f"),
        (7, "f"),
        ("", "f"),
        ("   ", "f"),
        ("x.png", "f"),
        ("https:", "f"),
        ("file:///etc/passwd", "f"),
        ("data:image/png,plain", "f"),
        ("data:image/png;base64,!", "f"),
        ([PNG_URI], "f"),
        ({}, "f"),
        ({"id": "video_1"}, "f"),
        ({"image_url": {"detail": "low"}}, "f.image_url"),
        ({"url": None}, "f.url"),
    ],
)
def test_what_is_no_medium(value: Any, param: str) -> None:
    """Everything else is refused with the field's name."""
    with pytest.raises(BadRequest) as caught:
        read_media(value, "f")
    assert caught.value.param == param


def test_an_uploaded_file_by_its_name() -> None:
    """As text, or as OpenAI's clients name files."""
    named = VideoMedia(uri="files/abc")
    assert read_media("files/abc", "f") == read_media({"file_id": "files/abc"}, "f") == named
    with pytest.raises(BadRequest) as refused:
        read_media({"file_id": "file-abc"}, "f")
    assert refused.value.param == "f.file_id"
