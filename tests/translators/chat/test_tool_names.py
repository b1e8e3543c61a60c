"""Function names go to Gemini in its alphabet and come back in the caller's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translators.chat.tool_names import LONGEST, google_name, original_names
from translators.errors import BadRequest


@pytest.mark.parametrize(
    ("name", "google"),
    [
        ("get_weather", "get_weather"),
        ("true", "true"),
        ("mcp.tool:run-1", "mcp.tool:run-1"),
        ("1st", "_1st"),
        ("-x", "_-x"),
        ("a b/c", "a_b_c"),
        ("", "_"),
        ("x" * 200, "x" * LONGEST),
    ],
)
def test_google_name(name: str, google: str) -> None:
    """A name that Gemini takes stays; any other becomes one."""
    assert google_name(name) == google


@given(st.text(max_size=200))
def test_every_name_becomes_one_that_gemini_takes(name: str) -> None:
    """Whatever the caller sends, Gemini's rule holds, and a second time changes nothing."""
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.:-]{0,127}", google_name(name))
    assert google_name(google_name(name)) == google_name(name)


def test_only_changed_names_are_kept() -> None:
    """The way back holds what had to change; the same function twice is no clash."""
    assert original_names(["a", "b c", "b c"]) == {"b_c": "b c"}


def test_two_names_that_become_one_are_refused() -> None:
    """Answers could not be told apart."""
    with pytest.raises(BadRequest) as error:
        original_names(["a", "b c", "b/c"])

    assert error.value.param == "tools[2].function.name"
