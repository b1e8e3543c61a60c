"""How an answer leaves: whole, late, cut short, or not at all.

A dropped connection is a real one: the server's own socket is aborted (see `server.py`), so the client sees what it
would see if Google's front end vanished.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from proxy.simulator.faults import Action, FaultBook, Slow, Stall, Truncated
from proxy.simulator.world import World

JSON_TYPE = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer; `chunks` are sent one by one, without a length, if there are any."""

    status: int = 200
    content: bytes = b""
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: tuple[bytes, ...] = ()


def json_reply(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON answer."""
    return Reply(status=status, content=orjson.dumps(body, option=orjson.OPT_INDENT_2), headers=headers or {})


async def send_reply(
    reply: Reply, action: Action | None, scope: Scope, receive: Receive, send: Send, world: World
) -> None:
    """Send an answer as the fault, if it is about the body, wants it."""
    body = reply.content
    headers = {"content-type": reply.content_type, **reply.headers}
    if not reply.chunks:
        headers["content-length"] = str(len(body))
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    match action:
        case Truncated(fraction=fraction):
            await _piece(send, body[: int(len(body) * fraction)])
            await drop(scope, receive, world, abort=False)
            return
        case Slow(chunk_bytes=size, pause_seconds=pause):
            for start in range(0, len(body), size):
                await _piece(send, body[start : start + size])
                await asyncio.sleep(pause)
        case Stall(after_bytes=count):
            await _piece(send, body[:count])
            await _hang(world.faults, receive)
            await _piece(send, body[count:])
        case _:
            for chunk in reply.chunks or (body,):
                await _piece(send, chunk)
    await send({"type": "http.response.body", "body": b""})


async def _piece(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def hang(receive: Receive, world: World) -> None:
    """Stay silent until the rules release the call or the client goes away."""
    await _hang(world.faults, receive)


async def _hang(faults: FaultBook, receive: Receive) -> None:
    released = asyncio.ensure_future(faults.wait_for_release())
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await asyncio.wait({released, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in (released, gone):
            waiting.cancel()
        await asyncio.gather(released, gone, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class CannotDrop(RuntimeError):
    """A rule wants a connection closed, and the server that runs the simulator cannot do that."""

    def __init__(self) -> None:
        super().__init__("dropping connections needs the simulator's own server: use running_simulator() or `simulate`")


async def drop(scope: Scope, receive: Receive, world: World, *, abort: bool = True) -> None:
    """Close the caller's TCP connection; returns when it is closed, so that nothing more is written to it.

    `abort` discards what is still in the server's buffer; otherwise that is sent first. Raises CannotDrop under a
    server other than `server.py`'s.
    """
    if world.drop_connection is None or not world.drop_connection(tuple(scope["client"]), abort):
        raise CannotDrop
    await _until_gone(receive)
