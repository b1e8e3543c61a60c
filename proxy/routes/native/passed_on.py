"""Google's answer as it is, byte for byte, while it comes."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from proxy.respond.disconnect import ClientGone, while_connected
from proxy.routes.native.shape import warned
from proxy.upstream_failures import Lost
from translators.errors import ApiError
from translators.native.errors import status_body
from translators.resolve import Target

SSE = "text/event-stream"


class Coming(Protocol):
    """An answer whose body is still coming."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by name in any case."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in pieces."""
        ...


class PassedOn(Response):
    """The answer that `opened` opens. Calling it raises ApiError until the first byte is there.

    After that, a stream of events that breaks ends with an event that is a google.rpc.Status, as Google's own do; any
    other answer is cut off, so that nobody takes a part of it for the whole. When the client goes, the call ends with
    it; `to_the_end` it does not. `told` are warnings beside the target's own.
    """

    def __init__(
        self,
        opened: Callable[[], AbstractAsyncContextManager[tuple[Target, Coming]]],
        *,
        to_the_end: bool = False,
        told: Sequence[str] = (),
    ) -> None:
        self.status_code = 200
        self.background = None
        self._opened = opened
        self._to_the_end = to_the_end
        self._told = told
        self._begun = False
        self.init_headers({"x-accel-buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- ASGI's signature
        if self._to_the_end:
            await self._send(send)
            return
        try:
            await while_connected(receive, self._send(send))
        except ClientGone:
            return

    async def _send(self, send: Send) -> None:
        try:
            async with self._opened() as (target, answer):
                await self._pass_on(target, answer, send)
        except Lost as failure:
            error = failure.verdict().error
            if not self._begun:
                raise error from None
            if not self.headers["content-type"].startswith(SSE):
                return
            await send({"type": "http.response.body", "body": _last_event(error), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pass_on(self, target: Target, answer: Coming, send: Send) -> None:
        self.headers["content-type"] = answer.headers.get("content-type", "application/json")
        self.headers.update(warned((*target.warnings, *self._told)))
        async for piece in answer:
            await self._begin(send)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await self._begin(send)

    async def _begin(self, send: Send) -> None:
        """The first piece is there: until then a failure still has its own status."""
        if not self._begun:
            self._begun = True
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})


def _last_event(error: ApiError) -> bytes:
    return b"\n\ndata: " + orjson.dumps(status_body(error)) + b"\n\n"
