"""Google's answers are read tolerantly, and what is none is an upstream failure."""

from collections.abc import Callable
from typing import Any

import pytest

from translators.errors import UpstreamFailed
from translators.wire.google import read_answer, read_predictions


def test_unknown_members_are_tolerated_and_both_spellings_read() -> None:
    """Google adds fields; relays write snake_case."""
    answer = read_answer(
        b'{"new": 1, "candidates": [{"finish_reason": "STOP", "x": 2, "content": {"parts": [{"y": 3}]}}]}'
    )

    assert answer.candidates[0].finish_reason == "STOP"
    assert answer.candidates[0].content is not None
    assert len(answer.candidates[0].content.parts) == 1
    assert read_answer('{"responseId": "r"}').response_id == "r"


def test_predictions() -> None:
    """An answer without predictions has none."""
    assert read_predictions(b"{}").predictions == []
    assert read_predictions(b'{"predictions": [{"raiFilteredReason": "r"}]}').predictions[0].rai_filtered_reason == "r"


@pytest.mark.parametrize(
    ("read", "body", "words"),
    [
        (read_answer, b"<html>", "generateContent could not be read"),
        (read_answer, b'{"candidates": 5}', "at candidates"),
        (read_predictions, b"", "predict could not be read"),
    ],
)
def test_garbage_is_an_upstream_failure(read: Callable[[bytes], Any], body: bytes, words: str) -> None:
    """A 502 says what could not be read, without repeating it."""
    with pytest.raises(UpstreamFailed, match=words) as error:
        read(body)

    assert error.value.code == "malformed_upstream_answer"
    assert "<html>" not in error.value.message
