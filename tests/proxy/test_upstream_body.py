"""What cannot be written is refused by name, before anything is sent."""

import asyncio
from collections import OrderedDict
from enum import StrEnum
from typing import Any

import orjson
import pytest

from proxy.upstream_body import (
    LARGE_BODY,
    PIECE_BYTES,
    BodyTooLarge,
    InPieces,
    in_pieces,
    length_of,
    written,
)
from translators.content import LONG_BASE64, HoldsMedia
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


PICTURE = "QUJD" * LONG_BASE64


def whole(body: InPieces) -> bytes:
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in body.pieces)


@pytest.mark.parametrize("text", [PICTURE, PICTURE[:-2] + "==", PICTURE + "/+A="])
def test_long_base64_stands_apart(text: str) -> None:
    """The same JSON, and the text is the one that came in: no copy of it."""
    holder = HoldsMedia(mimeType="image/png", data=text)
    body = {"contents": [{"parts": [{"inlineData": holder}, {"text": "é"}, {"inlineData": holder}]}], "end": 1}
    made = written(body)
    assert isinstance(made, InPieces)
    assert whole(made) == orjson.dumps(body)
    assert len(made) == len(orjson.dumps(body))
    assert [piece for piece in made.pieces if piece is text] == [text, text]
    with pytest.raises(BodyTooLarge):
        written(body, len(made) - 1)
    assert written(body, len(made)) == made


@pytest.mark.parametrize("text", ["short", PICTURE + "=", PICTURE[:-4] + '"}, ', PICTURE[:-2] + "é=", 7, None])
def test_what_is_no_long_base64_is_written_with_the_rest(text: str | int | None) -> None:
    """Nothing but base64 goes beside the parser's back."""
    body = {"a": HoldsMedia(data=text)}
    assert written(body) == orjson.dumps(body)


class Word(StrEnum):
    ONE = "one"


def test_values_of_subclasses_are_what_they_were() -> None:
    """Enumerations, ordered dictionaries, and whatever else is a text, a number, an object or a list by birth."""
    kinds = [type("Kind", (kind,), {}) for kind in (str, int, dict, list)]
    body = {
        "a": Word.ONE,
        "b": OrderedDict(c=1),
        "d": [kinds[0]("x"), kinds[1](3), kinds[2](e=Word.ONE), kinds[3]([4])],
    }
    assert written(body) == orjson.dumps(body)
    with pytest.raises(TypeError):
        written({"a": object()})


async def test_others_have_their_turn_after_each_piece() -> None:
    """A quarter of a megabyte at a time, also where the connection would take everything."""
    made = written({"a": HoldsMedia(data="QUJD" * PIECE_BYTES)})
    pieces = in_pieces(made)
    assert not isinstance(pieces, bytes)
    turns: list[int] = []

    async def others() -> None:
        while True:
            turns.append(1)
            await asyncio.sleep(0)

    counting = asyncio.create_task(others())
    sent = [bytes(piece) async for piece in pieces]
    counting.cancel()
    assert max(len(piece) for piece in sent) <= PIECE_BYTES
    assert b"".join(sent) == whole(made) if isinstance(made, InPieces) else False
    assert len(turns) >= len(sent) - 1
    assert length_of(made) == {"content-length": str(len(made))}
