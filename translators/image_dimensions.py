"""Width and height of an image by its header, while it is still base64.

Layouts: PNG (W3C, 11.2.2), GIF89a (section 18), JPEG (ITU-T T.81, B.2.2), WebP (RFC 9649, section 2).
"""

import binascii
import struct

_HEAD = 4 * 65_536
"""Base64 characters that are looked at: a JPEG may have a large profile before its frame header."""

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def dimensions(data: str) -> tuple[int, int] | None:
    """Pixels as (width, height); None for what is no PNG, GIF, JPEG or WebP, or is cut off too early."""
    try:
        head = binascii.a2b_base64(data[:_HEAD])
    except (binascii.Error, ValueError):
        return None
    try:
        return _read(head)
    except (struct.error, IndexError):
        return None


def _read(head: bytes) -> tuple[int, int] | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _pair(struct.unpack_from(">II", head, 16))
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _pair(struct.unpack_from("<HH", head, 6))
    if head.startswith(b"\xff\xd8"):
        return _jpeg(head)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(head)
    return None


def _pair(values: tuple[int, ...]) -> tuple[int, int]:
    return values[0], values[1]


def _jpeg(head: bytes) -> tuple[int, int]:
    place = 2
    while head[place + 1] not in _JPEG_FRAMES:
        place += 2 + struct.unpack_from(">H", head, place + 2)[0]
    height, width = struct.unpack_from(">HH", head, place + 5)
    return width, height


def _webp(head: bytes) -> tuple[int, int] | None:
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            bits = struct.unpack_from("<I", head, 21)[0]
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", head, 26)
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return None
