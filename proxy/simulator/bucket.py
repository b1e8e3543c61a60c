"""Cloud Storage, as far as reading goes: objects, some of which appear only when their job is done."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proxy.simulator.files import stamp
from proxy.simulator.media.studio import Media, Studio
from proxy.simulator.settings import Clock

PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """One object, readable from `visible_at`."""

    bucket: str
    name: str
    media: Media
    content_type: str
    visible_at: datetime


class Buckets:
    """All objects of all buckets."""

    def __init__(self, clock: Clock, names: frozenset[str], objects: Mapping[str, bytes]) -> None:
        self._clock = clock
        self._names = names
        self._objects: dict[tuple[str, str], StoredObject] = {}
        for path, content in objects.items():
            self.put(f"gs://{path}", content, "application/octet-stream")

    def exists(self, uri: str) -> bool:
        """Whether the bucket of a `gs://` URI exists."""
        return split(uri)[0] in self._names

    def put(self, uri: str, media: Media, content_type: str, visible_at: datetime | None = None) -> StoredObject:
        """Store an object at a `gs://` URI, to be seen from `visible_at`, by default now."""
        bucket, name = split(uri)
        stored = StoredObject(
            bucket=bucket,
            name=name,
            media=media,
            content_type=content_type,
            visible_at=visible_at or self._clock(),
        )
        self._objects[bucket, name] = stored
        return stored

    def get(self, bucket: str, name: str) -> StoredObject | None:
        """An object that can be seen now."""
        stored = self._objects.get((bucket, name))
        return stored if stored is not None and stored.visible_at <= self._clock() else None

    def find(self, uri: str) -> Media | None:
        """What a `gs://` URI names."""
        stored = self.get(*split(uri))
        return stored.media if stored is not None else None

    def delete(self, uri: str) -> None:
        """Let an object be gone."""
        self._objects.pop(split(uri), None)

    def listed(self, bucket: str, prefix: str) -> list[StoredObject]:
        """The visible objects below a prefix, by name."""
        now = self._clock()
        return [
            stored
            for (owner, name), stored in sorted(self._objects.items())
            if owner == bucket and name.startswith(prefix) and stored.visible_at <= now
        ]


def split(uri: str) -> tuple[str, str]:
    """`gs://bucket/a/b` -> (`bucket`, `a/b`)."""
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    return bucket, name


async def object_json(stored: StoredObject, studio: Studio) -> dict[str, Any]:
    """An object's metadata; numbers are strings, as in all of Google's JSON for 64-bit values."""
    content = await studio.make(stored.media)
    return {
        "kind": "storage#object",
        "id": f"{stored.bucket}/{stored.name}/1",
        "bucket": stored.bucket,
        "name": stored.name,
        "generation": "1",
        "contentType": stored.content_type,
        "size": str(len(content)),
        "md5Hash": base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode(),
        "timeCreated": stamp(stored.visible_at),
        "updated": stamp(stored.visible_at),
    }
