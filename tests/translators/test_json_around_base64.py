"""The pieces make exactly the text that the standard library writes."""

import hashlib
import json
from typing import Any

import pytest

from translators.content import LONG_BASE64
from translators.json_around_base64 import json_around_base64, sha256_of

PICTURE = "QUJD" * (LONG_BASE64 // 4)
OTHER = "/+A=".rjust(LONG_BASE64, "A")


@pytest.mark.parametrize(
    "value",
    [
        {"b": 1, "a": [1.5, None, True, "é", {"z": "x"}]},
        {"z": {"data": PICTURE}, "a": ({"data": OTHER}, {"data": PICTURE}), "m": "words"},
        {"data": PICTURE, "prompt": "a mark: @0.0@, and @1.7@"},
        {"data": PICTURE, "prompt": '"@0.0@"', "\ud800": "\0"},
        {"data": PICTURE[:-1] + '"', "more": PICTURE + "é"},
        PICTURE,
    ],
    ids=range(6),
)
def test_it_is_the_json_it_would_be(value: Any) -> None:
    """Whatever else stands in it."""
    assert "".join(json_around_base64(value)) == json.dumps(value, separators=(",", ":"), sort_keys=True)


def test_long_base64_is_not_copied() -> None:
    """It is a piece of its own, where it stood."""
    pieces = json_around_base64({"a": PICTURE, "b": PICTURE})
    assert [piece for piece in pieces if piece is PICTURE] == [PICTURE, PICTURE]


def test_pieces_are_hashed_as_the_text_they_make() -> None:
    """Of whatever kind and length."""
    pieces = ["é", b"bytes", PICTURE * 5, ""]
    whole = b"\xc3\xa9bytes" + (PICTURE * 5).encode()
    assert sha256_of(pieces).hexdigest() == hashlib.sha256(whole).hexdigest()
