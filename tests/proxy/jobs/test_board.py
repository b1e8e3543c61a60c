"""Who waits is woken, and nobody is forgotten or kept."""

from proxy.jobs.board import Board


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
