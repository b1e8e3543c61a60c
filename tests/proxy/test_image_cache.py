"""Answers with images are found again: from memory, after a restart, and only as long as they are whole and young."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from proxy.image_cache import ImageCache
from proxy.media.store import MediaStore
from proxy.metrics.tally import Tallies

PNG = "data:image/png;base64,iVBORw0KGgo="
COMPLETION: dict[str, Any] = {
    "model": "m",
    "choices": [{"index": 0, "message": {"content": "Here.", "images": [{"image_url": {"url": PNG}, "index": 0}]}}],
}


class Room:
    """A media store, and caches on it that share one clock."""

    def __init__(self, folder: Path, max_bytes: int | None = None) -> None:
        self.folder = folder
        self.time = datetime(2026, 11, 21, tzinfo=UTC)
        self.media = MediaStore(folder / "media", max_bytes=max_bytes)

    def cache(self, max_entries: int = 2, tallies: Tallies | None = None) -> ImageCache:
        return ImageCache(
            self.media,
            self.folder / "images",
            max_entries=max_entries,
            ttl=timedelta(hours=1),
            now=lambda: self.time,
            tallies=tallies,
        )


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_was_kept_is_found(room: Room, restarted: bool) -> None:
    """Equal to what was made, by the same process and by the next."""
    cache = room.cache()
    await cache.keep("a", COMPLETION, {"prompt": "a fox"})
    found = await (room.cache() if restarted else cache).find("a")

    assert found == COMPLETION
    assert await cache.find("b") is None


async def test_what_is_looked_for_is_counted(room: Room) -> None:
    """Found or not; where nothing is kept, nobody looks."""
    tallies = Tallies()
    for size in (2, 0):
        cache = room.cache(size, tallies)
        await cache.find("a")
        await cache.keep("a", COMPLETION, {})
        await cache.find("a")
    assert tallies.image_lookups == {("miss",): 1, ("hit",): 1}


async def test_what_is_known_lies_beside_the_image(room: Room) -> None:
    """In the media store's own record."""
    await room.cache().keep("a", COMPLETION, {"prompt": "a fox", "cost": 0.04})

    [sidecar] = (room.folder / "media").glob("*.json")
    assert json.loads(sidecar.read_text())["metadata"] == {"prompt": "a fox", "cost": 0.04}


async def test_an_old_answer_is_a_miss(room: Room) -> None:
    """At the end of its time, in memory and on disk."""
    cache = room.cache()
    await cache.keep("a", COMPLETION, {})
    room.time += timedelta(hours=1, seconds=1)

    assert await cache.find("a") is None
    assert await room.cache().find("a") is None


async def test_a_swept_image_is_a_miss(room: Room) -> None:
    """The media store decides what stays."""
    cache = room.cache()
    await cache.keep("a", COMPLETION, {})
    [file] = (room.folder / "media").glob("*.png")
    await room.media.delete(file.name)

    assert await cache.find("a") is None


async def test_a_damaged_index_is_a_miss(room: Room) -> None:
    """And the next answer replaces it."""
    await room.cache().keep("a", COMPLETION, {})
    (room.folder / "images" / "a.json").write_text("{")

    assert await room.cache().find("a") is None


async def test_the_oldest_index_goes_first(room: Room) -> None:
    """No more than `max_entries` are kept on disk, nor in memory."""
    cache = room.cache(max_entries=2)
    for age, key in enumerate(["a", "b"]):
        await cache.keep(key, COMPLETION, {})
        os.utime(room.folder / "images" / f"{key}.json", (age, age))
    await cache.keep("c", COMPLETION, {})

    assert sorted(path.stem for path in (room.folder / "images").glob("*.json")) == ["b", "c"]
    assert await cache.find("a") is None
    assert await cache.find("c") == COMPLETION


@pytest.mark.parametrize(
    "url", ["gs://bucket/a.png", "data:image/tiff;base64,QUJDRA=="], ids=["no bytes", "a type that is not stored"]
)
async def test_what_cannot_be_kept_is_let_go(room: Room, url: str) -> None:
    """It is an answer all the same."""
    choices = [{"index": 0, "message": {"images": [{"image_url": {"url": url}}]}}]
    cache = room.cache()
    await cache.keep("a", {"model": "m", "choices": choices}, {})
    await cache.keep("b", {"model": "m", "choices": [{"index": 0, "message": {"content": "no"}}]}, {})

    assert await cache.find("a") is None
    assert await cache.find("b") is None


async def test_a_full_store_keeps_nothing(tmp_path: Path) -> None:
    """Videos that are paid for go before."""
    cache = Room(tmp_path, max_bytes=0).cache()
    await cache.keep("a", COMPLETION, {})

    assert await cache.find("a") is None


async def test_a_cache_of_no_entries_keeps_nothing(room: Room) -> None:
    """That is how it is switched off."""
    cache = room.cache(max_entries=0)
    await cache.keep("a", COMPLETION, {})

    assert await cache.find("a") is None
    assert not (room.folder / "media").exists()
