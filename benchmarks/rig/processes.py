"""A program that is measured from outside, through /proc (Linux)."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.rig.pinning import pinned

TICK = os.sysconf("SC_CLK_TCK")
START_PATIENCE = 60.0
LISTENS = re.compile(rb"listens on (?:\w+://[\w.]+:)?(\d+)")


class DidNotStart(Exception):
    """The program ended, or did not say where it listens; the message has what it wrote."""


class Process:
    """A running server and the processes it started."""

    def __init__(self, pid: int, port: int, start_seconds: float, log: Path) -> None:
        self.pid = pid
        self.port = port
        self.start_seconds = start_seconds
        """From the start until it said that it listens."""
        self.log = log

    def family(self) -> list[int]:
        """Its own id and those of its children, their children, and so on."""
        found = [self.pid]
        for pid in found:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found.extend(int(child) for child in _text(children).split())
        return found

    def cpu_seconds(self) -> float:
        """Processor time of the family so far, user and system."""
        total = 0.0
        for pid in self.family():
            fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / TICK if fields else 0.0
        return total

    def resident_mb(self) -> float:
        """Resident memory of the family, MB (10^6); shared pages count in each process."""
        return self._status("VmRSS")

    def peak_mb(self) -> float:
        """The most there was resident since the start or `forget_peak`."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        """Begin to look for the peak anew (clear_refs 5, proc(5))."""
        for pid in self.family():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def _status(self, name: str) -> float:
        found = [re.search(rf"{name}:\s+(\d+) kB", _text(Path(f"/proc/{pid}/status"))) for pid in self.family()]
        return sum(int(match[1]) for match in found if match) * 1024 / 1e6


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _port_said(log: Path) -> int | None:
    found = LISTENS.search(log.read_bytes())
    return int(found[1]) if found else None


def _open(port: int) -> int | None:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return port
    except OSError:
        return None


@contextmanager
def running(
    command: Sequence[str],
    *,
    cores: frozenset[int],
    log: Path,
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Iterator[Process]:
    """A server on some cores, once it says `listens on ...`; stopped at the end. Raises DidNotStart.

    One that says nothing of the kind is told its port, and is there when it takes connections.
    """
    with log.open("wb") as output, pinned(cores):
        began = time.monotonic()
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}
        )
    try:
        while (found := _port_said(log) if port is None else _open(port)) is None:
            if process.poll() is not None or time.monotonic() - began > START_PATIENCE:
                raise DidNotStart(f"{' '.join(command)}\n{log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.005)
        yield Process(process.pid, found, time.monotonic() - began, log)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
