"""What a sweep should remove: pure, so that every rule can be read and tested without a disk."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from proxy.media.part_file import PART_SUFFIX
from proxy.media.sidecar import SIDECAR_SUFFIX

LEFTOVER_AGE: Final = timedelta(hours=1)
"""A part or a lone sidecar untouched for so long has no writer any more: the longest silence of a living download is
minutes. Age is the one sign that a second process on the folder, or another machine on a shared one, can read too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderEntry:
    """A file as the folder lists it: `size` in bytes; `modified` is when a medium was made, or a part last grew."""

    name: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPlan:
    """Media and leftovers to remove, and the bytes that stay above the quota because nothing more may go."""

    media: tuple[FolderEntry, ...]
    leftovers: tuple[FolderEntry, ...]
    over_quota: int


def plan_sweep(
    media: Mapping[str, FolderEntry],
    others: Iterable[FolderEntry],
    *,
    now: datetime,
    retention: timedelta | None,
    max_bytes: int | None,
    keep: Collection[str],
    grace: timedelta,
) -> SweepPlan:
    """Retention first, then the quota, oldest first; never a kept name, never one younger than `grace`."""
    free_to_go = sorted(
        (entry for name, entry in media.items() if name not in keep and now - entry.modified >= grace),
        key=lambda entry: (entry.modified, entry.name),
    )
    total = sum(entry.size for entry in media.values())
    removals: list[FolderEntry] = []
    for entry in free_to_go:
        expired = retention is not None and now - entry.modified > retention
        crowded = max_bytes is not None and total > max_bytes
        if expired or crowded:
            removals.append(entry)
            total -= entry.size
    leftovers = tuple(entry for entry in others if _is_leftover(entry, media, now))
    over_quota = 0 if max_bytes is None else max(0, total - max_bytes)
    return SweepPlan(media=tuple(removals), leftovers=leftovers, over_quota=over_quota)


def _is_leftover(entry: FolderEntry, media: Mapping[str, FolderEntry], now: datetime) -> bool:
    if now - entry.modified <= LEFTOVER_AGE:
        return False
    lone_sidecar = entry.name.endswith(SIDECAR_SUFFIX) and entry.name.removesuffix(SIDECAR_SUFFIX) not in media
    return entry.name.endswith(PART_SUFFIX) or lone_sidecar
