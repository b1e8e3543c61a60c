"""Pixels are read off real files of each kind, and nothing is claimed of what cannot be read."""

import base64
import io

import pytest
from PIL import Image

from translators.image_dimensions import dimensions


def encoded(kind: str, size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    """A file as Pillow writes it."""
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, kind, **options)
    return content.getvalue()


def of(content: bytes) -> tuple[int, int] | None:
    return dimensions(base64.b64encode(content).decode())


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"icc_profile": b"profile" * 5000}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}),
    ],
)
def test_each_kind_of_file(kind: str, options: dict[str, object]) -> None:
    """Width first, as the file has it."""
    assert of(encoded(kind, **options)) == (300, 200)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a text that is no image",
        encoded("PNG")[:18],
        encoded("JPEG")[:20],
        b"\xff\xd8\xff\xe0\x00\x10",
        b"RIFF\0\0\0\0WEBPXXXX" + bytes(20),
        b"RIFF\0\0\0\0WAVEfmt " + bytes(20),
    ],
)
def test_what_cannot_be_read_is_not_known(content: bytes) -> None:
    """Other files, and those that are cut off."""
    assert of(content) is None


def test_what_is_no_base64_is_not_known() -> None:
    """The text comes from outside."""
    assert dimensions("a") is None
