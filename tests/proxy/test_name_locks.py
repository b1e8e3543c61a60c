"""A name has one holder, in whatever process, and none when that has died."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from proxy.name_locks import NameLocks
from tests.processes import Process, start


@asynccontextmanager
async def another(path: Path, name: str) -> AsyncIterator[tuple[Process, bool]]:
    """A process that holds the name as long as the block lasts, if it can get it."""
    process = await start("tests.proxy.holding_process", str(path), name)
    assert process.stdout is not None
    try:
        yield process, (await process.stdout.readline()) == b"True\n"
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "locks"


def test_a_name_is_had_once(path: Path) -> None:
    """By one task of a process; another name is another matter; given back, it can be had again."""
    locks = NameLocks(path)
    assert (locks.take("a"), locks.take("a"), locks.take("b")) == (True, False, True)
    locks.release("a")
    assert locks.take("a")
    locks.close()
    locks.close()
    locks.release("b")
    assert not locks.take("a")


async def test_processes_exclude_each_other(path: Path) -> None:
    """What one holds, the other does not get, until it is given back or its holder is killed."""
    locks = NameLocks(path)
    assert locks.take("a")
    async with another(path, "a") as (_, got_a), another(path, "b") as (holder, got_b):
        assert (got_a, got_b) == (False, True)
        assert not locks.take("b")
        waiting = asyncio.create_task(locks.wait_for("b", longest=30.0))
        await asyncio.sleep(0)
        assert not waiting.done()
        holder.kill()
        await waiting
    locks.release("a")
    async with another(path, "a") as (_, got):
        assert got
    locks.close()


async def test_waiting_has_an_end(path: Path) -> None:
    """Who waits too long goes without, and leaves the name with its holder."""
    locks = NameLocks(path)
    locks.take("a")
    with pytest.raises(TimeoutError):
        await locks.wait_for("a", longest=0.01)
    assert not locks.take("a")
    locks.close()
