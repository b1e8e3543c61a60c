"""proxy/collection.py: the collector rests while modules are imported, and leaves alone what a start has made."""

import gc
from collections.abc import Iterator

import pytest

from proxy import collection


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.enable()
    gc.set_threshold(*threshold)


def test_nothing_is_collected_inside() -> None:
    """And again afterwards, even if an import fails."""
    with pytest.raises(ImportError), collection.paused():
        _fail_while_off()
    assert gc.isenabled()


def _fail_while_off() -> None:
    assert not gc.isenabled()
    raise ImportError


def test_who_switched_it_off_finds_it_off() -> None:
    """The caller's own choice stays."""
    gc.disable()
    with collection.paused():
        pass
    assert not gc.isenabled()


def test_what_was_made_inside_is_left_alone() -> None:
    """Else the first collections after it would go through all of that, which takes longer than the pause saved."""
    with collection.paused():
        kept = [[] for _ in range(10)]
    assert not any(thing is kept for thing in gc.get_objects())


def test_what_exists_is_left_alone() -> None:
    """A full collection does not go through it any more."""
    kept = [[] for _ in range(10)]
    before = gc.get_threshold()[0]
    collection.settle()
    assert gc.get_threshold()[0] > before
    assert gc.get_freeze_count() > 10
    assert not any(thing is kept for thing in gc.get_objects())
