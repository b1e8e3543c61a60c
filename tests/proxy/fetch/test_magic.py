"""A file is what its first bytes say."""

import pytest

from proxy.fetch.magic import HEAD_BYTES, media_type

EBML = b"\x1aE\xdf\xa3"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"GIF87a\x01\x00", "image/gif"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\nftypmif1", "image/heif"),
        (b"\x00\x00\x00\x1cftypavif", "image/avif"),
        (b"II*\x00\x08\x00", "image/tiff"),
        (b"MM\x00*\x00\x08", "image/tiff"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", "video/quicktime"),
        (b"\x00\x00\x00\x18ftyp3gp4", "video/3gpp"),
        (EBML + b"\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm", "video/webm"),
        (EBML + b"\xa3B\x86\x81\x01B\x82\x88matroska", "video/x-matroska"),
        (b"RIFF\x10\x00\x00\x00AVI LIST", "video/x-msvideo"),
        (b"\x00\x00\x01\xba\x44", "video/mpeg"),
        (b"FLV\x01\x05", "video/x-flv"),
        (b"0&\xb2u\x8ef\xcf\x11\xa6\xd9", "video/x-ms-wmv"),
        (b"\x00\x00\x00\x18ftypM4A ", None),
        (b"<!doctype html>", None),
        (b'{"error": "no"}', None),
        (b"ID3\x04\x00", None),
        (b"%PDF-1.7", "application/pdf"),
        (b"", None),
    ],
)
def test_types(head: bytes, expected: str | None) -> None:
    """Images, videos and documents are told apart and from everything else, audio in an MP4 box included."""
    assert media_type(head) == expected
    assert len(head) <= HEAD_BYTES
