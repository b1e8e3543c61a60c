"""Media that come with a request: base64 or a reference, checked for what they claim to be."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from proxy.simulator.errors import invalid

_MAGIC: tuple[tuple[str, int, bytes], ...] = (
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/webp", 8, b"WEBP"),
    ("image/gif", 0, b"GIF8"),
    ("video/mp4", 4, b"ftyp"),
)


def sniff(content: bytes) -> str | None:
    """The media type that the first bytes show, if it is one of the common ones."""
    for mime_type, offset, magic in _MAGIC:
        if content[offset : offset + len(magic)] == magic:
            return mime_type
    return None


def decoded(encoded: Any, field: str) -> bytes:
    """Base64 to bytes. Raises GoogleError 400 naming the field."""
    if not isinstance(encoded, str) or not encoded:
        raise invalid(f"Invalid value at '{field}' (TYPE_BYTES), Base64 decoding failed")
    try:
        return base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error as error:
        raise invalid(f"Invalid value at '{field}' (TYPE_BYTES), Base64 decoding failed") from error


def checked(content: bytes, mime_type: Any, field: str, allowed: Mapping[str, int] | frozenset[str]) -> bytes:
    """Bytes whose declared type is allowed and true. Raises GoogleError 400 naming the field."""
    if mime_type not in allowed:
        raise invalid(f"Unsupported MIME type: {mime_type} at `{field}`. Supported: {', '.join(sorted(allowed))}.")
    if sniff(content) != mime_type:
        raise invalid("Unable to process input image. Please retry or report in https://developers.generativeai.google")
    return content
