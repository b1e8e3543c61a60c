"""`docs/config.md` says what the schema says."""

from pathlib import Path

from proxy.config.document import render
from proxy.config.environment import VARIABLES
from proxy.config.keys import keys_below
from proxy.config.schema import Config

PAGE = Path(__file__).parents[3] / "docs" / "config.md"


def test_the_page_is_current() -> None:
    """The page equals what the schema renders to."""
    assert PAGE.read_text() == render(), "run: python -m proxy.config.document > docs/config.md"


def test_every_key_and_variable_is_described() -> None:
    """No key without a sentence of its own."""
    assert [key.path for key in keys_below(Config) if not key.field.description] == []
    assert all(f"`{name}`" in render() for name in VARIABLES)
