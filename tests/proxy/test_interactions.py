"""Interactions are remembered on disk, privately, and for their own caller."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from proxy.interactions import KEPT_FOR, Owned, OwnedInteractions
from translators.wire.call import Surface

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OWNED = Owned(
    interaction_id="v1_a", caller="alice", credential_id="gemini-1", surface=Surface.GEMINI, model="gemini-2.5-flash"
)


def folder(path: Path, now: datetime = NOW) -> OwnedInteractions:
    return OwnedInteractions(path / "interactions", now=lambda: now)


async def test_what_is_put_is_found_until_it_is_removed(tmp_path: Path) -> None:
    """Also after a restart, and by nobody else; removing twice is harmless."""
    await folder(tmp_path).put(OWNED)
    assert await folder(tmp_path).find("v1_a", "alice") == OWNED
    assert await folder(tmp_path).find("v1_a", "bob") is None
    await folder(tmp_path).remove("v1_a")
    await folder(tmp_path).remove("v1_a")
    assert await folder(tmp_path).find("v1_a", "alice") is None


async def test_any_id_is_safe(tmp_path: Path) -> None:
    """Whatever it is, it stays in the folder; a damaged file is no interaction."""
    assert await folder(tmp_path).find("../../etc/passwd", "alice") is None
    await folder(tmp_path).put(OWNED)
    [path] = (tmp_path / "interactions").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.write_text("{")
    assert await folder(tmp_path).find("v1_a", "alice") is None


async def test_the_old_ones_go(tmp_path: Path) -> None:
    """After Google's own time, looked at once a day."""
    await folder(tmp_path).put(OWNED)
    [path] = (tmp_path / "interactions").iterdir()
    long_ago = (NOW - KEPT_FOR).timestamp() - 1
    os.utime(path, (long_ago, long_ago))
    later = folder(tmp_path)
    await later.put(OWNED.model_copy(update={"interaction_id": "v1_b"}))
    await later.put(OWNED.model_copy(update={"interaction_id": "v1_c"}))
    assert await later.find("v1_a", "alice") is None
    assert await later.find("v1_b", "alice") is not None
