"""A test fails where code of the proxy's own blocks the event loop: one caller's disk must not hold up the others."""

from collections.abc import Iterator
from contextlib import contextmanager

from blockbuster import BlockBuster

STARTING = (
    # Before the first request there is nobody to hold up: the ledger is opened and migrated, the owner's lock taken,
    # credential files read.
    ("proxy/app.py", "create_app"),
    ("proxy/app.py", "_open"),
    ("proxy/jobs/room.py", "open_jobs_room"),
    ("proxy/wiring.py", "entries_of"),
)


@contextmanager
def nothing_blocks() -> Iterator[None]:
    """While this lasts, a blocking call from a coroutine of `proxy` raises BlockingError."""
    guard = BlockBuster("proxy", excluded_modules=["proxy.simulator"])
    for function in guard.functions.values():
        for file, name in STARTING:
            function.can_block_in(file, {name})
    guard.activate()
    try:
        yield
    finally:
        guard.deactivate()
