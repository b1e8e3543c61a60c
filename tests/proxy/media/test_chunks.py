"""proxy/media/chunks.py: a body in chunks answers as the joined one would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.media.chunks import Chunks
from tests.chunks import cut

BODIES = st.lists(st.binary(max_size=6).map(lambda some: some.replace(b"\1", b"x").replace(b"\2", b"x")), max_size=6)
PLACES = st.integers(0, 40)


@given(BODIES, PLACES, PLACES)
def test_it_is_searched_and_cut_as_one(pieces: list[bytes], start: int, end: int) -> None:
    """Wherever its chunks end, and whichever of them are empty."""
    whole, chunks = b"".join(pieces), Chunks(pieces)
    assert (len(chunks), chunks.whole()) == (len(whole), whole)
    assert chunks.find(b"x", start) == whole.find(b"x", start)
    assert chunks.find(b"x", start, end) == whole.find(b"x", start, end)
    assert chunks.rfind(b"x", start, end) == whole.rfind(b"x", start, end)
    assert chunks.cut(start, end) == whole[start:end]


@pytest.mark.parametrize("size", [1, 7, 64])
def test_slices_are_views_of_bounded_length(size: int) -> None:
    """None is a copy, and none crosses the border of a chunk."""
    body = bytes(range(50))
    slices = list(cut(body, size).slices(5, 45, 10))
    assert b"".join(slices) == body[5:45]
    assert all(isinstance(piece, memoryview) and 0 < len(piece) <= min(10, size) for piece in slices)


def test_one_chunk_is_the_whole() -> None:
    """Without a copy."""
    body = b"abc"
    assert Chunks([b"", body]).whole() is body
