"""proxy/media/json_splice.py: long texts go from one body into another, and no byte of them is changed."""

import base64
import json
import os
import tracemalloc
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.media.json_splice import LONG, SENT_AT_ONCE, spliced
from tests.chunks import cut

MARKER = "@chatcmpl-1:"
IMAGE = base64.b64encode(os.urandom(LONG)).decode()


def inline(*texts: str) -> dict[str, Any]:
    return {"parts": [{"inlineData": {"mimeType": "image/png", "data": text}} for text in texts], "end": "é"}


@pytest.mark.parametrize("indent", [None, 2])
async def test_long_texts_leave_a_marker_and_return_where_it_is_written(indent: int | None) -> None:
    """Several in one body, in any order; what is short stays."""
    other = IMAGE[::-1].replace("=", "A")
    body = await spliced(cut(json.dumps(inline(IMAGE, "short", other), indent=indent).encode()), marker=MARKER)

    first, second = body.markers
    assert json.loads(body.rest()) == inline(first, "short", second)
    text = json.dumps({"b": f"data:image/png;base64,{second}", "a": [f"x{first}", "y"]}).encode()
    assert json.loads(b"".join(body.put_into(text))) == {"b": f"data:image/png;base64,{other}", "a": [f"x{IMAGE}", "y"]}


async def test_a_text_whose_marker_is_not_written_is_left_out() -> None:
    """A draft, say, that is no part of the answer."""
    body = await spliced(cut(json.dumps(inline(IMAGE)).encode()), marker=MARKER)
    assert body.put_into(b'{"a":1}') == [b'{"a":1}']


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(IMAGE[:-1] + "/").replace("/", "\\/"),
        json.dumps(IMAGE + ' and "data": words'),
        f'"{IMAGE}\n"',
        f'"{IMAGE}',
    ],
)
async def test_what_is_not_plain_stays_for_the_parser(text: str) -> None:
    """Escapes, control characters, and a body that ends too early."""
    whole = f'{{"inlineData":{{"data":{text}}}}}'.encode()
    body = await spliced(cut(whole), marker=MARKER)
    assert (body.markers, body.rest()) == ([], whole)


async def test_text_that_is_not_utf_8_stays_for_the_parser() -> None:
    """Its complaint is the caller's answer."""
    whole = b'{"data":"' + IMAGE.encode() + b'\xff"}'
    assert (await spliced(cut(whole), marker=MARKER)).rest() == whole


@given(
    st.recursive(
        st.text() | st.sampled_from(['"data":"', IMAGE, '","data":"' + IMAGE, f"@{IMAGE}"]),
        lambda children: st.lists(children) | st.dictionaries(st.text() | st.just("data"), children),
        max_leaves=8,
    )
)
async def test_any_document_comes_out_as_it_went_in(document: Any) -> None:
    """Markers stand where members named `data` had long texts, and nowhere else."""
    whole = json.dumps(document).encode()
    body = await spliced(cut(whole), marker=MARKER)
    assert b"".join(body.put_into(body.rest())) == whole
    assert list(_long_data(document)) == [_text_of(body, number) for number in range(len(body.spans))]


def _long_data(document: Any, *, is_data: bool = False) -> Iterable[str]:
    match document:
        case str() if is_data and len(document) >= LONG and json.dumps(document) == f'"{document}"':
            yield document
        case list():
            for item in document:
                yield from _long_data(item)
        case dict():
            for name, item in document.items():
                yield from _long_data(item, is_data=name == "data")


def _text_of(body: Any, number: int) -> str:
    return body.body.cut(*body.spans[number]).decode()


async def test_an_image_of_a_megabyte_and_a_half_is_held_once_and_no_more() -> None:
    """As it came; a parser and a serializer hold it four times."""
    image = "A" * 1_500_000
    whole = json.dumps(inline(image)).encode()
    chunks = cut(whole, 65536)
    tracemalloc.start()
    try:
        body = await spliced(chunks, marker=MARKER)
        pieces = body.put_into(body.rest())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(map(len, pieces)) == len(whole)
    assert max(map(len, pieces)) <= SENT_AT_ONCE
    assert peak < len(whole)  # what orjson needs for a slice is thirteen times the slice
