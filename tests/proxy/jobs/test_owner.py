"""Whether a process lives, told by the kernel: real processes, killed, stopped and ended."""

import fcntl
import os
import signal
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from proxy.jobs.owner import Owner
from tests.processes import Process, start

Starter = Callable[[], Awaitable[tuple[Process, str]]]


@pytest.fixture
async def another(tmp_path: Path) -> AsyncIterator[Starter]:
    """Starts processes that own; ends those still there when the test is over."""
    started: list[Process] = []

    async def another() -> tuple[Process, str]:
        process = await start("tests.proxy.jobs.owning_process", str(tmp_path))
        started.append(process)
        assert process.stdout is not None
        return process, (await process.stdout.readline()).decode().strip()

    yield another
    for process in started:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
        await process.communicate(b"")


def locks(folder: Path) -> set[str]:
    return {path.stem for path in (folder / "owners").iterdir()}


async def test_a_running_process_is_alive(tmp_path: Path, another: Starter) -> None:
    """Its lock is held."""
    _, owner_id = await another()
    with Owner.acquire(tmp_path) as me:
        assert me.alive(owner_id)
        assert me.alive(me.id)
        assert locks(tmp_path) == {owner_id, me.id}


async def test_a_killed_process_is_dead_at_once(tmp_path: Path, another: Starter) -> None:
    """After kill -9 no time has to pass, and its file is cleared away."""
    process, owner_id = await another()
    with Owner.acquire(tmp_path) as me:
        process.kill()
        await process.wait()

        assert owner_id in locks(tmp_path)
        assert not me.alive(owner_id)
        assert locks(tmp_path) == {me.id}
        assert not me.alive(owner_id)


async def test_a_stopped_process_is_alive(tmp_path: Path, another: Starter) -> None:
    """It may wake up: only its lease can take its jobs away."""
    process, owner_id = await another()
    with Owner.acquire(tmp_path) as me:
        process.send_signal(signal.SIGSTOP)

        assert me.alive(owner_id)


async def test_a_process_that_ended_is_dead_and_leaves_no_file(tmp_path: Path, another: Starter) -> None:
    """A clean end gives the identity up."""
    process, owner_id = await another()
    await process.communicate(b"")

    assert process.returncode == 0
    assert locks(tmp_path) == set()
    with Owner.acquire(tmp_path) as me:
        assert not me.alive(owner_id)


async def test_the_next_start_clears_the_dead_away(tmp_path: Path, another: Starter) -> None:
    """Files of killed processes do not pile up; those of living ones stay."""
    dead, _ = await another()
    _, living_id = await another()
    dead.kill()
    await dead.wait()
    with Owner.acquire(tmp_path) as me:
        assert locks(tmp_path) == {living_id, me.id}


def test_two_identities_are_two(tmp_path: Path) -> None:
    """Even in one process; each sees the other's end."""
    with Owner.acquire(tmp_path) as first, Owner.acquire(tmp_path) as second:
        assert first.id != second.id
        assert second.alive(first.id)
        first.close()
        first.close()
        assert not second.alive(first.id)


def test_nobody_else_can_read_or_hold_a_lock(tmp_path: Path) -> None:
    """Folder 0700, file 0600."""
    with Owner.acquire(tmp_path / "data") as me:
        folder = tmp_path / "data" / "owners"

        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / f"{me.id}.lock").stat().st_mode) == 0o600


@pytest.mark.parametrize("owner_id", ["", "../outside", "/etc/hostname", "a/b", "pod-7:1234", "x" * 300, "a\x00b"])
def test_a_foreign_id_is_dead_and_touches_no_file(tmp_path: Path, owner_id: str) -> None:
    """An id that no process here can have is no path either."""
    outside = tmp_path / "outside.lock"
    outside.touch()
    with Owner.acquire(tmp_path) as me:
        assert not me.alive(owner_id)

    assert outside.exists()


def test_a_file_cleared_away_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another start may take the new file for a dead one's in between: a lock without a name would be worth nothing."""
    real, tries = fcntl.flock, []

    def flock(descriptor: int, operation: int) -> None:
        if operation == fcntl.LOCK_EX and len(tries) < 2:
            [path] = (tmp_path / "owners").iterdir()
            path.unlink()
            if tries:
                path.touch()
            tries.append(path)
        real(descriptor, operation)

    monkeypatch.setattr("proxy.jobs.owner.flock", flock)
    with Owner.acquire(tmp_path) as me:
        assert len(tries) == 2
        assert me.alive(me.id)
        assert (tmp_path / "owners" / f"{me.id}.lock").read_text() == f"{os.getpid()}\n"
