"""The description at the beginning of a multipart upload."""

import pytest

from translators.native.multipart_upload import boundary_of, read_opening

WHOLE = b'--b\r\nContent-Type: application/json\r\n\r\n{"file": {}}\r\n--b\r\nContent-Type: image/png\r\n\r\n\x89PNG'


@pytest.mark.parametrize(
    ("said", "boundary"),
    [
        ("multipart/related; boundary=b", b"b"),
        ('multipart/related; boundary="a b"; type=x', b"a b"),
        ("multipart/related;Boundary===_b", b"==_b"),
        ("multipart/related", None),
    ],
)
def test_the_boundary(said: str, boundary: bytes | None) -> None:
    """Quoted or not."""
    assert boundary_of(said) == boundary


def test_the_description_is_cut_out_as_soon_as_it_is_whole() -> None:
    """At whatever place the pieces break; another description in its place leaves every other byte."""
    first = next(end for end in range(len(WHOLE)) if read_opening(WHOLE[:end], b"b") is not None)
    assert WHOLE[:first].endswith(b"\r\n--b")
    opening = read_opening(WHOLE, b"b")
    assert opening is not None
    assert opening.description == b'{"file": {}}'
    assert opening.with_description(opening.description) == WHOLE
    assert opening.with_description(b"{}") == WHOLE.replace(b'{"file": {}}', b"{}")


@pytest.mark.parametrize("data", [b"", b"--x\r\n\r\n{}\r\n--x", b"--b\r\n\r\n{}"])
def test_what_is_no_beginning_yet(data: bytes) -> None:
    """Another boundary, or no end."""
    assert read_opening(data, b"b") is None
