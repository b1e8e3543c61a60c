"""What this machine can do at best with the bytes of a video: what no server in Python gets past."""

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from statistics import median

from benchmarks.rig.pinning import pinned
from benchmarks.rig.tables import Column, Row, Table

SLICE = 3 << 16
"""Bytes at a time, as the product reads files."""
READER = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
    buffer = bytearray(1 << 20)
    while connection.recv_into(buffer):
        pass
"""


def limits(core: frozenset[int], other: frozenset[int], *, megabytes: int, rounds: int = 3) -> Table:
    """Encoders and the loopback on one core; the reader of the loopback is on another."""
    content = os.urandom(SLICE)
    slices = megabytes * 1_000_000 // SLICE

    def encoding(encode: Callable[[bytes], bytes]) -> Callable[[], tuple[float, float]]:
        return lambda: _timed(encode, content, slices)

    works = {"binascii.b2a_base64": encoding(base64.b64encode)}
    if find_spec("pybase64"):
        works["pybase64.b64encode"] = encoding(import_module("pybase64").b64encode)
    works["loopback: socket.sendall"] = lambda: _sent(content, slices, other)
    rows: list[Row] = []
    with pinned(core):
        for name, work in works.items():
            found = [work() for _ in range(rounds)]
            passed = slices * SLICE / 1e6
            rows.append(
                {
                    "what": name,
                    "wall": passed / median(wall for wall, _ in found),
                    "cpu": 1000 * median(cpu for _, cpu in found) / passed,
                }
            )
    return Table(
        title="Limits of this machine",
        note=f"Slices of {SLICE >> 10} KiB, single thread, the bytes that go in. Measured in the same run.",
        columns={
            "what": Column(title="what"),
            "wall": Column(title="MB/s", format="count"),
            "cpu": Column(title="CPU ms a MB", format="ms"),
        },
        rows=rows,
    )


def _timed(take: Callable[[bytes], object], content: bytes, slices: int) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(slices):
        take(content)
    return time.perf_counter() - wall, time.process_time() - cpu


def _sent(content: bytes, slices: int, other: frozenset[int]) -> tuple[float, float]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with pinned(other):
            reader = subprocess.Popen([sys.executable, "-c", READER, str(listener.getsockname()[1])])
        connection, _ = listener.accept()
        with connection:
            found = _timed(connection.sendall, content, slices)
        reader.wait()
        return found
