"""Media inside the process, without a server: to disk, to base64 and out of it, beside what the codecs can do at best.

Memory is asserted in the tests; here are megabytes (10^6) a second, of base64 text where there is any.
"""

import asyncio
import binascii
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.rig.pinning import pinned
from benchmarks.rig.rig import Rig
from benchmarks.rig.tables import Column, Row, Table
from proxy.media.base64_stream import encoded_file, encoded_length
from proxy.media.file_reading import reading
from proxy.media.json_base64 import cut_base64
from proxy.media.store import MediaStore
from proxy.media.stored import StoredFile

CHUNK = 64 << 10
Work = Callable[[], Awaitable[int]]
"""Does it once and returns how many bytes it went through."""


def measure(rig: Rig) -> list[Table]:
    """Each step by itself, several times."""
    size = (1 if rig.options.quick else 100) * 1_000_000 // 3 * 3
    with pinned(rig.cores.product):
        rows = asyncio.run(_all(rig.new_folder(), size, rig.options.rounds))
    return [
        Table(
            title="Media inside the process",
            note=f"{size / 1e6:g} MB of noise, single thread; the store writes, hashes and syncs. Google's answers "
            "come in pieces of 16 to 256 KiB, depending on the connection.",
            columns={
                "what": Column(title="what"),
                "wall": Column(title="MB/s", format="count"),
                "cpu": Column(title="CPU ms a MB", format="ms"),
            },
            rows=rows,
        )
    ]


async def _all(folder: Path, size: int, rounds: int) -> list[Row]:
    content = os.urandom(size)
    encoded = binascii.b2a_base64(content, newline=False)
    store = MediaStore(folder)
    async with store.writing(suffix=".mp4") as writer:
        await writer.write(content)
    file = await store.open(writer.name)
    plain = b'{"response":{"videos":[{"bytesBase64Encoded":"' + encoded + b'"}]}}'
    escaped, url_safe = plain.replace(b"/", b"\\/"), plain.translate(bytes.maketrans(b"+/", b"-_"))
    works: dict[str, Work] = {
        "store: write, hash, sync": lambda: _write(store, content),
        "file -> base64": lambda: _encode(file),
        "limit: binascii.a2b_base64, strict": lambda: _decode(encoded),
        **{
            f"JSON -> files, {chunk >> 10} KiB pieces": partial(_cut, plain, chunk)
            for chunk in (16 << 10, 64 << 10, 256 << 10)
        },
        "JSON -> files, every slash escaped": lambda: _cut(escaped, CHUNK),
        "JSON -> files, URL-safe alphabet": lambda: _cut(url_safe, CHUNK),
    }
    return [await _row(name, work, rounds) for name, work in works.items()]


async def _row(name: str, work: Work, rounds: int) -> Row:
    found = []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        passed = await work()
        found.append(((time.perf_counter() - wall) / passed * 1e6, (time.process_time() - cpu) / passed * 1e9))
    return {"what": name, "wall": 1 / median(wall for wall, _ in found), "cpu": median(cpu for _, cpu in found)}


async def _write(store: MediaStore, content: bytes) -> int:
    async with store.writing(suffix=".mp4") as writer:
        for start in range(0, len(content), CHUNK):
            await writer.write(content[start : start + CHUNK])
    return len(content)


async def _encode(file: StoredFile) -> int:
    async with reading(file) as handle:
        async for _ in encoded_file(handle, file.media.size):
            pass
    return encoded_length(file.media.size)


async def _decode(encoded: bytes) -> int:
    for start in range(0, len(encoded), CHUNK):
        binascii.a2b_base64(encoded[start : start + CHUNK], strict_mode=True)
    return len(encoded)


async def _cut(body: bytes, chunk_size: int) -> int:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), chunk_size):
            yield body[start : start + chunk_size]

    async def sink(_number: int, _data: bytes) -> None:
        return

    await cut_base64(chunks(), sink)
    return len(body)
