"""Uploads on their way: found by their token alone, for a day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from proxy.google_files.sessions import LIFETIME, UploadSession, UploadSessions

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ADDRESS = "https://google/upload?upload_id=secret"


async def begun(sessions: UploadSessions) -> UploadSession:
    return await sessions.begin(caller="caller-1", credential="gemini-1", file_id="abc", address=ADDRESS)


def modes(folder: Path) -> list[int]:
    return [path.stat().st_mode & 0o777 for path in folder.iterdir()]


def stems(folder: Path) -> list[str]:
    return [path.stem for path in folder.iterdir()]


async def test_a_token_finds_its_session(tmp_path: Path) -> None:
    """In another process too; each has a token of its own, and the end is the end."""
    sessions = UploadSessions(tmp_path, now=lambda: NOW)
    first, second = await begun(sessions), await begun(sessions)
    assert len(first.token) == 32
    assert first.token != second.token
    assert await UploadSessions(tmp_path, now=lambda: NOW).find(first.token) == first
    await sessions.end(first)
    await sessions.end(first)
    assert await sessions.find(first.token) is None
    assert await sessions.find(second.token) == second
    assert modes(tmp_path) == [0o600]


async def test_neither_token_nor_address_is_shown(tmp_path: Path) -> None:
    """Each is a permission to write."""
    session = await begun(UploadSessions(tmp_path, now=lambda: NOW))
    assert session.token not in repr(session)
    assert ADDRESS not in repr(session)


async def test_a_day_later_it_is_gone(tmp_path: Path) -> None:
    """And the next one clears it away."""
    await begun(UploadSessions(tmp_path, now=lambda: NOW))
    later = UploadSessions(tmp_path, now=lambda: NOW + LIFETIME + timedelta(seconds=1))
    session = await begun(later)
    assert stems(tmp_path) == [session.token]


async def test_what_is_no_token(tmp_path: Path) -> None:
    """No path is made of it."""
    sessions = UploadSessions(tmp_path / "below", now=lambda: NOW)
    (tmp_path / "x.json").write_text("{}")
    for token in ("", "../x", "x" * 31, "é" * 32):
        assert await sessions.find(token) is None
