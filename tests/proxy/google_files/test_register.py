"""Whose file lies where: rows that outlive a restart and no caller but its own sees."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from proxy.google_files.register import FileRegister, UploadedFile

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def a_file(file_id: str = "abc", caller: str = "caller-1", **fields: Any) -> UploadedFile:
    given = {
        "id": file_id,
        "caller": caller,
        "credential": "gemini-1",
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=48),
        "google": {"name": f"files/g-{file_id}", "uri": f"https://google/files/g-{file_id}", "mimeType": "image/png"},
    }
    return UploadedFile.model_validate({**given, **fields})


def modes(folder: Path) -> list[int]:
    return [path.stat().st_mode & 0o777 for path in folder.rglob("*.json")]


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.json")]


async def test_a_row_is_kept_for_its_caller(tmp_path: Path) -> None:
    """By another process as well; nobody else finds it under its id."""
    await FileRegister(tmp_path, now=Time()).put(a_file())
    other = FileRegister(tmp_path, now=Time())
    assert await other.get("caller-1", "abc") == a_file()
    assert await other.get("caller-2", "abc") is None
    assert await other.of("caller-2") == []
    assert modes(tmp_path) == [0o600]


async def test_google_s_name_finds_whosever_it_is(tmp_path: Path) -> None:
    """So that another caller's can be refused."""
    register = FileRegister(tmp_path, now=Time())
    await register.put(a_file())
    await register.put(a_file("def", "caller-2"))
    found = await register.at("files/g-def")
    assert found is not None
    assert (found.caller, found.resource, found.mime_type) == ("caller-2", "files/g-def", "image/png")
    assert await register.at("files/none") is None


async def test_the_newest_come_first(tmp_path: Path) -> None:
    """And removed ones not at all."""
    register = FileRegister(tmp_path, now=Time())
    for number in range(3):
        await register.put(a_file(f"f{number}", created_at=NOW + timedelta(minutes=number)))
    await register.remove(a_file("f1"))
    await register.remove(a_file("f1"))
    assert [file.id for file in await register.of("caller-1")] == ["f2", "f0"]


async def test_an_expired_row_is_none_and_goes(tmp_path: Path) -> None:
    """Google has it no longer; the next upload clears it away, as it does a row that cannot be read."""
    time = Time()
    register = FileRegister(tmp_path, now=time)
    await register.put(a_file())
    (tmp_path / "caller-1" / "broken.json").write_text("{")
    time.now += timedelta(hours=49)
    assert await register.get("caller-1", "abc") is None
    assert await register.get("caller-1", "broken") is None
    assert await register.of("caller-1") == []
    await register.put(a_file("new", expires_at=time.now + timedelta(hours=1)))
    assert names(tmp_path) == ["new.json"]


async def test_names_stay_below_the_folder(tmp_path: Path) -> None:
    """What is no id is no file; what is no caller is a fault of this program."""
    register = FileRegister(tmp_path, now=Time())
    assert await register.get("caller-1", "../caller-2/abc") is None
    for file in (a_file("../x"), a_file(caller="../x")):
        with pytest.raises(ValueError, match="is no"):
            await register.put(file)


def test_a_file_of_unknown_type() -> None:
    """Nothing is invented."""
    assert a_file(google={"name": "files/g", "uri": "u"}).mime_type is None
