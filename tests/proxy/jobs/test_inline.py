"""Media in the body of a poll go to the store while it streams in; what is no result does not stay there."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from proxy.jobs.inline import InlineBody, read_body
from proxy.media.json_base64 import BadMedia, TruncatedJson
from proxy.media.store import MediaStore
from translators.video.outcome import RemoteVideo

LONG, OTHER = b"a video" * 2000, b"a picture" * 2000


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


async def pieces(body: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    """A body as it comes over the wire."""
    for start in range(0, len(body), size):
        yield body[start : start + size]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.suffix in (".mp4", ".part"))


async def content(store: MediaStore, name: str | None) -> bytes:
    assert name is not None
    return (await store.open(name)).path.read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def store(folder: Path) -> MediaStore:
    """A store that is full: what was paid for is kept all the same."""
    return MediaStore(folder, max_bytes=1)


async def test_media_are_cut_out_of_the_body(store: MediaStore) -> None:
    """What is left is small JSON; each medium is in the store under its name, with what is to be remembered."""
    whole = json.dumps({"videos": [{"data": base64_of(LONG)}, {"data": base64_of(OTHER)}], "done": True}).encode()

    body = await read_body(pieces(whole), store, metadata={"job": "video_1"})

    assert json.loads(body.text) == {"videos": [{"data": "@cut:0"}, {"data": "@cut:1"}], "done": True}
    assert [await content(store, name) for name in body.names] == [LONG, OTHER]
    assert await store.metadata(body.names[0]) == {"job": "video_1"}


async def test_only_results_stay(store: MediaStore, folder: Path) -> None:
    """An interaction repeats the pictures it was asked with: they are removed; a video elsewhere has no name."""
    whole = json.dumps({"asked": {"data": base64_of(OTHER)}, "made": {"data": base64_of(LONG)}}).encode()
    body = await read_body(pieces(whole), store, metadata={})

    names = await body.settle([RemoteVideo(data="@cut:1"), RemoteVideo(uri="gs://bucket/a.mp4")], store)

    assert names == (body.names[1], None)
    assert files(folder) == [body.names[1]]
    assert await content(store, names[0]) == LONG


async def test_a_medium_too_short_to_be_cut_out_is_kept(store: MediaStore) -> None:
    """However short: it is paid for."""
    (name,) = await InlineBody(b"{}", ()).settle([RemoteVideo(data=base64_of(b"short"))], store)

    assert await content(store, name) == b"short"


async def test_a_short_medium_that_is_no_base64(store: MediaStore, folder: Path) -> None:
    """It is refused, and nothing is stored."""
    with pytest.raises(BadMedia):
        await InlineBody(b"{}", ()).settle([RemoteVideo(data="not base64!")], store)

    assert files(folder) == []


async def test_a_body_that_breaks_off_leaves_nothing(store: MediaStore, folder: Path) -> None:
    """Half a video is none: it is fetched again."""
    whole = json.dumps({"data": base64_of(LONG)}).encode()

    with pytest.raises(TruncatedJson):
        await read_body(pieces(whole[:-100]), store, metadata={})

    assert files(folder) == []
