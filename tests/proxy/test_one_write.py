"""proxy/one_write.py: a head waits for what follows it in the same turn of the loop, and for nothing else."""

import asyncio
from typing import Any

import pytest

from proxy.one_write import SMALL, HeadWithBody

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


class Wire:
    """A transport that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[bytes | str] = []
        self.mark = "its own"

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def close(self) -> None:
        self.told.append("closed")


@pytest.fixture
async def wired() -> tuple[Wire, Any]:
    """A transport, and one that holds heads back before it."""
    wire = Wire()
    return wire, HeadWithBody(wire, asyncio.get_running_loop())


async def test_head_and_body_are_one_write(wired: tuple[Wire, Any]) -> None:
    """And what follows them goes as it comes."""
    wire, transport = wired
    transport.write(HEAD)
    assert wire.told == []
    transport.write(b"ok")
    transport.write(b"more")
    assert wire.told == [HEAD + b"ok", b"more"]
    await asyncio.sleep(0)
    assert wire.told == [HEAD + b"ok", b"more"]


async def test_a_large_body_is_not_copied_for_it(wired: tuple[Wire, Any]) -> None:
    """Two writes, in their order."""
    wire, transport = wired
    body = bytes(SMALL + 1)
    transport.write(HEAD)
    transport.write(body)
    assert wire.told[0] == HEAD
    assert wire.told[1] is body


async def test_a_head_alone_leaves_when_the_loop_turns(wired: tuple[Wire, Any]) -> None:
    """The client of a stream learns at once that it is there."""
    wire, transport = wired
    transport.write(HEAD)
    await asyncio.sleep(0)
    assert wire.told == [HEAD]
    transport.write(b"ok")
    assert wire.told == [HEAD, b"ok"]


async def test_two_answers_in_one_turn_keep_their_order(wired: tuple[Wire, Any]) -> None:
    """As a client that pipelines gets them."""
    wire, transport = wired
    for _ in range(2):
        transport.write(HEAD)
        transport.write(b"ok")
    transport.write(HEAD)
    transport.write(HEAD)
    await asyncio.sleep(0)
    assert b"".join(wire.told) == (HEAD + b"ok") * 2 + HEAD * 2


async def test_what_was_written_leaves_before_the_connection_is_closed(wired: tuple[Wire, Any]) -> None:
    """An answer without a body, say."""
    wire, transport = wired
    transport.write(HEAD)
    transport.close()
    await asyncio.sleep(0)
    assert wire.told == [HEAD, "closed"]


async def test_all_else_is_the_transports_own(wired: tuple[Wire, Any]) -> None:
    """Its addresses, limits and pauses."""
    assert wired[1].mark == "its own"
