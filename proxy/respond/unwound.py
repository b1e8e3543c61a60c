"""Answers that take minutes, given when everything that their request went through has returned."""

from collections.abc import Iterable
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

LEFT: Final = "mediashim.left"
_KEPT = (
    *("type", "asgi", "http_version", "server", "client", "scheme", "root_path"),
    *("method", "path", "raw_path", "query_string", "state", "route"),
)
"""What the rest of an exchange still looks at: the server for its own log (ASGI 3.0, HTTP connection scope), the count,
the shape of failures. The headers and what the routes have put beside it are not in here."""


class Unwound(Response):
    """A response that the envelope gives outside of routes and handlers: thousands of them hold no frame of those.

    What it raises is answered there too, as `routes.failures` has it. Only inside of `proxy.envelope`.
    """

    def __init__(self, response: Response) -> None:
        self._response = response
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- ASGI's signature
        scope[LEFT] = self._response


def left_to_do(scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> Response | None:
    """The response that a route has left to be given, if it did; its request is forgotten then.

    `headers` are those that the server gave: it holds them until the answer is complete (uvicorn 0.54).
    """
    response: Response | None = scope.pop(LEFT, None)
    if response is not None:
        kept = {name: scope[name] for name in _KEPT if name in scope}
        scope.clear()  # the server holds it as long as the answer takes
        scope.update(kept, headers=())
        if isinstance(headers, list):
            headers.clear()
    return response
