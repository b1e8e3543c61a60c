"""What a client got: data URIs taken apart and decoded."""

import base64
import io
from dataclasses import dataclass
from typing import Any

import av
from PIL import Image


@dataclass(frozen=True, slots=True)
class Clip:
    """A decoded MP4; `seconds` is rounded to a tenth."""

    width: int
    height: int
    seconds: float
    frames: int
    audio: bool


def data_of(url: str, mime_type: str) -> bytes:
    """The bytes of a data URI of this type."""
    head, _, text = url.partition(",")
    assert head == f"data:{mime_type};base64"
    return base64.b64decode(text, validate=True)


def decoded_video(data: bytes) -> Clip:
    """Every frame decoded."""
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.video[0]
        frames = sum(1 for _ in container.decode(stream))
        return Clip(
            width=stream.width,
            height=stream.height,
            seconds=round(float(stream.duration * stream.time_base), 1),
            frames=frames,
            audio=bool(container.streams.audio),
        )


def video_in(message: dict[str, Any]) -> Clip:
    """The one video of a message or a delta."""
    (video,) = message["videos"]
    assert (video["type"], video["index"]) == ("video_url", 0)
    return decoded_video(data_of(video["video_url"]["url"], "video/mp4"))


def image_in(message: dict[str, Any]) -> tuple[int, int]:
    """Width and height of the one image of a message or a delta."""
    (image,) = message["images"]
    assert image["type"] == "image_url"
    with Image.open(io.BytesIO(data_of(image["image_url"]["url"], "image/png"))) as picture:
        picture.load()
        return picture.size


def small_clip(seconds: float = 0.5) -> bytes:
    """A grey MP4."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        picture = Image.new("RGB", (64, 36), "grey")
        for _ in range(int(24 * seconds)):
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode())
    return file.getvalue()
