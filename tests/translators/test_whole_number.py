"""Digits are a number, and nothing else is."""

import pytest

from translators.whole_number import MOST_DIGITS, whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("42", 42), ("9" * MOST_DIGITS, 10**18 - 1)])
def test_a_number(text: str, number: int) -> None:
    """ASCII digits, up to as many as a number here can have."""
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.0", " 1", "1_000", "²", "٣", "one", "9" * (MOST_DIGITS + 1), "9" * 5000]
)
def test_no_number(text: str) -> None:
    """Also what Python would take for one, or fail at."""
    assert whole_number(text) is None
