"""JSON text with gaps: what is too long for JSON's writer to copy stands beside the text, and goes where its gap is."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

Filling = TypeVar("Filling")

GAP: Final = b"\0"
"""JSON text has no raw control character (RFC 8259, 7), so this can only be ours; written with `orjson.Fragment`."""


def filled(text: bytes, fillings: Sequence[Filling]) -> Iterator[bytes | Filling]:
    """The text in pieces, one filling in each of its gaps, in order. Raises ValueError for more or fewer gaps."""
    first, *others = text.split(GAP)
    yield first
    for filling, after in zip(fillings, others, strict=True):
        yield filling
        yield after
