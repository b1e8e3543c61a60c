"""JSON with stored files inside, as a response."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from proxy.respond.disconnect import ClientGone, while_connected
from proxy.respond.pieces import JsonBody, json_pieces, opened, pieces_length, send_to_the_end


class JsonAroundMedia(Response):
    """A JSON response of known length; its files are encoded while they are sent.

    Calling it raises MediaMissing or MediaDamaged before the first byte, while an error can still be answered.
    """

    media_type = "application/json"

    def __init__(self, body: JsonBody, status_code: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.status_code = status_code
        self.background = None
        self._pieces = json_pieces(body)
        length = {"content-length": str(pieces_length(self._pieces)), "content-type": "application/json"}
        self.raw_headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in {**length, **(headers or {})}.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- ASGI's signature
        try:
            await while_connected(receive, self.stream(send))
        except ClientGone:
            return

    async def stream(self, send: Send) -> None:
        """Send all of it, for a caller that listens for the client's going itself."""
        if len(self._pieces) == 1 and isinstance(self._pieces[0], bytes):
            await self._start(send)
            await send({"type": "http.response.body", "body": self._pieces[0], "more_body": False})
            return
        async with opened(self._pieces) as chunks:
            await self._start(send)
            await send_to_the_end(chunks, send)

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
