"""The head of an answer leaves with the first of its body: one write to the kernel and one packet to the client.

uvicorn writes a head when `http.response.start` comes, a moment before the body: two calls of the kernel, and a client
that is woken for the first has nothing to do yet.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SMALL = 64 * 1024
"""Bytes that are worth a copy to leave with the head."""
_STATUS_LINE = b"HTTP/1.1 "


class HeadWithBody:
    """A transport that holds a head back until something follows it, or the loop turns."""

    __slots__ = ("_head", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """As the transport does, a head at the end of this turn of the loop at the latest."""
        head = self._head
        if head:
            self._head = b""
            if len(data) <= SMALL:
                self._transport.write(head + data)
            else:
                self._transport.write(head)
                self._transport.write(data)
        elif data.startswith(_STATUS_LINE):
            self._head = data
            self._loop.call_soon(self.release)
        else:
            self._transport.write(data)

    def is_closing(self) -> bool:
        """As the transport says; it is asked after each answer."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Close it when all is written."""
        self.release()
        self._transport.close()

    def release(self) -> None:
        """Nothing will follow the head, or not now."""
        head, self._head = self._head, b""
        if head:
            self._transport.write(head)


class OneWrite(HttpToolsProtocol):
    """uvicorn's protocol over such a transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to serve a connection."""
        self._held_back = HeadWithBody(transport, self.loop)
        super().connection_made(cast("asyncio.Transport", self._held_back))

    def on_response_complete(self) -> None:
        """Send what an answer without a body has: the one to a HEAD, say."""
        self._held_back.release()
        super().on_response_complete()
