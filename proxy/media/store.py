"""Blobs in a local folder: written whole or not at all, found by unguessable names, swept by age and quota.

All of it is true for any number of processes on one folder: they share the folder and nothing else. The layout on disk
is described in folder.py, the rules of a sweep in sweeping.py.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from cachetools import LRUCache
from pydantic import JsonValue

from proxy.media.folder import Identity, MediaFolder
from proxy.media.part_file import PartFile
from proxy.media.sidecar import sidecar_path
from proxy.media.stored import MediaStoreFull, StoredFile, StoredMedia, Swept
from proxy.media.sweeping import plan_sweep
from proxy.media.writer import MediaWriter
from proxy.metrics.tally import Tallies

RECORDS_KEPT: Final = 1024
"""Records that stay in memory; each is asked for anew when its file is another one, or gone."""


def unguessable_name() -> str:
    """192 random bits, safe in a URL."""
    return secrets.token_urlsafe(24)


class MediaStore:
    """The media of one folder. `max_bytes` and `retention` bind `sweep` and admission; None is no limit."""

    def __init__(
        self,
        folder: Path,
        *,
        max_bytes: int | None = None,
        retention: timedelta | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_name: Callable[[], str] = unguessable_name,
        tallies: Tallies | None = None,
    ) -> None:
        self._folder = MediaFolder(folder, new_name=new_name)
        self._max_bytes = max_bytes
        self._retention = retention
        self._now = now
        self._known: LRUCache[str, tuple[Identity, StoredMedia]] = LRUCache(maxsize=RECORDS_KEPT)
        self._tallies = tallies or Tallies()

    @asynccontextmanager
    async def writing(
        self,
        *,
        suffix: str,
        metadata: Mapping[str, JsonValue] | None = None,
        expected_size: int = 1,
        paid: bool = False,
    ) -> AsyncIterator[MediaWriter]:
        """Store what is written inside the block; leave nothing if the block fails or is cancelled.

        The quota is checked before the first byte only, with `expected_size` if the caller knows it. A `paid` medium is
        never turned away nor cut off: the next sweep makes room instead. Raises MediaStoreFull, and ValueError for a
        suffix that is not in mime.py.
        """
        part = PartFile(self._folder.new_path(suffix))
        if not paid:
            await self.require_room(expected_size)
        writer = MediaWriter(part)
        try:
            yield writer
            finish = partial(self._folder.finish, created_at=self._now(), metadata=dict(metadata or {}))
            await writer.complete(finish)
            self._tallies.media_stored_bytes += writer.stored.size
        except BaseException:
            await asyncio.shield(asyncio.to_thread(_discard, part))
            raise

    async def require_room(self, size: int = 1) -> None:
        """Return if `size` bytes more fit under the quota. Raises MediaStoreFull."""
        if self._max_bytes is None:
            return
        used = await asyncio.to_thread(self._folder.used)
        if used + size > self._max_bytes:
            raise MediaStoreFull(used=used, wanted=size, max_bytes=self._max_bytes)

    async def open(self, name: str) -> StoredFile:
        """The file and its record. Raises MediaMissing (any other string is no name of ours) and MediaDamaged."""
        path = self._folder.path(name)
        known = self._known.get(name)
        # Not to_thread: the variables it copies are of no use here, and a look at a file is asked for often.
        looking = asyncio.get_running_loop().run_in_executor(None, self._look, path, known)
        identity, media = await looking
        if identity is not None:
            self._known[name] = identity, media
        return StoredFile(path=path, media=media)

    def _look(self, path: Path, known: tuple[Identity, StoredMedia] | None) -> tuple[Identity | None, StoredMedia]:
        """What the record of a file says; read anew unless it is known of the very files that lie there."""
        identity = self._folder.identity(path)
        if known is not None and known[0] == identity:
            return known
        return identity, self._folder.read(path).media()

    async def metadata(self, name: str) -> Mapping[str, JsonValue]:
        """What the writer wanted remembered. Raises MediaMissing and MediaDamaged."""
        return (await asyncio.to_thread(self._folder.read, self._folder.path(name))).metadata

    async def annotate(self, name: str, metadata: Mapping[str, JsonValue]) -> None:
        """Replace the metadata of a stored medium, durably. Raises MediaMissing and MediaDamaged."""
        await asyncio.to_thread(self._folder.annotate, self._folder.path(name), dict(metadata))

    async def delete(self, name: str) -> bool:
        """Remove a medium and its record; False if it was gone already. Raises MediaMissing for an impossible name."""
        return await asyncio.to_thread(self._folder.remove, self._folder.path(name).name)

    async def sweep(
        self, now: datetime, *, keep: Collection[str] = (), grace: timedelta = timedelta(minutes=10)
    ) -> Swept:
        """Remove what is too old, then the oldest until the quota fits, then what crashes left; say what went.

        Names in `keep` and media younger than `grace` stay, whatever the limits say.
        """
        return await asyncio.to_thread(self._sweep, now, frozenset(keep), grace)

    def _sweep(self, now: datetime, keep: frozenset[str], grace: timedelta) -> Swept:
        media, companions = self._folder.entries()
        plan = plan_sweep(
            media,
            companions,
            now=now,
            retention=self._retention,
            max_bytes=self._max_bytes,
            keep=keep,
            grace=grace,
        )
        gone = [entry for entry in plan.media if self._folder.remove(entry.name)]
        for entry in plan.leftovers:
            self._folder.remove_leftover(entry.name)
        return Swept(
            names=tuple(entry.name for entry in gone),
            leftovers=tuple(entry.name for entry in plan.leftovers),
            freed=sum(entry.size for entry in (*gone, *plan.leftovers)),
            over_quota=plan.over_quota,
        )


def _discard(part: PartFile) -> None:
    if part.discard():
        sidecar_path(part.final).unlink(missing_ok=True)
