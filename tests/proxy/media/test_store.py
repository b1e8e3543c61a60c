"""proxy/media/store.py: whole or not at all, under names nobody guesses, within its limits."""

import asyncio
import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from proxy.media.folder import MediaFolder
from proxy.media.part_file import PartFile
from proxy.media.store import MediaStore, unguessable_name
from proxy.media.stored import MediaDamaged, MediaMissing, MediaStoreFull
from proxy.metrics.tally import Tallies

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def put(store: MediaStore, content: bytes, **metadata: str) -> str:
    async with store.writing(suffix=".mp4", metadata=metadata) as writer:
        await writer.write(content)
    return writer.stored.name


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def make_older(folder: Path, name: str, age: timedelta) -> None:
    moment = (datetime.now(UTC) - age).timestamp()
    os.utime(folder / name, (moment, moment))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "media"


async def test_what_is_stored_is_counted(folder: Path) -> None:
    """Whole media, once they are there; nothing of one that failed."""
    tallies = Tallies()
    store = MediaStore(folder, tallies=tallies)
    await put(store, bytes(1000))
    await put(store, bytes(234))

    async def broken() -> None:
        async with store.writing(suffix=".mp4") as writer:
            await writer.write(bytes(5000))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken()
    assert tallies.media_stored_bytes == 1234


async def test_what_is_written_is_what_is_read(folder: Path) -> None:
    """Chunks of any size and type end up, in order, in one file whose size, hash, type and time are told."""
    store = MediaStore(folder, now=lambda: NOON)
    chunks = [b"a", bytes(3 << 20), bytearray(b"bc"), memoryview(b"d"), b""]
    async with store.writing(suffix=".mp4", metadata={"prompt": "a cat", "cost": 0.4}) as writer:
        for chunk in chunks:
            await writer.write(chunk)
    content = b"".join(chunks)
    file = await store.open(writer.name)
    assert file.path.read_bytes() == content
    assert file.media == writer.stored
    assert (file.media.size, file.media.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (file.media.mime_type, file.media.created_at) == ("video/mp4", NOON)
    assert datetime.fromtimestamp(file.path.stat().st_mtime, UTC) == NOON
    assert await store.metadata(writer.name) == {"prompt": "a cat", "cost": 0.4}
    assert files(folder) == [writer.name, writer.name + ".json"]


async def test_a_reused_buffer_does_not_change_what_was_written(folder: Path) -> None:
    """A reader may fill the same bytearray again before the batch reaches the disk."""
    store = MediaStore(folder)
    buffer = bytearray(b"one")
    async with store.writing(suffix=".png") as writer:
        await writer.write(buffer)
        buffer[:] = b"two"
        await writer.write(buffer)
    assert (await store.open(writer.name)).path.read_bytes() == b"onetwo"


async def test_the_result_is_not_to_be_had_before_it_is_true(folder: Path) -> None:
    """Inside the block there is no StoredMedia yet, and nothing under the final name."""
    store = MediaStore(folder)
    async with store.writing(suffix=".mp4") as writer:
        await writer.write(bytes(2 << 20))
        assert files(folder) == [writer.name + ".part"]
        with pytest.raises(RuntimeError):
            _ = writer.stored
        with pytest.raises(MediaMissing):
            await store.open(writer.name)


@pytest.mark.parametrize("size", [0, 10, 2 << 20])
async def test_a_failed_download_leaves_nothing(folder: Path, size: int) -> None:
    """An exception inside the block removes the part, whether or not it had reached the disk."""

    async def broken_download() -> None:
        async with MediaStore(folder).writing(suffix=".mp4") as writer:
            await writer.write(bytes(size))
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await broken_download()
    assert files(folder) == []


@pytest.mark.parametrize("stage", ["append", "make_durable", "publish"])
async def test_a_cancelled_download_leaves_nothing(folder: Path, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelled while a thread is at work on the file, in each of its steps, the file is gone when the task is."""
    entered, go_on = threading.Event(), threading.Event()
    original = getattr(PartFile, stage)

    def slow(part: PartFile, *args: object, **kwargs: object) -> None:
        entered.set()
        go_on.wait(10)
        original(part, *args, **kwargs)

    monkeypatch.setattr(PartFile, stage, slow)
    task = asyncio.create_task(put(MediaStore(folder), bytes(2 << 20)))
    await asyncio.to_thread(entered.wait, 10)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert files(folder) == []


async def test_a_full_disk_is_an_error_and_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An OSError from fsync reaches the caller, who must not believe in the file."""

    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("proxy.media.part_file.os.fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        await put(MediaStore(folder), b"x")
    assert files(folder) == []


def test_a_killed_process_leaves_only_parts_that_a_sweep_removes(folder: Path) -> None:
    """After SIGKILL in the middle of a write there is one `.part`; an hour later a sweep takes it."""
    script = f"""
import asyncio, os, signal
from pathlib import Path
from proxy.media.folder import MediaFolder
from proxy.media.part_file import PartFile
from proxy.media.store import MediaStore
async def main():
    async with MediaStore(Path({str(folder)!r})).writing(suffix=".mp4") as writer:
        await writer.write(bytes(2 << 20))
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    died = subprocess.run([sys.executable, "-c", script], check=False)
    assert died.returncode == -signal.SIGKILL
    (left,) = files(folder)
    assert left.endswith(".mp4.part")
    store = MediaStore(folder)
    assert asyncio.run(store.sweep(datetime.now(UTC))).leftovers == (), "its writer may still be alive"
    swept = asyncio.run(store.sweep(datetime.now(UTC) + timedelta(hours=2)))
    assert (swept.leftovers, swept.freed, files(folder)) == ((left,), 2 << 20, [])


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".mp4",
        "short.mp4",
        "../" + "a" * 32 + ".mp4",
        "/etc/passwd",
        "a" * 32,
        "a" * 32 + ".mp4.json",
        "a" * 32 + ".mp4.part",
        "a" * 32 + ".mp4\n",
        "a" * 32 + ".sh",
        "a" * 200 + ".mp4",
        "a" * 20 + "%2e%2e%2f" + ".mp4",
        "é" * 32 + ".mp4",
    ],
)
async def test_no_other_file_can_be_named(folder: Path, name: str) -> None:
    """Anything that is not exactly a name of ours is missing, whatever lies there."""
    store = MediaStore(folder)
    for operation in (store.open, store.delete, store.metadata):
        with pytest.raises(MediaMissing):
            await operation(name)


def test_names_are_unguessable() -> None:
    """Our names carry at least 128 bits and differ."""
    names = {unguessable_name() for _ in range(100)}
    assert len(names) == 100
    assert min(map(len, names)) * 6 >= 128


@pytest.mark.parametrize(("name", "suffix"), [("short", ".mp4"), ("a" * 32, ".exe"), ("../" + "a" * 32, ".mp4")])
async def test_a_poor_name_or_unknown_suffix_is_refused(folder: Path, name: str, suffix: str) -> None:
    """A source of guessable names, or a type we do not serve, is a bug of the caller's."""
    with pytest.raises(ValueError, match="unguessable"):
        async with MediaStore(folder, new_name=lambda: name).writing(suffix=suffix):
            pass


async def test_a_name_that_comes_twice_never_overwrites(folder: Path) -> None:
    """The second writer fails, and the first one's medium and record are untouched."""
    names = itertools.chain(["a" * 32, "b" * 32], itertools.repeat("a" * 32))
    store = MediaStore(folder, new_name=lambda: next(names))
    name = await put(store, b"paid for", prompt="p")
    with pytest.raises(FileExistsError):
        await put(store, b"other")
    assert (await store.open(name)).path.read_bytes() == b"paid for"
    assert await store.metadata(name) == {"prompt": "p"}


async def test_two_writers_of_one_name_at_once(folder: Path) -> None:
    """The second finds the first one's part and leaves it alone."""
    first, second = (MediaStore(folder, new_name=lambda: "c" * 32) for _ in range(2))
    async with first.writing(suffix=".mp4") as writer:
        await writer.write(bytes(2 << 20))
        with pytest.raises(FileExistsError):
            await put(second, bytes(2 << 20))
        # the sidecar's temporary name must be free: it is another file than the medium's part
        assert files(folder) == ["c" * 32 + ".mp4.part"]
    assert (await second.open(writer.name)).media.size == 2 << 20


async def test_annotating_replaces_the_metadata_and_nothing_else(folder: Path) -> None:
    """The hash and the time stay; the record is JSON that a person can read."""
    store = MediaStore(folder, now=lambda: NOON)
    name = await put(store, b"x", prompt="p")
    before = await store.open(name)
    await store.annotate(name, {"cost": 3.2, "remote": {"uri": "gs://b/o"}})
    assert await store.open(name) == before
    record = json.loads((folder / f"{name}.json").read_bytes())
    assert record["metadata"] == {"cost": 3.2, "remote": {"uri": "gs://b/o"}}
    assert record["sha256"] == before.media.sha256


@pytest.mark.parametrize("record", [None, b"", b"{}", b"not json"])
async def test_a_medium_outlives_its_record(folder: Path, record: bytes | None) -> None:
    """A missing or broken sidecar is rebuilt from the medium."""
    store = MediaStore(folder, now=lambda: NOON)
    name = await put(store, b"x" * 5)
    expected = await store.open(name)
    sidecar = folder / f"{name}.json"
    sidecar.unlink() if record is None else sidecar.write_bytes(record)
    assert await store.open(name) == expected
    assert sidecar.exists()


async def test_a_truncated_medium_is_not_served(folder: Path) -> None:
    """A file shorter than its record is an error, not a shorter video."""
    store = MediaStore(folder)
    name = await put(store, b"12345")
    os.truncate(folder / name, 3)
    with pytest.raises(MediaDamaged):
        await store.open(name)


async def test_delete_removes_both_files_and_says_if_there_were_any(folder: Path) -> None:
    """Deleting twice is no error."""
    store = MediaStore(folder)
    name = await put(store, b"x")
    assert await store.delete(name) is True
    assert files(folder) == []
    assert await store.delete(name) is False


async def test_the_quota_is_asked_before_the_first_byte(folder: Path) -> None:
    """A full store refuses a new medium, says the numbers, and has written nothing."""
    store = MediaStore(folder, max_bytes=3000)
    await put(store, bytes(2000))
    with pytest.raises(MediaStoreFull) as caught:
        async with store.writing(suffix=".mp4", expected_size=2000):
            pytest.fail("the block must not be entered")
    assert (caught.value.wanted, caught.value.max_bytes) == (2000, 3000)
    assert caught.value.used >= 2000
    assert len(files(folder)) == 2


async def test_a_paid_medium_on_its_way_is_never_cut_off_by_the_quota(folder: Path) -> None:
    """What turns out larger than expected is kept; only the next one is refused."""
    store = MediaStore(folder, max_bytes=3000)
    name = await put(store, bytes(9000))
    assert (await store.open(name)).media.size == 9000
    with pytest.raises(MediaStoreFull):
        await store.require_room()


async def test_a_sweep_removes_what_is_too_old_but_not_what_is_kept(folder: Path) -> None:
    """Retention counts from the time a medium was made; `keep` and foreign files stay."""
    store = MediaStore(folder, retention=timedelta(days=7))
    old, kept, young = [await put(store, bytes(10)) for _ in range(3)]
    for name in (old, kept):
        make_older(folder, name, timedelta(days=8))
    (folder / "notes.json").write_text("a person's")
    make_older(folder, "notes.json", timedelta(days=8))
    swept = await store.sweep(datetime.now(UTC), keep=[kept])
    assert (swept.names, swept.freed, swept.over_quota) == ((old,), 10, 0)
    assert files(folder) == sorted([kept, kept + ".json", young, young + ".json", "notes.json"])


async def test_a_sweep_removes_a_lone_record(folder: Path) -> None:
    """A crash between a record and its medium leaves a sidecar; later it goes."""
    store = MediaStore(folder)
    name = await put(store, b"x")
    (folder / name).unlink()
    assert (await store.sweep(datetime.now(UTC))).leftovers == ()
    make_older(folder, f"{name}.json", timedelta(hours=2))
    assert (await store.sweep(datetime.now(UTC))).leftovers == (f"{name}.json",)
    assert files(folder) == []


async def test_many_writers_and_sweepers_on_one_folder(folder: Path) -> None:
    """Stores that share only the folder do not harm each other's media."""
    stores = [MediaStore(folder, max_bytes=10_000_000) for _ in range(4)]
    names, *_ = await asyncio.gather(
        asyncio.gather(*(put(store, bytes([index]) * 1000) for index in range(10) for store in stores)),
        *(store.sweep(datetime.now(UTC)) for store in stores),
    )
    assert len(set(names)) == 40
    for name in names:
        assert (await stores[0].open(name)).media.size == 1000


async def test_a_large_medium_costs_a_few_chunks_of_memory(folder: Path) -> None:
    """64 MB written in 64 KiB chunks peak below 4 MB."""
    store = MediaStore(folder)
    chunk = bytes(64 << 10)
    await put(store, b"warm up")
    tracemalloc.start()
    try:
        async with store.writing(suffix=".mp4") as writer:
            for _ in range(1024):
                await writer.write(chunk)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert writer.stored.size == 64 << 20
    assert peak < 4 << 20


async def test_a_record_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A player asks for a file again and again; that it is still there is looked at every time."""
    store, other = MediaStore(folder), MediaStore(folder)
    name = await put(store, b"x")
    expected = await store.open(name)
    with monkeypatch.context() as patched:
        patched.setattr(MediaFolder, "read", None)
        assert await store.open(name) == expected
    await other.delete(name)
    with pytest.raises(MediaMissing):
        await store.open(name)


async def test_another_file_of_the_same_name_has_its_own_record(folder: Path) -> None:
    """Whatever took the place of a medium, nothing known of the one before is said of it."""
    store, other = MediaStore(folder), MediaStore(folder)
    name = await put(store, b"x")
    before = (await store.open(name)).media.sha256
    (folder / f"{name}.json").unlink()
    (folder / name).unlink()
    (folder / name).write_bytes(b"y")
    assert (await store.open(name)).media.sha256 == hashlib.sha256(b"y").hexdigest() != before
    assert await other.open(name) == await store.open(name)
