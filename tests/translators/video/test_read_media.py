"""A picture or clip is read from whatever names it."""

from typing import Any

import pytest

from tests.video_requests import PNG, PNG_URI
from translators.errors import BadRequest
from translators.video.read_media import read_clip, read_media
from translators.video.spec import VideoMedia

INLINE = VideoMedia(mime_type="image/png", data=PNG)
NAME = "abcdefghijklmnopqrstuvwxyz_-0123.png"
STORED = VideoMedia(uri=f"stored:{NAME}", mime_type="image/png")
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
        (NAME, STORED),
        (f"/media/{NAME}", STORED),
        ({"id": NAME}, STORED),
        ({"image_url": {"url": f"/media/{NAME}"}}, STORED),
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
        ("video_1", "f"),
        ({"id": 7}, "f"),
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


@pytest.mark.parametrize("value", ["video_1", {"id": "video_1"}, {"video_url": {"url": "video_1"}}])
def test_a_clip_may_be_an_earlier_jobs(value: Any) -> None:
    """By its id, in OpenAI's object or alone; a picture may not, and the answer says what to do with it."""
    assert read_clip(value, "f") == VideoMedia(uri="job:video_1")
    with pytest.raises(BadRequest, match="Send that id as `video`"):
        read_media(value, "f")


@pytest.mark.parametrize(("value", "medium"), [(PNG_URI, INLINE), ({"url": "https://example.com/x.png"}, REMOTE)])
def test_a_clip_is_read_like_any_medium(value: Any, medium: VideoMedia) -> None:
    """Everything else is the same."""
    assert read_clip(value, "f") == medium


@pytest.mark.parametrize("value", [None, 7, {"id": "file-1"}, {"id": 7}])
def test_what_is_no_clip(value: Any) -> None:
    """Refused with the field's name."""
    with pytest.raises(BadRequest) as caught:
        read_clip(value, "f")
    assert caught.value.param == "f"
