"""Nothing that looks like a credential reaches a client's eyes."""

import pytest

from translators.redact import SHOWN_CHARS, presentable, redact

BODY = "x" * 24


@pytest.mark.parametrize(
    "secret",
    ["AI" + "za" + BODY, "AQ" + "." + BODY, "ya" + "29." + BODY, "1/" + "/" + BODY, "GOC" + "SPX-" + BODY,
     "s" + "k-" + BODY, "e" + "yJ" + BODY + "." + BODY],
)  # fmt: skip
def test_credentials_are_replaced(secret: str) -> None:
    """Each kind of credential goes, and the words around it stay."""
    assert redact(f"before {secret} after") == "before [redacted] after"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Consumer 'api_key:abc' is suspended", "Consumer 'api_key:[redacted]' is suspended"),
        ("Authorization: Bearer abc", "Authorization: Bearer [redacted]"),
        ("https://g/x?key=abc&y=1", "https://g/x?key=[redacted]&y=1"),
        ("a red fox", "a red fox"),
    ],
)
def test_quoted_credentials_are_replaced(text: str, shown: str) -> None:
    """Known places of credentials are emptied, whatever stands in them."""
    assert redact(text) == shown


def test_a_sentence_is_one_short_line() -> None:
    """Control characters become spaces; what is too long is cut, and shows that it is."""
    assert presentable(" two\r\nlines\x00 ") == "two lines"
    assert presentable("x" * SHOWN_CHARS) == "x" * SHOWN_CHARS
    assert presentable("x" * (SHOWN_CHARS + 1)) == "x" * (SHOWN_CHARS - 1) + "…"
