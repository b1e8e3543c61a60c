"""What every exchange is wrapped in: a request id, CORS, a log line, a count, and an answer to what is raised inside.

Pure ASGI, nothing buffered.
"""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Sequence

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from proxy.metrics.tally import Tallies
from proxy.respond.unwound import left_to_do

log = logging.getLogger("mediashim.access")

_ID = re.compile(rb"[\w.:-]{1,128}")
EXPOSED = (
    *("x-request-id", "retry-after", "x-should-retry", "location", "openai-poll-after-ms"),
    *("x-mediashim-warnings", "x-mediashim-cache"),
    *("accept-ranges", "content-range", "content-disposition", "etag"),
)
"""The headers of answers that a web page may read, beside those that it always may."""
GONE = 499
"""What the log has for a client that went before it was answered: nginx' number for it."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"
"""The route of a path that is none of ours, and of a preflight, in the counts: a caller's words are no label."""
_ALLOWED = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    # The asterisk does not stand for Authorization (Fetch standard, "CORS non-wildcard request-header name").
    (b"access-control-allow-headers", b"*, authorization"),
    (b"access-control-expose-headers", ", ".join(EXPOSED).encode()),
)
_PREFLIGHT = ((b"access-control-max-age", b"3600"),)


class Envelope:
    """ASGI middleware around all routes; `failed` is the answer to what they raise."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        new_id: Callable[[], str],
        origins: Sequence[str],
        failed: Callable[[Exception, Scope], ASGIApp],
        tallies: Tallies | None = None,
    ) -> None:
        self._app = app
        self._new_id = new_id
        self._origins = frozenset(origin.encode() for origin in origins)
        self._failed = failed
        self._tallies = tallies or Tallies()
        self._for_all = ((b"access-control-allow-origin", b"*"), *_ALLOWED) if b"*" in self._origins else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer preflights here, pass everything else on, and write the line when the answer is complete."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = scope["headers"]
        headers = dict(given)
        request_id = _request_id(headers) or self._new_id().encode()
        cors = self._cors(headers)
        del headers  # not to be held as long as the answer takes
        began = time.perf_counter()
        status = 0
        seconds = 0.0
        self._tallies.http_in_progress += 1

        async def send_wrapped(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", request_id), *cors]}
                await send(message)
                return
            await send(message)
            # Here and not at the end: what is still written down then (a delivery) keeps no client waiting.
            if not seconds and not message.get("more_body", False):
                seconds = self._count(scope, status, began)

        try:
            if scope["method"] == "OPTIONS":
                await send_wrapped(
                    {"type": "http.response.start", "status": 204, "headers": _PREFLIGHT if cors else ()}
                )
                await send_wrapped({"type": "http.response.body", "body": b""})
            else:
                await self._app(scope, receive, send_wrapped)
                if (left := left_to_do(scope, given)) is not None:
                    await left(scope, receive, send_wrapped)
        except ClientDisconnect:
            status = status or GONE
        except Exception as error:
            if status:
                raise
            await self._failed(error, scope)(scope, receive, send_wrapped)
        finally:
            seconds = seconds or self._count(scope, status, began)
            # After the answer's last bytes: they leave when the loop turns.
            asyncio.get_running_loop().call_soon(
                log.info,
                "%s %s %d %.1f ms %s",
                scope["method"],
                scope["path"],
                status,
                seconds * 1000,
                request_id.decode(),
            )

    def _count(self, scope: Scope, status: int, began: float) -> float:
        """Count an exchange that is over: by the route's template, the method if it is one, and the status.

        499 stands for what was given up before it had one. The seconds that it took.
        """
        seconds = time.perf_counter() - began
        tallies = self._tallies
        tallies.http_in_progress -= 1
        method = scope["method"]
        tallies.http_requests.observe(
            (
                getattr(scope.get("route"), "path_format", NO_ROUTE),
                method if method in _METHODS else "other",
                status or GONE,
            ),
            seconds,
        )
        return seconds

    def _cors(self, headers: dict[bytes, bytes]) -> Sequence[tuple[bytes, bytes]]:
        if self._for_all is not None:
            return self._for_all
        origin = headers.get(b"origin")
        if origin is not None and origin in self._origins:
            return ((b"access-control-allow-origin", origin), (b"vary", b"origin"), *_ALLOWED)
        return ()


def _request_id(headers: dict[bytes, bytes]) -> bytes | None:
    """The caller's own id, if it is harmless in a header and a log line."""
    given = headers.get(b"x-request-id", b"")
    return given if _ID.fullmatch(given) else None
