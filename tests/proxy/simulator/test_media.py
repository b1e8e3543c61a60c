"""Media are real: they decode, and are what was asked for to the pixel and the frame."""

import io

import av
import pytest
from PIL import Image

from proxy.simulator.media.clip import make_clip
from proxy.simulator.media.picture import make_picture
from proxy.simulator.media.recipe import PictureRecipe, VideoRecipe
from proxy.simulator.pixels import image_pixels, video_pixels


def recipe(**changes):
    return VideoRecipe(
        **{"width": 640, "height": 360, "seconds": 4, "audio": True, "model": "veo", "prompt": "a fox", **changes}
    )


@pytest.mark.parametrize(
    ("resolution", "ratio", "pixels", "seconds", "audio"),
    [
        ("360p", "16:9", (640, 360), 3, True),
        ("720p", "9:16", (720, 1280), 5, True),
        ("720p", "16:9", (1280, 720), 8, False),
        ("1080p", "16:9", (1920, 1080), 4, True),
        ("1080p", "9:16", (1080, 1920), 4, False),
    ],
)
def test_a_clip_is_exactly_as_asked(resolution, ratio, pixels, seconds, audio) -> None:
    """H.264 at 24 frames a second, of exactly the length and size; a sound track of the same length, or none."""
    width, height = video_pixels(resolution, ratio)
    clip = make_clip(recipe(width=width, height=height, seconds=seconds, audio=audio))

    with av.open(io.BytesIO(clip)) as container:
        [video] = container.streams.video
        assert (width, height) == pixels == (video.width, video.height)
        assert (video.codec_context.name, video.average_rate) == ("h264", 24)
        assert container.duration == seconds * 1_000_000
        assert [stream.codec_context.name for stream in container.streams.audio] == (["aac"] if audio else [])
        assert sum(1 for _ in container.decode(video=0)) == seconds * 24


def test_the_index_comes_first() -> None:
    """A player can start before the whole file is there."""
    clip = make_clip(recipe())

    assert clip.index(b"moov") < clip.index(b"mdat")


def test_a_clip_moves() -> None:
    """Frames differ: it is a video, not a slide."""
    with av.open(io.BytesIO(make_clip(recipe()))) as container:
        frames = [frame.to_image().tobytes() for frame in container.decode(video=0)]

    assert len({frames[0], frames[24], frames[48]}) == 3


def test_given_frames_begin_and_end_the_clip() -> None:
    """The first-frame image is what the first frame shows, the last-frame image what the last one shows."""
    red, blue = solid((200, 20, 20)), solid((20, 20, 200))
    with av.open(io.BytesIO(make_clip(recipe(first_frame=red, last_frame=blue)))) as container:
        frames = [frame.to_image() for frame in container.decode(video=0)]

    spot = (560, 150)
    assert dominant(frames[0].getpixel(spot)) == dominant(frames[60].getpixel(spot)) == "red"
    assert dominant(frames[-1].getpixel(spot)) == "blue"


def solid(colour) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (320, 180), colour).save(encoded, "PNG")
    return encoded.getvalue()


def dominant(pixel) -> str:
    red, _, blue = pixel
    return "red" if red > 2 * blue else "blue" if blue > 2 * red else "neither"


@pytest.mark.parametrize(
    ("ratio", "size", "pixels"),
    [
        ("1:1", "1K", (1024, 1024)),
        ("16:9", "1K", (1344, 768)),
        ("9:16", "2K", (1536, 2688)),
        ("8:1", "512", (1464, 176)),
    ],
)
def test_a_picture_is_exactly_as_asked(ratio, size, pixels) -> None:
    """A real PNG of the ratio and size."""
    width, height = image_pixels(ratio, size)
    png = make_picture(PictureRecipe(width=width, height=height, model="m", prompt="a very " * 60))

    with Image.open(io.BytesIO(png)) as picture:
        assert (picture.format, picture.size) == ("PNG", pixels)
