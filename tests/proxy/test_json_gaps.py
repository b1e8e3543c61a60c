"""proxy/json_gaps.py: what stands beside a JSON text, and where it goes."""

import orjson
import pytest

from proxy.json_gaps import GAP, filled


def test_each_filling_goes_into_its_gap() -> None:
    """In order; a text without gaps is one piece."""
    text = orjson.dumps([orjson.Fragment(b'"' + GAP + b'"'), 1, orjson.Fragment(b'"' + GAP + b'"')])
    assert list(filled(text, ["one", "two"])) == [b'["', "one", b'",1,"', "two", b'"]']
    assert list(filled(b"{}", [])) == [b"{}"]


def test_a_gap_too_few_is_a_fault() -> None:
    """Nothing is left out in silence."""
    with pytest.raises(ValueError, match="zip"):
        list(filled(b"{}", ["one"]))
