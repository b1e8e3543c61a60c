"""Where large bodies find their memory: in what earlier ones have given back, and only then with the kernel.

By itself glibc takes each block of some size from the kernel and returns it at once. The kernel gives pages out empty
and one by one, which takes 0.4 ms for each megabyte: copying a picture of 20 MB holds the event loop for 8 ms, and for
2 where the memory was in use before (mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD; `benchmarks`, workload held).
"""

import ctypes
import os
from collections.abc import Callable, Mapping
from typing import Final

KEPT: Final = 64 << 20
"""Bytes at the end of the heap that are kept although nobody uses them; what is beyond goes back."""
LARGEST: Final = 32 << 20
"""Bytes of a block that comes from the heap; glibc allows no more."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_CHOSEN: Final = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")

SetOption = Callable[[int, int], int]


def keep_freed_memory(environment: Mapping[str, str] = os.environ, set_option: SetOption | None = None) -> bool:
    """Have freed memory kept for the next body; whether it will be.

    Not where the C library is another than glibc, nor where the operator has told it otherwise.
    """
    chosen = set_option or _mallopt()
    if chosen is None or any(name in environment for name in _CHOSEN):
        return False
    return bool(chosen(_M_MMAP_THRESHOLD, LARGEST) and chosen(_M_TRIM_THRESHOLD, KEPT))


def _mallopt() -> SetOption | None:
    try:
        option: SetOption = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):  # musl has none, and elsewhere there is no library without a name
        return None
    return option
