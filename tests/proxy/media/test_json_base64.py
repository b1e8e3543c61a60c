"""proxy/media/json_base64.py: the same document and the same media as a JSON parser would give, at any split."""

import base64
import itertools
import json
import os
import tracemalloc
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proxy.media.json_base64 import (
    BadMedia,
    MediaCutter,
    MediaJsonError,
    NotJson,
    RestTooLarge,
    TruncatedJson,
    cut_base64,
)

THRESHOLD = 8
VERTEX = {
    "name": "projects/p/locations/l/publishers/google/models/m/operations/u",
    "done": True,
    "response": {"raiMediaFilteredCount": 0, "videos": [{"bytesBase64Encoded": "@", "mimeType": "video/mp4"}] * 2},
}
GEMINI = {"response": {"generateVideoResponse": {"generatedSamples": [{"video": {"encodedVideo": "@"}}]}}}
OMNI = {"steps": [{"type": "model_output", "content": [{"type": "video", "data": "@", "mime_type": "video/mp4"}]}]}


def cut(chunks: Iterable[bytes], *, threshold: int = THRESHOLD, **limits: int) -> tuple[Any, list[bytes]]:
    cutter = MediaCutter(threshold=threshold, **limits)
    media: dict[int, bytes] = {}
    for chunk in chunks:
        for piece in cutter.feed(chunk):
            media[piece.cut] = media.get(piece.cut, b"") + piece.data
    return json.loads(cutter.finish()), [media[index] for index in range(len(media))]


def bytewise(body: bytes) -> list[bytes]:
    return [body[index : index + 1] for index in range(len(body))]


def restored(document: Any, media: list[bytes]) -> Any:
    """The document with the media put back where their placeholders stand."""
    match document:
        case dict():
            return {key: restored(value, media) for key, value in document.items()}
        case list():
            return [restored(value, media) for value in document]
        case str() if document.startswith("@cut:"):
            return base64.b64encode(media[int(document.removeprefix("@cut:"))]).decode()
        case _:
            return document


base64_text = st.binary(max_size=40).map(lambda data: base64.b64encode(data).decode())
media_keys = st.sampled_from(["bytesBase64Encoded", "encodedVideo", "data"])
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
documents = st.recursive(
    st.just({}) | st.just([]),
    lambda children: (
        st.lists(children | leaves, max_size=4)
        | st.dictionaries(st.text(max_size=8).filter(lambda key: key != "data"), children | leaves, max_size=4)
        | st.dictionaries(media_keys, base64_text | children, max_size=3)
    ),
    max_leaves=12,
)


@given(documents, st.lists(st.integers(0, 2000), max_size=6), st.booleans(), st.sampled_from([None, 1, 4]))
@example({"a": '\\"', "data": base64.b64encode(b"0123456789").decode()}, [], True, None)
@example({'\\"data': "data", "data": ['"data":"AAAA"']}, [1], False, None)
def test_any_document_comes_through_any_split(
    document: Any, splits: list[int], ascii_only: bool, indent: int | None
) -> None:
    """Media put back, the document is what json.loads reads from the whole."""
    body = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    cuts = sorted({0, len(body), *(split % (len(body) + 1) for split in splits)})
    chunks = [body[start:end] for start, end in itertools.pairwise(cuts)]
    assert restored(*cut(chunks)) == document
    assert restored(*cut(bytewise(body))) == document


@pytest.mark.parametrize("document", [VERTEX, GEMINI, OMNI], ids=["vertex", "gemini", "omni"])
def test_googles_three_shapes_lose_their_media_and_nothing_else(document: dict[str, Any]) -> None:
    """Cut whole, in two at every place, and byte by byte, with the default threshold."""
    video = os.urandom(3100)
    body = json.dumps(document).replace('"@"', json.dumps(base64.b64encode(video).decode())).encode()
    whole, media = cut([body], threshold=4096)
    assert set(media) == {video}
    texts = json.dumps(document).split('"@"')
    expected = texts[0] + "".join(f'"@cut:{number}"{text}' for number, text in enumerate(texts[1:]))
    assert whole == json.loads(expected)
    for place in range(0, len(body), 7):
        assert cut([body[:place], body[place:]], threshold=4096) == (whole, media)
    assert cut(bytewise(body), threshold=4096) == (whole, media)


@pytest.mark.parametrize(
    "escape", [("/", "\\/"), ("+", "\\u002b"), ("+", "\\u002B"), ("=", "\\u003d"), ("A", "\\u0041")]
)
@pytest.mark.parametrize("tail", [b"", b"x", b"xy"])
def test_escaped_base64_is_base64(escape: tuple[str, str], tail: bytes) -> None:
    """Slashes, pluses, equal signs and even letters may come escaped, and the escape may be torn anywhere."""
    data = bytes.fromhex("fbfffe03e0") * 30 + bytes(12) + tail
    body = b'{"data":"%s"}' % base64.b64encode(data).decode().replace(*escape).encode()
    assert escape[1].encode() in body or (escape[0] == "=" and not tail)
    assert cut(bytewise(body))[1] == [data]
    for place in range(len(body)):
        assert cut([body[:place], body[place:]])[1] == [data]


@given(st.binary(min_size=9, max_size=60), st.booleans(), st.booleans())
def test_url_safe_and_unpadded_base64_is_base64(data: bytes, url_safe: bool, padded: bool) -> None:
    """Both alphabets, with padding, without, or with half of it."""
    text = base64.urlsafe_b64encode(data) if url_safe else base64.b64encode(data)
    body = b'{"encodedVideo": "%s"}' % (text if padded else text.rstrip(b"="))
    assert cut([body])[1] == [data]
    assert cut(bytewise(body))[1] == [data]


def test_base64_in_lines_of_76_characters_is_base64() -> None:
    """MIME encoders break lines; in JSON the breaks are escaped."""
    data = os.urandom(500)
    body = json.dumps({"data": base64.encodebytes(data).decode()}).encode()
    assert cut(bytewise(body))[1] == [data]


def test_short_values_and_other_keys_stay() -> None:
    """A short `data`, a long string under another key, or a long string in a list is no medium."""
    document = {"data": "AAAA", "text": "A" * 100, "list": ["A" * 100], "data2": "A" * 100}
    assert cut([json.dumps(document).encode()]) == (document, [])


def test_an_escaped_key_is_the_key() -> None:
    """`"d\\u0061ta"` means `data`."""
    assert cut([b'{"d\\u0061ta":"%s"}' % (b"QUJD" * 5)]) == ({"data": "@cut:0"}, [b"ABC" * 5])


BAD_BASE64 = [
    "QUJD!UJDQUJD",
    "QUJD QUJDQUJD",
    "QUJDQUJDQ",
    "QUI=QUJDQUJD",
    "QUJDQUJDQUI=QUJD",
    "QUJDQUJD=",
    "QUJDQUJDQ===",
    "QUJDQUJD====",
    "QUJDQUJD\\u00e9",
    "QUJDQUJD\\t",
    'QUJDQUJD\\"',
    "QUJDQUJD\\\\/",
    "QUJDQUJD\\u12",
    "ÄÖÜÄÖÜÄÖÜ",
]


@pytest.mark.parametrize("text", BAD_BASE64)
def test_bad_base64_is_an_error_at_every_split(text: str) -> None:
    """Nothing that is not base64 is skipped over."""
    body = f'{{"data":"{text}"}}'.encode()
    for chunks in ([body], bytewise(body), *([body[:place], body[place:]] for place in range(len(body)))):
        with pytest.raises(BadMedia):
            cut(chunks)


@pytest.mark.parametrize("text", ["@cut:0", "\\u0040cut:7"])
def test_a_value_cannot_pretend_to_be_a_cut(text: str) -> None:
    """A placeholder in the body itself would point at another medium."""
    with pytest.raises(BadMedia):
        cut([f'{{"data":"{text}"}}'.encode()], threshold=100)


def test_a_body_cut_short_is_truncated_wherever_it_ends() -> None:
    """Every true prefix raises TruncatedJson, or BadMedia's sibling for base64 is never blamed."""
    body = json.dumps({"a": [1, "x"], "data": base64.b64encode(os.urandom(30)).decode(), "b": {}}).encode()
    for end in range(len(body)):
        with pytest.raises(TruncatedJson):
            cut([body[:end]])
        with pytest.raises(TruncatedJson):
            cut(bytewise(body[:end]))


@pytest.mark.parametrize(
    "body", [b"<html>x</html>", b"Not Found", b'"text"', b"}", b'{"a":1}}', b'{"a\x01b":"x"}', b"5"]
)
def test_what_is_no_json_object_or_array_is_said_so(body: bytes) -> None:
    """An error page or a bare value is NotJson, at once where it can be known at once."""
    with pytest.raises(NotJson):
        cut([body])


def test_a_huge_rest_is_refused() -> None:
    """A body whose bulk is no medium does not fill the memory."""
    with pytest.raises(RestTooLarge):
        cut([b'{"text":"', b"x" * 2000, b'"}'], max_rest=1000)


def test_all_errors_are_one_family() -> None:
    """A caller that wants one answer for all catches one class."""
    assert {BadMedia, NotJson, RestTooLarge, TruncatedJson} <= set(MediaJsonError.__subclasses__())


async def test_a_sink_gets_each_medium_in_order() -> None:
    """cut_base64 awaits the sink piece by piece and returns the small JSON."""
    first, second = os.urandom(6000), os.urandom(5000)
    body = json.dumps({"videos": [{"data": base64.b64encode(data).decode()} for data in (first, second)]}).encode()
    media = {0: b"", 1: b""}

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    async def sink(number: int, data: bytes) -> None:
        assert number == 0 or media[0] == first
        media[number] += data

    rest = await cut_base64(chunks(), sink)
    assert json.loads(rest) == {"videos": [{"data": "@cut:0"}, {"data": "@cut:1"}]}
    assert media == {0: first, 1: second}


@pytest.mark.parametrize("chunk_size", [64 << 10, 1 << 20])
async def test_100_mb_cost_a_few_chunks_of_memory(chunk_size: int) -> None:
    """The peak stays below 8 MB while 100 MB of base64 pass through."""
    text = base64.b64encode(bytes(range(256)) * (3 * chunk_size // 1024))  # whole groups, so it may be repeated
    repeats = 100_000_000 // len(text)
    size = 0

    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"response":{"videos":[{"mimeType":"video/mp4","bytesBase64Encoded":"'
        for _ in range(repeats):
            yield text
        yield b'"}]}}'

    async def sink(_number: int, data: bytes) -> None:
        nonlocal size
        size += len(data)

    tracemalloc.start()
    try:
        rest = await cut_base64(chunks(), sink)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == repeats * len(text) // 4 * 3
    assert len(rest) < 200
    assert peak < 8 << 20


def test_one_100_mb_chunk_costs_no_second_one() -> None:
    """A caller that has it all in one chunk pays for the decoded bytes and small slices only."""
    body = b'{"data":"' + b"QUJD" * 25_000_000 + b'"}'
    cutter = MediaCutter()
    tracemalloc.start()
    try:
        pieces = cutter.feed(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    decoded = sum(len(piece.data) for piece in pieces)
    assert decoded == 75_000_000
    assert peak < decoded + (8 << 20)
