"""Data URIs, base64 and magic bytes."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translators.content import (
    LONG_BASE64,
    Media,
    is_base64,
    is_data_uri,
    is_long_base64,
    media_from_base64,
    mime_by_name,
    parse_data_uri,
    sniff,
    sniff_base64,
    split_markdown_images,
)
from translators.errors import BadRequest

MAGIC = [
    (b"\x89PNG\r\n\x1a\n....", "image/png"),
    (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
    (b"\0\0\0\x18ftypheic", "image/heic"),
    (b"\0\0\0\x18ftypavif", "image/avif"),
    (b"\0\0\0\x18ftypqt  ", "video/quicktime"),
    (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
    (b"\0\0\0\x18ftypisom", "video/mp4"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"%PDF-1.7", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3\x04", "audio/mpeg"),
    (b"\xff\xfb\x90", "audio/mpeg"),
    (b"\xff\xf3\x90", "audio/mpeg"),
    (b"\xff\xf2\x90", "audio/mpeg"),
    (b"JUNK\0\0\0\0WEBP", None),
    (b"hello", None),
    (b"", None),
]


@pytest.mark.parametrize(("prefix", "mime_type"), MAGIC)
def test_sniff(prefix: bytes, mime_type: str | None) -> None:
    """The first bytes tell the kind, plain or in base64, however much follows."""
    assert sniff(prefix) == mime_type
    assert sniff_base64(base64.b64encode(prefix + bytes(100)).decode()) == sniff(prefix + bytes(100))


def test_sniffing_what_is_no_base64() -> None:
    """Bytes that cannot be read tell nothing."""
    assert sniff_base64("ä") is None
    assert sniff_base64("A") is None


@given(st.binary(max_size=200))
def test_all_base64_is_base64(data: bytes) -> None:
    """Whatever the standard library encodes passes, and cut short by one character does not."""
    encoded = base64.b64encode(data).decode()

    assert is_base64(encoded)
    assert not encoded or not is_base64(encoded[:-1])


@given(st.text(max_size=40))
def test_what_passes_can_be_decoded(text: str) -> None:
    """No text passes that a strict decoder refuses."""
    if is_base64(text):
        base64.b64decode(text, validate=True)


@pytest.mark.parametrize("length", [64 << 10, 96 << 10, 100_000])
def test_long_base64_is_looked_at_to_its_end(length: int) -> None:
    """In slices: a foreign character or padding in any of them is found, and padding at the end is none."""
    long = "QUJD" * (length // 4)
    assert is_base64(long)
    assert is_base64(long[:-2] + "==")
    for place in (0, 49_150, 49_151, len(long) - 6):
        for wrong in ("=", "-", "é", "\n", "=="):
            assert not is_base64((long[:place] + wrong + long[place + len(wrong) :])[: len(long)])


@pytest.mark.parametrize("data", ["QUJ", "QU-D", "QU_D", "QUJD\n", "Q=JD", "QUJDQ===", "====", "QUJDé==="])
def test_what_is_not_base64(data: str) -> None:
    """Url-safe letters, line breaks, misplaced or missing padding: not this base64."""
    assert not is_base64(data)


@given(st.sampled_from(["image/png", "video/mp4", "application/vnd.a+b"]), st.binary(min_size=1, max_size=60))
def test_a_data_uri_comes_back(mime_type: str, data: bytes) -> None:
    """Writing and reading a data URI are inverse."""
    media = Media(mime_type=mime_type, data=base64.b64encode(data).decode())

    assert parse_data_uri(media.data_uri, param="x") == media


@pytest.mark.parametrize(
    ("uri", "mime_type"),
    [
        ("data:image/png;base64,QUJD", "image/png"),
        ("DATA:IMAGE/PNG;BASE64,QUJD", "image/png"),
        ("data:audio/wav;codecs=1;rate=8;base64,QUJD", "audio/wav"),
        ("data:;base64,iVBORw0KGgo=", "image/png"),
        ("data:application/octet-stream;base64,iVBORw0KGgo=", "image/png"),
    ],
)
def test_data_uris(uri: str, mime_type: str) -> None:
    """A named type is believed; a missing or bare one is read off the bytes."""
    assert parse_data_uri(uri, param="x").mime_type == mime_type


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("hello", "not a data URI"),
        ("data:image/png", "not a data URI"),
        ("data:text/plain,hello", "Only base64"),
        ("data:image/png;base64,", "not valid base64"),
        ("data:image/png;base64,%%%%", "not valid base64"),
        ("data:;base64,QUJD", "names no MIME type"),
    ],
)
def test_bad_data_uris(uri: str, words: str) -> None:
    """Anything else is a 400 that names the field."""
    with pytest.raises(BadRequest, match=words) as error:
        parse_data_uri(uri, param="messages[0].content")

    assert error.value.param == "messages[0].content"


@pytest.mark.parametrize(("url", "claims"), [("data:,", True), ("DATA:x", True), ("https://data:", False), ("", False)])
def test_what_claims_to_be_a_data_uri(url: str, claims: bool) -> None:
    """The scheme decides, in either case."""
    assert is_data_uri(url) is claims


def test_bare_base64() -> None:
    """Base64 without a data URI takes the type it is given."""
    assert media_from_base64("QUJD", mime_type="audio/wav", param="x") == Media(mime_type="audio/wav", data="QUJD")


@pytest.mark.parametrize(
    ("name", "mime_type"), [("a.PNG", "image/png"), ("https://x/y.mp4?z=1", "video/mp4"), ("a.xyz", None), ("", None)]
)
def test_type_by_name(name: str, mime_type: str | None) -> None:
    """The ending tells, whatever its case and whatever query follows."""
    assert mime_by_name(name) == mime_type


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("plain", ["plain"]),
        ("a ![x](data:image/png;base64,QUJD) b", ["a ", "data:image/png;base64,QUJD", " b"]),
        ("[x](data:image/png;base64,QUJD)", ["[x](data:image/png;base64,QUJD)"]),
        ("![x](https://a/b.png)", ["![x](https://a/b.png)"]),
    ],
)
def test_markdown_images(text: str, pieces: list[str]) -> None:
    """Only images that are data URIs are cut out."""
    assert split_markdown_images(text) == pieces


def test_what_is_long_enough_to_be_spared_a_walk() -> None:
    """Base64 of that length; what is shorter, or none, is written like any text."""
    assert is_long_base64("A" * LONG_BASE64)
    assert not is_long_base64("A" * (LONG_BASE64 - 4))
    assert not is_long_base64("*" * LONG_BASE64)


@pytest.mark.parametrize(
    ("head", "is_spared"),
    [
        ("data:image/png;base64,", True),
        ("data:application/vnd.x+json;base64,", True),
        ('data:image/png;name="a";base64,', False),
        ("data:image/é;base64,", False),
        ("data:text/plain,", False),
    ],
)
def test_a_data_uri_is_spared_too(head: str, is_spared: bool) -> None:
    """One that says no more than its type, in ASCII: nothing in it needs an escape."""
    assert is_long_base64(head + "A" * LONG_BASE64) is is_spared
    assert not is_long_base64(head + "*" * LONG_BASE64)
