"""Who waits is woken, and nobody is forgotten or kept."""

import asyncio

from proxy.jobs.board import Board, FutureBell


async def test_a_change_wakes_those_who_wait_for_it() -> None:
    """All of them, and no others."""
    board = Board()
    with board.subscribe("a") as one, board.subscribe("a") as two, board.subscribe("b") as other:
        board.notify("a")
        board.notify("nobody waits for this")
        assert (one.is_set(), two.is_set(), other.is_set()) == (True, True, False)
        board.notify_all()
        assert other.is_set()


async def test_nothing_is_left_behind() -> None:
    """A subscription ends with its block."""
    board = Board()
    with board.subscribe("a"):
        assert board.watched() == ["a"]
    assert board.watched() == []
    board.notify_all()


async def test_waiting_ends_with_a_change_or_with_patience() -> None:
    """And says which it was; a change that came before is not waited for."""
    board = Board()
    with board.subscribe("a") as changes:
        assert not await changes.wait(0.001)
        waiting = asyncio.create_task(changes.wait())
        await asyncio.sleep(0)
        board.notify("a")
        board.notify("a")
        assert await waiting
        assert await changes.wait()
        changes.clear()
        assert not await changes.wait(0.001)


async def test_one_who_gives_up_waiting_leaves_the_others() -> None:
    """Cancelling one waits on nobody."""
    board = Board()
    with board.subscribe("a") as other:
        with board.subscribe("a") as changes:
            waiting = asyncio.create_task(changes.wait(60))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        board.notify("a")
        assert (changes.is_set(), other.is_set()) == (False, True)
    assert board.watched_of(["a", "b"]) == []


async def test_a_bell_may_be_brought() -> None:
    """It rings as the board's own do, as long as the block lasts."""
    board, bell = Board(), FutureBell()
    with board.subscribe("a", bell) as hung:
        assert hung is bell
        board.notify("a")
        assert bell.is_set()
        bell.clear()
    board.notify("a")
    assert not bell.is_set()
