"""proxy/respond/pieces.py: JSON with files inside is the JSON that would have had them inside."""

import base64
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxy.media.stored import MediaMissing, StoredFile
from proxy.respond.pieces import AT_ONCE, EmbeddedFile, base64_of, data_uri, json_pieces, opened, pieces_length
from tests.turns import turns_of_others
from translators.content import HoldsMedia

Stored = Callable[..., Awaitable[StoredFile]]


async def text_of(body: Any) -> bytes:
    pieces = json_pieces(body)
    async with opened(pieces) as chunks:
        text = b"".join([chunk async for chunk in chunks])
    assert len(text) == pieces_length(pieces)
    return text


async def test_files_stand_where_they_were_put(stored: Stored) -> None:
    """As data URIs of their own type or as bare base64, several in one body, in any order."""
    video, image = await stored(b"video" * 1000), await stored(b"image!", ".png")
    body = {"a": [data_uri(image), {"url": data_uri(video)}], "b64_json": base64_of(video), "end": "é"}
    assert json.loads(await text_of(body)) == {
        "a": [
            "data:image/png;base64," + base64.b64encode(b"image!").decode(),
            {"url": "data:video/mp4;base64," + base64.b64encode(b"video" * 1000).decode()},
        ],
        "b64_json": base64.b64encode(b"video" * 1000).decode(),
        "end": "é",
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text() | st.sampled_from(["\0", "\\u0000", '"\0"', "data:video/mp4;base64,\0"]))
async def test_no_text_of_a_callers_can_pose_as_a_file(stored: Stored, text: str) -> None:
    """Whatever a prompt holds, it comes out as it went in, and the file only where it belongs."""
    file = await stored(b"x")
    body = {text: text, "file": EmbeddedFile(file=file, prefix=text.encode(errors="ignore").decode()), "after": [text]}
    expected = {text: text, "file": text + "eA==", "after": [text]}
    assert json.loads(await text_of(body)) == expected


async def test_a_body_without_files_is_one_piece() -> None:
    """Then it is plain JSON."""
    assert json_pieces({"a": 1}) == [b'{"a":1}']


async def test_pieces_stay_what_they_are(stored: Stored) -> None:
    """Who already has pieces may hand them over."""
    file = await stored(b"abc")
    assert await text_of([b'{"x":"', file, b'"}']) == b'{"x":"YWJj"}'


LONG_MEDIA = base64.b64encode(bytes(range(256)) * 300).decode()


@pytest.mark.parametrize("head", ["", "data:image/png;base64,"])
async def test_long_media_stand_beside_the_text(head: str) -> None:
    """Not copied into it, bare or as a data URI; the text is what it would be anyway."""
    body = {"a": [HoldsMedia(url=head + LONG_MEDIA, other=1), HoldsMedia(url="short")], "end": "é"}
    pieces = json_pieces(body)
    assert pieces[1] is body["a"][0]["url"]
    assert len(pieces) == 3
    assert json.loads(await text_of(body)) == body


@pytest.mark.parametrize("text", [LONG_MEDIA + '"', f'data:image/png;name="x";base64,{LONG_MEDIA}', "é" * 100_000])
async def test_whatever_is_no_base64_is_written_as_json(text: str) -> None:
    """It may have what JSON must escape."""
    assert json.loads(await text_of({"a": HoldsMedia(url=text)})) == {"a": {"url": text}}


async def test_others_have_their_turn_while_a_long_text_is_sent() -> None:
    """A client that reads as fast as it is written would keep the loop for all of it."""
    pieces = json_pieces({"a": HoldsMedia(data=base64.b64encode(bytes(AT_ONCE * 12)).decode())})
    async with opened(pieces) as chunks, turns_of_others() as turns:
        longest = max([len(chunk) async for chunk in chunks])
    assert longest == AT_ONCE
    assert turns.count >= 12


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_is_not_json_is_refused(value: object) -> None:
    """Rather than written as something invented."""
    with pytest.raises(TypeError):
        json_pieces({"a": value})


def test_a_datetime_is_written_as_orjson_does() -> None:
    """RFC 3339."""
    assert json_pieces({"t": datetime(2026, 11, 21, tzinfo=UTC)}) == [b'{"t":"2026-11-21T00:00:00+00:00"}']


async def test_every_file_is_open_before_anything_is_promised(stored: Stored) -> None:
    """A missing second file shows on entering, not after the first one was sent."""
    first, second = await stored(b"one"), await stored(b"two")
    second.path.unlink()
    with pytest.raises(MediaMissing):
        async with opened([first, second]):
            pytest.fail("the block must not be entered")
