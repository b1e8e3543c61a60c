"""A whole number that came as text."""

MOST_DIGITS = 18
"""More has no number that means anything here; Python itself refuses to read beyond 4300 (ValueError)."""


def whole_number(text: str) -> int | None:
    """The number that ASCII digits write; None for anything else, a sign and `²` included."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
