"""When Python's garbage collector runs: not while modules are imported, and not over what they made.

Importing this program makes a few hundred thousand objects that live as long as it does. Going through them again and
again takes a tenth of the start, and later a pause of 30 ms for everyone, each time a full collection is due.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLD: Final = 10_000
"""New containers between two looks at the youngest (Python's own: 700)."""


@contextmanager
def paused() -> Iterator[None]:
    """No collection inside; after it as before, but for what exists by then: that is left alone.

    To a collector that has rested all of it is young. Its first two collections, in the middle of the start, would go
    through every object and find nothing: 0.1 s.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def settle() -> None:
    """Leave what exists now out of all later collections, and collect more seldom. For a server that has started.

    A request makes a thousand containers and no cycle of them: looking for cycles is seldom worth it. What the imports
    left unused stays too: finding it takes 80 ms, and it is two thousand objects.
    """
    gc.freeze()
    gc.set_threshold(_THRESHOLD, *gc.get_threshold()[1:])
