"""proxy/media/long_texts.py: what a parser makes of a body is the same, with its long strings read beside it."""

import asyncio
import base64
import json
import os
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from proxy.media.long_texts import LONG, SLICE, SetAside, put_back, set_aside
from tests.chunks import cut
from tests.turns import turns_of_others
from translators.content import HoldsMedia

MARKER = "@0123456789abcdef-"
IMAGE = base64.b64encode(os.urandom(LONG * 3)).decode()
"""Four times as long as what counts as long."""


async def read(body: bytes) -> tuple[SetAside, Any]:
    aside = await set_aside(cut(body, 50_000), marker=MARKER)
    return aside, put_back(orjson.loads(aside.rest), aside.texts)


@pytest.mark.parametrize("indent", [None, 2])
async def test_long_values_are_read_apart(indent: int | None) -> None:
    """Several of them, in members and lists, of any kind; what is left is short."""
    body = {"a": [f"data:image/png;base64,{IMAGE}", "short"], "b": {"c": IMAGE[::-1]}, "d": "words, " * LONG, "e": "é"}
    aside, made = await read(json.dumps(body, indent=indent).encode())
    assert made == body
    assert len(aside.texts) == 3
    assert len(aside.rest) < 300


@pytest.mark.parametrize("escaped", ["\\/", "\\u002f", "\\u002F"])
async def test_escapes_are_what_a_parser_reads(escaped: str) -> None:
    """PHP writes each slash with a backslash, Gson some characters by their number; wherever a slice ends."""
    body = json.dumps({"url": f"data:image/png;base64,{IMAGE}"}).replace("/", escaped).encode()
    aside, made = await read(body)
    assert made == orjson.loads(body)
    assert len(aside.texts) == 1


@pytest.mark.parametrize(
    "body",
    [
        f'{{"{IMAGE}": 1}}',
        f'{{"{IMAGE}" \n : 1}}',
        f'{{"a": "he said \\"{IMAGE}\\""}}',
        f'{{"a": "{IMAGE}\\\\"}}',
        f'{{"a":{" " * LONG * 2}"b","c":{" " * LONG * 2}1}}',
        f'{{"a": " {IMAGE}"}}',
        json.dumps({"a": "😀" * LONG}),
        f'{{"a": "{IMAGE}", "a": "{IMAGE[::-1]}"}}',
        f'["{IMAGE}", "{IMAGE}"]',
        f'"{IMAGE}"',
    ],
    ids=range(10),
)
async def test_whatever_is_taken_the_meaning_is_the_same(body: str) -> None:
    """Keys, quotes in strings, white space, numbers, surrogates, a member given twice."""
    aside = await set_aside(cut(body.encode(), 50_000), marker=MARKER)
    assert put_back(orjson.loads(aside.rest), aside.texts) in (orjson.loads(body), None)


@pytest.mark.parametrize(
    "body",
    [
        f'{{"a": "{IMAGE}',
        f'{{"a": "{IMAGE}"',
        f'{{"a" "{IMAGE}"}}',
        f'{{"a": "x"{IMAGE}"y"}}',
        f'{{"a": {IMAGE}, "b": "c"}}',
        f'{{"a": "{IMAGE}\n"}}',
        f'{{"a": "{IMAGE}\\x"}}',
        f'{{"a": "{IMAGE}\\ud800"}}',
        f'{{"a": "{IMAGE}"}} "b"',
    ],
    ids=range(9),
)
async def test_what_is_no_json_still_is_none(body: str) -> None:
    """The parser judges; nothing wrong with a body is cut out of it."""
    aside = await set_aside(cut(body.encode(), 50_000), marker=MARKER)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(body)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(aside.rest)


JSON_TEXTS = st.text(alphabet='ab/+=\\"é😀 :,{}[]\n', max_size=40).map(lambda text: text * (LONG // 8))
VALUES = st.recursive(
    st.one_of(JSON_TEXTS, st.integers(), st.text(max_size=5), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.booleans())
def test_any_body_is_read_as_its_parser_reads_it(value: Any, ascii_only: bool) -> None:
    """Long strings of whatever characters, escaped or not."""
    body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    _, made = asyncio.run(read(body))
    assert made is None or made == value


class Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")
    url: str


class Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    entries: list[Entry]
    other: Entry | None = None
    more: dict[str, Any] = {}


async def test_texts_return_into_models() -> None:
    """Into fields, lists, plain objects and what a model does not know; and fields that were given stay told apart."""
    body = json.dumps(
        {"entries": [{"url": IMAGE}, {"url": "x", "own": IMAGE[1:]}], "more": {"a": [IMAGE[2:]]}}
    ).encode()
    aside = await set_aside(cut(body, 50_000), marker=MARKER)
    made = put_back(Asked.model_validate_json(aside.rest), aside.texts)
    assert made == Asked.model_validate_json(body)
    assert made.model_fields_set == {"entries", "more"}


async def test_a_text_that_finds_no_place_is_told() -> None:
    """A parser that drops or changes a string must read the whole body."""
    aside = await set_aside(cut(json.dumps({"entries": [], "unknown": IMAGE}).encode()), marker=MARKER)
    assert put_back(Asked.model_validate_json(aside.rest), aside.texts) is None


async def test_what_holds_base64_is_known_to_the_door() -> None:
    """An object of a plain body, so that it is sent without a copy; equal to what it was."""
    body = {"inlineData": {"mimeType": "image/png", "data": IMAGE}, "list": [IMAGE]}
    _, made = await read(json.dumps(body).encode())
    assert made == body
    assert isinstance(made["inlineData"], HoldsMedia)


async def test_no_step_reads_more_than_some_slices() -> None:
    """Between two turns of the loop at most sixteen slices are read, however long the string is."""
    async with turns_of_others() as turns:
        await set_aside(cut(json.dumps({"a": "A" * (SLICE * 100)}).encode(), SLICE), marker=MARKER)
    assert turns.count >= 6
