"""proxy/media/thumbnail.py: pictures of the video, and clear words where there can be none."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from proxy.media.thumbnail import spritesheet, thumbnail
from translators.errors import BadRequest, UpstreamFailed


def red_and_blue(picture: Image.Image, where: tuple[int, int]) -> tuple[int, int]:
    pixel = picture.convert("RGB").getpixel(where)
    assert isinstance(pixel, tuple)
    return int(pixel[0]), int(pixel[2])


async def test_a_thumbnail_is_the_middle_picture(make_clip: Callable[..., Path]) -> None:
    """The clip turns from red to blue; its middle is half of each. WebP, no larger than the video."""
    picture = Image.open(io.BytesIO(await thumbnail(make_clip(sound=True))))
    assert (picture.format, picture.size) == ("WEBP", (64, 36))
    assert red_and_blue(picture, (32, 18)) == pytest.approx((127, 127), abs=20)


async def test_a_large_video_gets_a_small_thumbnail(make_clip: Callable[..., Path]) -> None:
    """At most 640 pixels a side, the ratio kept."""
    picture = Image.open(io.BytesIO(await thumbnail(make_clip(width=1280, height=720, seconds=1))))
    assert picture.size == (640, 360)


async def test_a_spritesheet_runs_through_the_video(make_clip: Callable[..., Path]) -> None:
    """Ten tiles in two rows, from red to blue."""
    sheet = Image.open(io.BytesIO(await spritesheet(make_clip())))
    assert (sheet.format, sheet.size) == ("JPEG", (64 * 5, 36 * 2))
    reds = [red_and_blue(sheet, (64 * (tile % 5) + 32, 36 * (tile // 5) + 18))[0] for tile in range(10)]
    assert reds == sorted(reds, reverse=True)
    assert reds[0] > 220 > 30 > reds[-1]


async def test_without_the_extra_the_way_out_is_named(
    make_clip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller learns what to install, and that the video itself is there."""
    monkeypatch.setitem(sys.modules, "av", None)
    for make in (thumbnail, spritesheet):
        with pytest.raises(BadRequest, match=r"pip install 'mediashim\[media\]'") as caught:
            await make(make_clip())
        assert caught.value.code == "media_extra_missing"


async def test_what_cannot_be_decoded_is_said_so(tmp_path: Path, make_clip: Callable[..., Path]) -> None:
    """Junk, an empty file, a truncated video and an audio-less nothing are the upstream's failure, not a crash."""
    broken = tmp_path / "broken.mp4"
    for content in (b"junk" * 100, b"", make_clip().read_bytes()[:500]):
        broken.write_bytes(content)
        with pytest.raises(UpstreamFailed):
            await thumbnail(broken)
