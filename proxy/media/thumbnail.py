"""A still and a sprite sheet of a video, by PyAV and Pillow: the `media` extra, imported when first needed."""

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from translators.errors import BadRequest, UpstreamFailed

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL_TYPE: Final = "image/webp"
SPRITESHEET_TYPE: Final = "image/jpeg"
_THUMBNAIL_SIDE: Final = 640
_TILE_SIDE: Final = 320
_COLUMNS: Final = 5
_TILES: Final = 10
_QUALITY: Final = 80


async def thumbnail(path: Path) -> bytes:
    """The video's middle picture as WebP, at most 640 pixels a side.

    Raises BadRequest without the media extra, and UpstreamFailed if the file holds no picture that can be decoded.
    """
    return await asyncio.to_thread(_thumbnail, path)


async def spritesheet(path: Path) -> bytes:
    """Ten pictures, evenly spread over the video, in two rows of five, as JPEG; each at most 320 pixels a side.

    Raises as `thumbnail` does.
    """
    return await asyncio.to_thread(_spritesheet, path)


def _thumbnail(path: Path) -> bytes:
    (picture,) = _pictures(path, [0.5], _THUMBNAIL_SIDE)
    return _encoded(picture, "WEBP")


def _spritesheet(path: Path) -> bytes:
    tiles = _pictures(path, [(index + 0.5) / _TILES for index in range(_TILES)], _TILE_SIDE)
    from PIL import Image  # the pictures are there, so the extra is too

    width, height = tiles[0].size
    sheet = Image.new("RGB", (width * _COLUMNS, height * -(-_TILES // _COLUMNS)))
    for index, tile in enumerate(tiles):
        sheet.paste(tile, (index % _COLUMNS * width, index // _COLUMNS * height))
    return _encoded(sheet, "JPEG")


def _encoded(picture: "Image", kind: str) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind, quality=_QUALITY)
    return content.getvalue()


def _pictures(path: Path, moments: Sequence[float], longest_side: int) -> list["Image"]:
    """One picture for each moment (ascending fractions of the duration), the last one for moments behind the end."""
    av = _imported_av()
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise UpstreamFailed("The stored file has no video in it.", code="undecodable_video")
            pictures = _decoded(container, moments, longest_side)
    except av.FFmpegError as error:
        raise UpstreamFailed("The stored video cannot be decoded.", code="undecodable_video") from error
    if not pictures:
        raise UpstreamFailed("The stored video has no picture that can be decoded.", code="undecodable_video")
    return pictures


def _decoded(container: Any, moments: Sequence[float], longest_side: int) -> list["Image"]:
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    duration = container.duration or 0  # microseconds; 0 if the file does not say
    due = [moment * duration / 1e6 for moment in moments]
    container.seek(int(due[0] * 1e6))  # to the key frame before it
    pictures: list[Image] = []
    frame = None
    for frame in container.decode(stream):
        while len(pictures) < len(due) and (frame.time or 0) >= due[len(pictures)]:
            pictures.append(_picture(frame, longest_side))
        if len(pictures) == len(due):
            return pictures
    if frame is not None:
        pictures += [_picture(frame, longest_side)] * (len(due) - len(pictures))
    return pictures


def _picture(frame: Any, longest_side: int) -> "Image":
    scale = min(1.0, longest_side / max(frame.width, frame.height))
    picture: Image = frame.to_image(
        width=max(1, round(frame.width * scale)), height=max(1, round(frame.height * scale))
    )
    return picture


def _imported_av() -> Any:
    try:
        import av
        import PIL.Image  # noqa: F401 -- av makes its pictures with it
    except ImportError:
        raise BadRequest(
            "Thumbnails and sprite sheets need the media extra, which this server does not have: "
            "pip install 'mediashim[media]'. The video itself is available without it.",
            code="media_extra_missing",
        ) from None
    return av
