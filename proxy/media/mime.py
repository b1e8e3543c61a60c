"""The media types we keep, and the file suffix each one has."""

from collections.abc import Mapping
from typing import Final

MIME_TYPES: Final[Mapping[str, str]] = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
}
"""Suffix -> media type, one to one."""

_SUFFIXES: Final[Mapping[str, str]] = {mime_type: suffix for suffix, mime_type in MIME_TYPES.items()}


def suffix_for(mime_type: str) -> str | None:
    """The suffix of a media type as an upstream writes it (parameters and case do not matter), or None."""
    return _SUFFIXES.get(mime_type.partition(";")[0].strip().lower())
