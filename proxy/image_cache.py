"""Images that repeat: answers that were made once, in memory by key and on disk as media with an index beside them.

    <data-dir>/images/<key>.json    the completion, with the name of a stored file in place of each image
    <data-dir>/media/<name>.png     the image, with its sidecar; swept like every other file

An index whose files have been swept is a miss. Nothing here fails a request: what cannot be kept is made again.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson
from cachetools import LRUCache
from pydantic import AwareDatetime, BaseModel, JsonValue, ValidationError

from proxy.media.base64_stream import decode, encoded_file
from proxy.media.file_reading import reading
from proxy.media.mime import suffix_for
from proxy.media.part_file import write_atomically
from proxy.media.store import MediaStore, unguessable_name
from proxy.media.stored import MediaDamaged, MediaMissing, MediaStoreFull
from proxy.metrics.tally import Tallies
from translators.content import HoldsMedia, is_data_uri, parse_data_uri

_DECODED_AT_ONCE: Final = 256 << 10
"""Characters of base64, a multiple of four."""

log = logging.getLogger("mediashim")


class Entry(BaseModel):
    """`names` are the stored files, in the order of the images in `completion`, whose addresses are empty."""

    created_at: AwareDatetime
    completion: dict[str, Any]
    names: list[str]


class ImageCache:
    """Completions with images by key (hex). `max_entries` 0 keeps nothing."""

    def __init__(
        self,
        media: MediaStore,
        folder: Path,
        *,
        max_entries: int,
        ttl: timedelta,
        now: Callable[[], datetime],
        tallies: Tallies | None = None,
    ) -> None:
        self._media = media
        self._folder = folder
        self._max_entries = max_entries
        self._ttl = ttl
        self._now = now
        self._lookups = (tallies or Tallies()).image_lookups
        self._memory: LRUCache[str, Entry] = LRUCache(maxsize=max(max_entries, 1))

    async def find(self, key: str) -> dict[str, Any] | None:
        """The completion as it was made, with its images; None for one that is not kept, too old, or swept."""
        if not self._max_entries:
            return None
        found = await self._find(key)
        self._lookups["miss" if found is None else "hit",] += 1
        return found

    async def _find(self, key: str) -> dict[str, Any] | None:
        entry = self._memory.get(key) or await asyncio.to_thread(self._read, key)
        if entry is None or self._now() - entry.created_at > self._ttl:
            self._memory.pop(key, None)
            return None
        try:
            urls = [await self._data_uri(name) for name in entry.names]
        except (MediaMissing, MediaDamaged, FileNotFoundError):
            self._memory.pop(key, None)
            return None
        self._memory[key] = entry
        return _with_urls(entry.completion, urls)

    async def keep(self, key: str, completion: Mapping[str, Any], metadata: Mapping[str, JsonValue]) -> None:
        """Remember a completion; one whose images are of a kind that is not stored, or find no room, is let go."""
        if not self._max_entries:
            return
        images = [image["image_url"]["url"] for image in _images(completion)]
        if not images or not all(is_data_uri(url) for url in images):
            return
        try:
            names = [await self._store(url, metadata) for url in images]
            entry = Entry(created_at=self._now(), completion=_with_urls(completion, [""] * len(names)), names=names)
            await asyncio.to_thread(self._write, key, entry)
        except (MediaStoreFull, ValueError, OSError) as failure:
            log.warning("an image is not kept for repeats: %s", failure)
            return
        self._memory[key] = entry

    async def _store(self, url: str, metadata: Mapping[str, JsonValue]) -> str:
        image = parse_data_uri(url, param="image")
        suffix = suffix_for(image.mime_type)
        if suffix is None:
            raise ValueError(f"files of type {image.mime_type} are not stored")
        async with self._media.writing(suffix=suffix, metadata=metadata) as writer:
            for at in range(0, len(image.data), _DECODED_AT_ONCE):
                await writer.write(decode(image.data[at : at + _DECODED_AT_ONCE]))
                await asyncio.sleep(0)
        return writer.name

    async def _data_uri(self, name: str) -> str:
        file = await self._media.open(name)
        text = f"data:{file.media.mime_type};base64,"
        async with reading(file) as handle:
            async for encoded in encoded_file(handle, file.media.size):
                text += encoded.decode("ascii")  # in place, as in `long_texts`
        return text

    def _read(self, key: str) -> Entry | None:
        try:
            return Entry.model_validate_json((self._folder / f"{key}.json").read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def _write(self, key: str, entry: Entry) -> None:
        write_atomically(
            self._folder / f"{key}.json", orjson.dumps(entry.model_dump(mode="json")), temporary_name=unguessable_name()
        )
        # The images themselves go with the media store's sweep.
        indexes = sorted(self._folder.glob("*.json"), key=_modified)
        for path in indexes[: -self._max_entries]:
            path.unlink(missing_ok=True)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process removed it meanwhile
        return 0.0


def _images(completion: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [image for choice in completion["choices"] for image in choice["message"].get("images", ())]


def _with_urls(completion: Mapping[str, Any], urls: list[str]) -> dict[str, Any]:
    """The completion with these addresses in its images, in their order; the given one stays as it is."""
    left = iter(urls)

    def image(made: Mapping[str, Any]) -> dict[str, Any]:
        return {**made, "image_url": HoldsMedia({**made["image_url"], "url": next(left)})}

    def message(said: Mapping[str, Any]) -> dict[str, Any]:
        return {**said, **({"images": [image(made) for made in said["images"]]} if "images" in said else {})}

    choices = [{**choice, "message": message(choice["message"])} for choice in completion["choices"]]
    return {**completion, "choices": choices}
