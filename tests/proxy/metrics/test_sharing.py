"""Files of workers: written when something changed, added by whoever is asked, and kept of the dead."""

import asyncio
import os
from pathlib import Path

import pytest

from proxy.metrics import table
from proxy.metrics.sharing import Sharing
from proxy.metrics.snapshot import Snapshot, snapshot_of
from proxy.metrics.tally import Tallies


def counting(number: int) -> Snapshot:
    tallies = Tallies()
    tallies.joins["gemini", "m"] += number
    tallies.http_in_progress = number
    return snapshot_of(tallies, {})


def joins(snapshot: Snapshot) -> float:
    return dict(snapshot.counters[table.JOINS])["gemini", "m"]


async def test_workers_read_each_other(tmp_path: Path) -> None:
    """All but their own; with the number of the process."""
    one, two = (Sharing(tmp_path, name, lambda _: True) for name in ("one", "two"))
    assert await one.publish(lambda: counting(1)) == counting(1)
    await two.publish(lambda: counting(2))

    [seen] = await one.others()
    assert (seen.pid, joins(seen.snapshot)) == (os.getpid(), 2)
    assert dict(seen.snapshot.gauges[table.HTTP_IN_PROGRESS]) == {(): 2}


async def test_what_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    """The file stays the same one."""
    sharing = Sharing(tmp_path, "one", lambda _: True)
    await sharing.publish(lambda: counting(1))
    before = (tmp_path / "one.json").stat()
    await sharing.publish(lambda: counting(1))
    assert (tmp_path / "one.json").stat().st_ino == before.st_ino
    await sharing.publish(lambda: counting(2))
    assert (tmp_path / "one.json").stat().st_ino != before.st_ino
    assert not list(tmp_path.rglob("*.part"))  # noqa: ASYNC240 - a test's own folder


async def test_the_dead_stay_in_the_sum(tmp_path: Path) -> None:
    """Their counts; nothing of theirs is in progress, and their process has no metrics."""
    await Sharing(tmp_path, "dead", lambda _: True).publish(lambda: counting(3))
    [left] = await Sharing(tmp_path, "one", lambda name: name != "dead").others()
    assert (left.pid, joins(left.snapshot), left.snapshot.gauges) == (0, 3, {})


@pytest.mark.parametrize("content", [b"", b"{", b'{"pid": 1, "snapshot": {"counters": [1]}}'])
async def test_a_file_that_makes_no_sense_is_left_out(tmp_path: Path, content: bytes, caplog) -> None:
    """And named in the log, without its content."""
    (tmp_path / "odd.json").write_bytes(content)
    [odd] = await Sharing(tmp_path, "one", lambda _: True).others()
    assert odd.snapshot == Snapshot()
    assert "odd.json" in caplog.text


async def test_a_full_disk_fails_nobody(tmp_path: Path, caplog) -> None:
    """Whoever asks still gets what is known here."""
    sharing = Sharing(tmp_path / "missing", "one", lambda _: True)
    assert joins(await sharing.publish(lambda: counting(1))) == 1
    assert "cannot be written" in caplog.text


async def test_an_overtaken_thread_does_not_bring_back_the_past(tmp_path: Path) -> None:
    """The newest counts stay, in whatever order the threads get to write."""
    sharing = Sharing(tmp_path, "one", lambda _: True)
    await sharing.publish(lambda: counting(5))
    await asyncio.to_thread(sharing._write, b"the past", 0)
    [seen] = await Sharing(tmp_path, "two", lambda _: True).others()
    assert joins(seen.snapshot) == 5
