"""A plain JSON answer that takes minutes: line feeds until it is there, which JSON allows before the first bracket."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from proxy.respond.disconnect import ClientGone, while_connected
from proxy.respond.failure import FailureBody, error_object
from proxy.respond.json_around_media import JsonAroundMedia
from proxy.respond.pace import Pace, Turns
from proxy.respond.pieces import JsonBody, json_pieces, opened, send_to_the_end
from proxy.respond.standby import Standby


class JsonWithHeartbeat(Response):
    r"""JSON once `wait()` has it, and `\n` at each beat of `pace` before.

    The first beat commits status 200. Until then nothing is sent: a quick answer has its length, and a quick error is
    raised, to be answered with its true status. An error after that becomes `failure(exception)` under the 200
    (openai-python and openai-node raise nothing for it, 2026-11, so a route should give a `failure` that is still a
    valid completion). When the client goes, `wait()` is cancelled and then `on_disconnect` is awaited; when the whole
    answer has been handed to the server, `on_sent` is. `standby` is what `wait()` waits by if that takes minutes.
    """

    media_type = "application/json"

    def __init__(
        self,
        wait: Callable[[], Awaitable[JsonBody]],
        *,
        pace: Pace,
        headers: Mapping[str, str] | None = None,
        on_disconnect: Callable[[], Awaitable[None]] | None = None,
        on_sent: Callable[[], Awaitable[None]] | None = None,
        failure: FailureBody = error_object,
        standby: Standby | None = None,
    ) -> None:
        self.status_code = 200
        self.background = None
        self._wait = wait
        self._pace = pace
        self._extra_headers = headers
        self._on_disconnect = on_disconnect
        self._on_sent = on_sent
        self._failure = failure
        self._standby = standby
        self._committed = False
        self._sent = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- ASGI's signature
        try:
            await while_connected(receive, self._send(send), at_once=self._on_sent is not None, standby=self._standby)
        except ClientGone:
            # A client that has all of it may close the connection before we come to anything else.
            if not self._sent:
                if self._on_disconnect is not None:
                    await self._on_disconnect()
                return
        if self._sent and self._on_sent is not None:
            await self._on_sent()

    async def _send(self, send: Send) -> None:
        async def noting(message: Message) -> None:
            await send(message)
            self._sent = message["type"] == "http.response.body" and not message.get("more_body", False)

        if self._pace.seconds <= 0:
            await self._send_whole(await self._wait(), noting)
            return
        turns = Turns(self._pace)
        async with turns.beating(lambda: self._beat(send)):
            try:
                body = await self._wait()
                async with turns:
                    await (self._send_rest(body, noting) if self._committed else self._send_whole(body, noting))
            except Exception as error:
                async with turns:  # a beat may be committing the status at this moment
                    if not self._committed:
                        raise
                    await self._send_rest(self._failure(error), send)

    async def _beat(self, send: Send) -> None:
        if not self._committed:
            self._committed = True
            self.init_headers({"x-accel-buffering": "no", **(self._extra_headers or {})})
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": b"\n", "more_body": True})

    async def _send_whole(self, body: JsonBody, send: Send) -> None:
        """The answer, when nothing was sent before it."""
        await JsonAroundMedia(body, headers=self._extra_headers).stream(send)

    async def _send_rest(self, body: JsonBody, send: Send) -> None:
        """The answer after the first beat."""
        async with opened(json_pieces(body)) as chunks:
            await send_to_the_end(chunks, send)
