"""proxy/allocator.py: freed memory stays for the next large body, where the C library can be told so."""

import os
import subprocess
import sys

import pytest

from proxy.allocator import KEPT, LARGEST, keep_freed_memory

PROGRAM = """
import sys
from proxy.allocator import keep_freed_memory
if sys.argv[1] == "kept" and not keep_freed_memory({}):
    sys.exit("not glibc")
body = b"x" * 20_000_000
del body
with open("/proc/self/statm") as told:
    print(int(told.read().split()[1]) * 4096)
"""


def resident(how: str) -> int:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, env=environment, check=False
    )
    if ran.stderr == "not glibc\n":
        pytest.skip("another C library")
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_a_large_body_gave_back_is_kept() -> None:
    """Otherwise the next one would get it from the kernel again, page by page."""
    assert resident("kept") - resident("returned") > 15_000_000


def test_both_limits_are_set() -> None:
    """Where blocks come from, and how much stays."""
    told: list[tuple[int, int]] = []
    assert keep_freed_memory({}, lambda *option: told.append(option) or 1)
    assert told == [(-3, LARGEST), (-1, KEPT)]


@pytest.mark.parametrize("name", ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"])
def test_what_the_operator_chose_stays(name: str) -> None:
    """They know why."""
    assert not keep_freed_memory({name: "1"}, lambda *_: pytest.fail("nothing may be set"))


def test_a_refusal_is_told() -> None:
    """mallopt answers 0 for what it does not take."""
    assert not keep_freed_memory({}, lambda *_: 0)
