"""Media on the wire: data URIs, base64, and what the first bytes of a file say it is.

Base64 is checked but never decoded whole: a picture of some megabytes passes through as the text it came in. The check
is a decoder's with the processor's vector instructions, slice by slice, which takes 0.05 ms a megabyte; counting
foreign characters took 1 ms.
"""

import binascii
import re
from dataclasses import dataclass
from typing import Any

import pybase64

from translators.errors import BadRequest

SNIFF_BYTES = 32
"""So much of a file's beginning is enough for `sniff`."""

LONG_BASE64 = 64 * 1024
"""Characters that are worth the trouble."""
_SLICE = 48 << 10
"""Characters that are checked at a time: what they decode to stays in the processor's cache."""
_DATA_URI = re.compile(
    r"data:(?P<mime>[\w.+-]+/[\w.+-]+)?(?P<parameters>(?:;[\w.+-]+=[^;,]*)*)(?P<base64>;base64)?,", re.IGNORECASE
)
_PLAIN_DATA_URI = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,", re.ASCII)
_MARKDOWN_IMAGE = re.compile(r"!\[[^\]]*\]\((?P<uri>data:image/[^)\s]+)\)")
_BARE_TYPES = frozenset({"application/octet-stream", "binary/octet-stream"})

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftypM4A ", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
)
_RIFF_KINDS = frozenset({"image/webp", "audio/wav"})

MIME_BY_EXTENSION = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "heic": "image/heic",
    "heif": "image/heif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mpeg": "video/mpeg",
    "mpg": "video/mpeg",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "m4a": "audio/mp4",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "html": "text/html",
    "xml": "text/xml",
    "json": "application/json",
}


class HoldsMedia(dict[str, Any]):
    """An object of a body with base64 or a data URI for a member: equal to any other, but written around these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A medium as both protocols carry it: a MIME type, and base64 in the standard alphabet with padding."""

    mime_type: str
    data: str

    @property
    def data_uri(self) -> str:
        """`data:<mime>;base64,<data>`."""
        return f"data:{self.mime_type};base64,{self.data}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAtGoogle:
    """A file that the Gemini API keeps already, by its address; `mime_type` None: as it was uploaded."""

    uri: str
    mime_type: str | None = None


Medium = Media | FileAtGoogle
"""What a link turned out to be."""


def sniff(prefix: bytes) -> str | None:
    """Say what a file is by its first `SNIFF_BYTES` bytes; None if they do not tell."""
    for offset, magic, mime_type in _MAGIC:
        if prefix.startswith(magic, offset) and (mime_type not in _RIFF_KINDS or prefix.startswith(b"RIFF")):
            return mime_type
    return None


def sniff_base64(data: str) -> str | None:
    """`sniff` for bytes that are still base64; None also when they are not."""
    head = data[: SNIFF_BYTES * 4 // 3 // 4 * 4]
    try:
        return sniff(binascii.a2b_base64(head))
    except (binascii.Error, ValueError):
        return None


def is_base64(data: str, start: int = 0) -> bool:
    """Whether this, from `start` on, is base64 in the standard alphabet, padded, without line breaks (RFC 4648, 4)."""
    if (len(data) - start) % 4 or not data.isascii():
        return False
    starts = range(start, len(data), _SLICE)
    try:
        return all(_is_whole(data[at : at + _SLICE], is_last=at + _SLICE >= len(data)) for at in starts)
    except binascii.Error:
        return False


def is_long_base64(text: str) -> bool:
    """Whether it is base64, bare or as a plain data URI, that JSON's writers had better not walk over.

    It is the same inside a JSON string and outside.
    """
    if len(text) < LONG_BASE64:
        return False
    header = _PLAIN_DATA_URI.match(text)
    return is_base64(text, header.end() if header else 0)


def _is_whole(quads: str, *, is_last: bool) -> bool:
    """Whether nothing of them is padding, which only the last may have. Raises binascii.Error for what is no base64."""
    return len(pybase64.b64decode(quads, validate=True)) * 4 == len(quads) * 3 or is_last


def is_data_uri(url: str) -> bool:
    """Whether this claims to be a data URI."""
    return url[:5].lower() == "data:"


def parse_data_uri(uri: str, *, param: str) -> Media:
    """Read a base64 data URI. Without a MIME type of its own it has the one its bytes show.

    Raises BadRequest naming `param` when it is no data URI, not base64, empty, or of a kind that nothing tells.
    """
    header = _DATA_URI.match(uri)
    if header is None:
        raise BadRequest("This is not a data URI; expected data:<mime type>;base64,<data>.", param=param)
    if header["base64"] is None:
        raise BadRequest("Only base64 data URIs are accepted; expected data:<mime type>;base64,<data>.", param=param)
    return media_from_base64(uri[header.end() :], mime_type=(header["mime"] or "").lower() or None, param=param)


def media_from_base64(data: str, *, mime_type: str | None, param: str) -> Media:
    """Pair base64 with its type; `mime_type` None or a bare octet-stream means: look at the bytes.

    Raises BadRequest naming `param` when the data is not base64, is empty, or is of a kind that nothing tells.
    """
    if not data or not is_base64(data):
        raise BadRequest(
            "The data is not valid base64 (standard alphabet, padded, no line breaks), or there is none.", param=param
        )
    known = mime_type if mime_type and mime_type not in _BARE_TYPES else sniff_base64(data)
    if known is None:
        raise BadRequest("The medium names no MIME type and its bytes do not tell one; name it.", param=param)
    return Media(mime_type=known, data=data)


def mime_by_name(name: str) -> str | None:
    """The MIME type that a file name or URL ends in; None if it is not one we know."""
    return MIME_BY_EXTENSION.get(name.partition("?")[0].rpartition(".")[2].lower())


def split_markdown_images(text: str) -> list[str]:
    """Cut text at its Markdown images that are data URIs: text at even places, data URIs at odd ones."""
    return _MARKDOWN_IMAGE.split(text) if has_markdown_images(text) else [text]


def has_markdown_images(text: str) -> bool:
    """Whether there may be such an image in it."""
    return "](data:image/" in text
