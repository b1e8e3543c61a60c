"""`mediashim serve` in a process that is made to be killed.

It is the program itself, by its own entry point, with its own configuration file. What differs is done here and not in
the program: crossings are counted, the simulator stands for Cloud Storage too (its host is not configurable), and the
clocks that only mean waiting are short.
"""

import ctypes
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.kills.crossings import Crossing, Crossings, install

LEASE_SECONDS = 2.0
BEAT_SECONDS = 0.4
LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How one victim is to run."""

    config: Path
    storage_base_url: str
    log: Path
    diary: Path | None = None
    deadly: Crossing | None = None


def run(order: Order) -> None:
    """Serve until killed."""
    _die_with_the_test()
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    _shorten_waiting()
    _stand_for_cloud_storage(order.storage_base_url)
    install(Crossings(deadly=order.deadly, diary=order.diary))
    from proxy.__main__ import main

    sys.exit(main(["serve", "--config", str(order.config)]))


def _die_with_the_test() -> None:
    """Linux, prctl(2): a signal for this process when the one that forked it ends."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def _shorten_waiting() -> None:
    from datetime import timedelta

    from proxy.jobs import desk, dispatcher, look, room, runner, submit

    lease = timedelta(seconds=LEASE_SECONDS)
    for module in (desk, dispatcher, room):
        module.LEASE = lease  # type: ignore[attr-defined]
    for module in (runner, submit):
        module.UPLOAD_HOLD = lease  # type: ignore[attr-defined]
    dispatcher.BEAT_EVERY = BEAT_SECONDS
    dispatcher.IDLE_LOOK = BEAT_SECONDS
    look.LOOK_EVERY = LOOK_SECONDS


def _stand_for_cloud_storage(base_url: str) -> None:
    from proxy.app import Surroundings
    from proxy.cli import serve

    @asynccontextmanager
    async def surroundings(*, simulate: bool, latency: float) -> AsyncIterator[Surroundings]:
        yield Surroundings(storage_base_url=base_url)

    serve._surroundings = surroundings  # type: ignore[assignment]
