"""What the store knows of one medium, and the three ways it can say no."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMedia:
    """One finished medium: `size` in bytes, `sha256` in lower-case hex, `created_at` aware, `name` safe in a URL."""

    name: str
    size: int
    sha256: str
    mime_type: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A medium and where it lies, for the answers that stream it."""

    path: Path
    media: StoredMedia


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep removed: media by `names`, `leftovers` of crashes, bytes `freed`; and the bytes still over quota."""

    names: tuple[str, ...]
    leftovers: tuple[str, ...]
    freed: int
    over_quota: int


class MediaMissing(LookupError):
    """No medium has this name: it never existed, was deleted, or the name is not one we give."""


class MediaDamaged(Exception):
    """A stored file is not as long as its record says; serving it would pass off a part as the whole."""


class MediaStoreFull(Exception):
    """The folder's quota leaves no room for another medium. `used` and `max_bytes` are in bytes."""

    def __init__(self, *, used: int, wanted: int, max_bytes: int) -> None:
        super().__init__(f"the media store holds {used} of {max_bytes} bytes; no room for {wanted} more")
        self.used = used
        self.wanted = wanted
        self.max_bytes = max_bytes
