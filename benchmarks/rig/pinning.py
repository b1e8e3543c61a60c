"""Which process runs on which core: what is measured has one for itself, so that its figures are per core."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cores:
    """Core numbers. On a machine of two, callers and upstream share the one that the product has not."""

    product: frozenset[int]
    callers: frozenset[int]
    upstream: frozenset[int]

    @classmethod
    def of(cls, usable: set[int], workers: int = 1) -> "Cores":
        """The first `workers` cores for the product, then one each for callers and upstream, if there are."""
        order = sorted(usable)
        product, rest = order[:workers], order[workers:] or order
        return cls(
            product=frozenset(product),
            callers=frozenset(rest[:1]),
            upstream=frozenset(rest[1:2] or rest[:1]),
        )


def usable_cores() -> set[int]:
    """The cores that this process may use; where the system does not say, those that there are."""
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


@contextmanager
def pinned(cores: frozenset[int]) -> Iterator[None]:
    """What is started within stays on these cores, with all its threads; no effect where the system cannot."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
