"""proxy/json_gaps.py: what stands beside a JSON text, and where it goes."""

import orjson
import pytest

from proxy.json_gaps import GAP, filled, gap_after, plain, without_media
from translators.content import LONG_BASE64, HoldsMedia

LONG = "A" * LONG_BASE64


class Word(str):
    __slots__ = ()
    """A text that orjson would not take for one when it leaves subclasses to us."""


def test_each_filling_goes_into_its_gap() -> None:
    """In order; a text without gaps is one piece."""
    text = orjson.dumps([orjson.Fragment(b'"' + GAP + b'"'), 1, orjson.Fragment(b'"' + GAP + b'"')])
    assert list(filled(text, ["one", "two"])) == [b'["', "one", b'",1,"', "two", b'"]']
    assert list(filled(b"{}", [])) == [b"{}"]


def test_a_gap_too_few_is_a_fault() -> None:
    """Nothing is left out in silence."""
    with pytest.raises(ValueError, match="zip"):
        list(filled(b"{}", ["one"]))


def test_long_base64_leaves_a_gap_and_all_else_stays() -> None:
    """In the order of the members."""
    apart: list[str] = ["before"]
    members = without_media(HoldsMedia(a=LONG, b="short", c=1, d=LONG[4:] + "BBBB"), apart)
    assert apart == ["before", LONG, LONG[4:] + "BBBB"]
    assert orjson.dumps(members) == b'{"a":"\0","b":"short","c":1,"d":"\0"}'


def test_a_gap_may_have_a_beginning() -> None:
    """The head of a data URI."""
    assert orjson.dumps(gap_after(b"data:")) == b'"data:\0"'


def test_a_value_of_a_subclass_is_written_as_what_it_is() -> None:
    """And what is none of JSON's is refused."""
    assert plain(Word("a")) == "a"
    assert type(plain(Word("a"))) is str
    assert plain(True) == 1
    assert type(plain(HoldsMedia(a=1))) is dict
    assert plain([1]) == [1]
    with pytest.raises(TypeError, match="object is not JSON"):
        plain(object())
