"""Tiny real MP4s, encoded once a session."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

MakeClip = Callable[..., Path]


@pytest.fixture(scope="session")
def make_clip(tmp_path_factory: pytest.TempPathFactory) -> MakeClip:
    """Gives the path of an H.264 MP4 that turns from red to blue; `options` are the muxer's."""
    folder = tmp_path_factory.mktemp("clips")
    made: dict[str, Path] = {}

    def make(
        *,
        width: int = 64,
        height: int = 36,
        fps: int | Fraction = 24,
        seconds: int = 2,
        sound: bool = False,
        options: dict[str, str] | None = None,
    ) -> Path:
        key = repr((width, height, fps, seconds, sound, options))
        if key not in made:
            made[key] = folder / f"{len(made)}.mp4"
            _encode(made[key], width, height, Fraction(fps), seconds, sound=sound, options=options or {})
        return made[key]

    return make


def _encode(
    path: Path, width: int, height: int, fps: Fraction, seconds: int, *, sound: bool, options: dict[str, str]
) -> None:
    with av.open(str(path), "w", options=options) as container:
        video = container.add_stream("libx264", rate=fps)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = container.add_stream("aac", rate=48000, layout="mono") if sound else None
        count = round(seconds * fps)
        for index in range(count):
            red = 255 - 255 * index // count
            picture = Image.new("RGB", (width, height), (red, 0, 255 - red))
            container.mux(video.encode(av.VideoFrame.from_image(picture)))
        container.mux(video.encode(None))
        if audio is not None:
            for index in range(seconds * 48000 // 1024):
                silence = av.AudioFrame(format="fltp", layout="mono", samples=1024)
                silence.planes[0].update(bytes(silence.planes[0].buffer_size))
                silence.sample_rate = 48000
                silence.pts = index * 1024
                container.mux(audio.encode(silence))
            container.mux(audio.encode(None))
