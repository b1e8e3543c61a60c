"""What an MP4 says about itself: a reader of its boxes, without a decoder and without reading the pictures.

Boxes as in ISO/IEC 14496-12 (2022): `moov` with `mvhd`, and per `trak` the `tkhd`, `mdhd`, `hdlr` and `stts`.
A file that is truncated, odd or no MP4 at all gives None for what cannot be known; it is never an error.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Final

_LARGEST_MOOV: Final = 16 << 20
"""The index of a ten-minute video is under 1 MiB; what claims more is not read into memory."""
_MOST_BOXES: Final = 1000
"""A file that begins with more boxes than this and has no index among them is looked at no further."""
_FIXED_POINT: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFacts:
    """`duration` in seconds, `width` and `height` in pixels as shown (rotation applied), `fps` the average rate.

    None means that the file does not say.
    """

    duration: float | None = None
    width: int | None = None
    height: int | None = None
    has_audio: bool | None = None
    fps: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Track:
    kind: bytes | None
    size: tuple[int, int] | None
    duration: Fraction | None
    samples: int | None


def probe(path: Path) -> VideoFacts:
    """Read the facts from a file's index. Blocks for a few small reads. Raises OSError if the file cannot be read."""
    with path.open("rb") as file:
        moov = _read_moov(file)
    return VideoFacts() if moov is None else _facts(moov)


def _read_moov(file: BinaryIO) -> bytes | None:
    file_size = os.fstat(file.fileno()).st_size
    position = 0
    for _ in range(_MOST_BOXES):
        file.seek(position)
        kind, header, size = _box_header(file.read(16), file_size - position)
        if size < header or (kind == b"moov" and size > _LARGEST_MOOV):
            return None
        if kind == b"moov":
            file.seek(position + header)
            return file.read(size - header)
        position += size
    return None


def _box_header(head: bytes, available: int) -> tuple[bytes, int, int]:
    """Type, length of the header, length of the box with it; a box of length 0 reaches to the end."""
    size = int.from_bytes(head[:4], "big")
    kind = head[4:8]
    if size == 1 and len(head) >= 16:
        return kind, 16, int.from_bytes(head[8:16], "big")
    return kind, 8, available if size == 0 else size


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes directly inside, the last one perhaps cut short."""
    position = 0
    while position + 8 <= len(content):
        kind, header, size = _box_header(content[position : position + 16], len(content) - position)
        if size < header:
            return
        yield kind, content[position + header : position + size]
        position += size


def _find(content: bytes, *path: bytes) -> bytes | None:
    for wanted in path:
        found = next((inner for kind, inner in _boxes(content) if kind == wanted), None)
        if found is None:
            return None
        content = found
    return content


def _facts(moov: bytes) -> VideoFacts:
    tracks = [_track(inner) for kind, inner in _boxes(moov) if kind == b"trak"]
    video = next((track for track in tracks if track.kind == b"vide"), None)
    movie_duration = _duration(_find(moov, b"mvhd"))
    kinds_known = bool(tracks) and all(track.kind is not None for track in tracks)
    has_audio = True if any(track.kind == b"soun" for track in tracks) else (False if kinds_known else None)
    if video is None:
        return VideoFacts(duration=_seconds(movie_duration), has_audio=has_audio)
    width, height = video.size or (None, None)
    fps = Fraction(video.samples) / video.duration if video.samples and video.duration else None
    return VideoFacts(
        duration=_seconds(movie_duration or video.duration),
        width=width,
        height=height,
        has_audio=has_audio,
        fps=None if fps is None else round(float(fps), 3),
    )


def _track(trak: bytes) -> _Track:
    handler = _find(trak, b"mdia", b"hdlr")
    return _Track(
        kind=handler[8:12] if handler is not None and len(handler) >= 12 else None,
        size=_shown_size(_find(trak, b"tkhd")),
        duration=_duration(_find(trak, b"mdia", b"mdhd")),
        samples=_sample_count(_find(trak, b"mdia", b"minf", b"stbl", b"stts")),
    )


def _seconds(duration: Fraction | None) -> float | None:
    return round(float(duration), 3) if duration else None


def _duration(header: bytes | None) -> Fraction | None:
    """`mvhd` and `mdhd` begin alike: version, times, time scale, duration; all bits set means unknown (8.2.2)."""
    if not header:
        return None
    layout = struct.Struct(">4x8x8xIQ" if header[0] == 1 else ">4x4x4xII")
    if len(header) < layout.size:
        return None
    scale, units = layout.unpack_from(header)
    unknown = units == (2**64 - 1 if header[0] == 1 else 2**32 - 1)
    return Fraction(units, scale) if scale and not unknown else None


def _shown_size(header: bytes | None) -> tuple[int, int] | None:
    """`tkhd`: the matrix and the size are its last 44 bytes; a turn by 90 degrees has zeros on the diagonal."""
    if not header:
        return None
    start = 52 if header[0] == 1 else 40
    matrix_and_size = header[start : start + 44]
    if len(matrix_and_size) < 44:
        return None
    *matrix, width, height = struct.unpack(">9i2I", matrix_and_size)
    size = (width // _FIXED_POINT, height // _FIXED_POINT)
    if not all(size):
        return None
    turned = matrix[0] == 0 and matrix[4] == 0
    return size[::-1] if turned else size


def _sample_count(table: bytes | None) -> int | None:
    """`stts`: runs of (count, duration)."""
    if not table or len(table) < 8:
        return None
    runs = int.from_bytes(table[4:8], "big")
    entries = table[8 : 8 + runs * 8]
    if len(entries) < runs * 8:
        return None
    return sum(count for count, _ in struct.iter_unpack(">II", entries)) or None
