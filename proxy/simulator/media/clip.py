"""Encodes one clip: H.264 in MP4 with the index in front, exactly as long and as large as asked."""

import tempfile
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proxy.simulator.media.recipe import MediaExtraMissing, VideoRecipe
from proxy.simulator.media.scene import FRAMES_PER_SECOND, Planes, Scene
from proxy.simulator.media.sound import SAMPLE_RATE, chord

if TYPE_CHECKING:
    from PIL import Image

_VIDEO_OPTIONS = {"preset": "ultrafast", "crf": "26", "tune": "stillimage"}


@lru_cache(maxsize=64)
def make_clip(recipe: VideoRecipe) -> bytes:
    """Encode the clip; about half a second of one core for 8 s of 720p. Blocks: call it in a thread.

    Raises MediaExtraMissing without PyAV and Pillow.
    """
    try:
        import av
    except ImportError as missing:
        raise MediaExtraMissing("PyAV") from missing
    # `faststart` reads the file again to move the index to the front, so it needs a real file.
    with tempfile.TemporaryDirectory(prefix="mediashim-clip-") as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
            picture = container.add_stream("libx264", rate=FRAMES_PER_SECOND, options=_VIDEO_OPTIONS)
            picture.width, picture.height, picture.pix_fmt = recipe.width, recipe.height, "yuv420p"
            picture.thread_count = 1
            sound = container.add_stream("aac", rate=SAMPLE_RATE, layout="mono") if recipe.audio else None
            _encode_pictures(container, picture, Scene(recipe))
            if sound is not None:
                _encode_sound(container, sound, recipe.seconds)
        return path.read_bytes()


def _encode_pictures(container: Any, stream: Any, scene: Scene) -> None:
    import av

    for number in range(scene.frame_count):
        frame = _video_frame(av, scene.frame(number))
        frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _video_frame(av: Any, planes: Planes) -> Any:
    frame = av.VideoFrame(planes.luma.width, planes.luma.height, "yuv420p")
    for target, plane in zip(frame.planes, planes.all(), strict=True):
        target.update(_padded(plane, target.line_size, target.height))
    return frame


def _padded(plane: "Image.Image", line_size: int, height: int) -> bytes:
    """The plane's bytes with each row as long as FFmpeg's alignment wants it."""
    if plane.size == (line_size, height):
        return plane.tobytes()
    # A crop beyond the edge pads with zeros.
    return plane.crop((0, 0, line_size, height)).tobytes()


def _encode_sound(container: Any, stream: Any, seconds: int) -> None:
    import av

    stream.bit_rate = 64_000
    for start, count, samples in chord(seconds):
        frame = av.AudioFrame(format="fltp", layout="mono", samples=count)
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
        frame.planes[0].update(samples.ljust(frame.planes[0].buffer_size, b"\0"))
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
