"""What cannot be written is refused by name, before anything is sent."""

from typing import Any

import orjson
import pytest

from proxy.upstream_body import LARGE_BODY, BodyTooLarge, in_pieces, length_of, written
from translators.errors import BadRequest


@pytest.mark.parametrize("body", [{}, {"a": [1, 2.5, "x", None, True]}, {"a": {"b": 2**64 - 1, "c": -(2**63)}}])
def test_what_can_be_written(body: dict[str, Any]) -> None:
    """It is JSON, and the same."""
    assert orjson.loads(written(body)) == body


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"generationConfig": {"seed": 2**64}}, "generationConfig.seed"),
        ({"generationConfig": {"temperature": float("nan")}}, "generationConfig.temperature"),
        ({"tools": [{}, {"parameters": {"minimum": -float("inf")}}]}, "tools[1].parameters.minimum"),
        ({"a": [1, [-(2**63) - 1]]}, "a[1][0]"),
    ],
)
def test_what_cannot(body: dict[str, Any], field: str) -> None:
    """A 400 that names the place; NaN would have become null without a word."""
    with pytest.raises(BadRequest) as caught:
        written(body)
    assert caught.value.param == field
    assert field in caught.value.message


def test_what_is_too_long() -> None:
    """Exactly as many bytes as are allowed still go."""
    assert written({"a": "x"}, 9) == b'{"a":"x"}'
    with pytest.raises(BodyTooLarge):
        written({"a": "x"}, 8)


async def test_a_large_body_goes_in_pieces_of_known_length() -> None:
    """None of them a copy; a small one goes whole, and says its length by itself."""
    large = bytes(LARGE_BODY + 1)
    pieces = in_pieces(large)
    assert not isinstance(pieces, bytes)
    assert b"".join([piece async for piece in pieces]) == large
    assert length_of(large) == {"content-length": str(len(large))}
    assert in_pieces(b"small") == b"small"
    assert length_of(b"small") == length_of(None) == {}
