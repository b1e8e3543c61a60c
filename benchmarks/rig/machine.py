"""What the figures depend on: the machine, the versions, and who else was at work."""

import os
import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.rig.processes import TICK

PACKAGES = ("uvicorn", "uvloop", "aiohttp", "orjson", "pydantic")


def described() -> dict[str, str | int | float]:
    """This machine, now."""
    found = re.search(r"model name\s*:\s*(.+)", _read("/proc/cpuinfo"))
    return {
        "measured": datetime.now(UTC).date().isoformat(),
        "processor": found[1] if found else platform.machine(),
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        **{package: _version(package) for package in PACKAGES},
    }


class Neighbours:
    """How much of the machine others used, and the hypervisor took, between `Neighbours()` and `described()`."""

    def __init__(self) -> None:
        self._before = _jiffies()
        self._own = _own_ticks()

    def described(self) -> Mapping[str, float]:
        """Cores' worth of work that was neither idle nor of this process and those it waited for; stolen time."""
        now = _jiffies()
        passed = [after - before for after, before in zip(now, self._before, strict=True)]
        seconds = sum(passed) / (os.cpu_count() or 1) or 1
        busy = sum(passed) - passed[3] - passed[4]
        own = _own_ticks() - self._own
        return {
            "cores others used": round(max(busy - own, 0) / seconds, 2),
            "cores stolen": round(passed[7] / seconds, 3),
        }


def _own_ticks() -> float:
    times = os.times()
    return (times.user + times.system + times.children_user + times.children_system) * TICK


def _jiffies() -> list[int]:
    fields = _read("/proc/stat").partition("\n")[0].split()[1:9]
    return [int(field) for field in fields] if fields else [0] * 8


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
