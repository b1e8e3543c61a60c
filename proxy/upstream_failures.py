"""The two ways a call can fail without an answer: certainly not sent, or lost on the way.

The difference is money: what was not sent may be sent again, what was lost may be running and billed at Google.
"""

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.connector import Connection
from aiohttp.payload import BytesPayload

from proxy.eager_start import NEEDED, begun
from proxy.public_addresses import PrivateAddress
from translators.errors import ApiError, Unavailable, UpstreamFailed, UpstreamTimeout
from translators.google_errors import Blame, Verdict


class NotSent(Exception):
    """Nothing reached Google: no name, no connection, no TLS, no proxy. Safe to try again, even a paid submit."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(f"nothing was sent to {host}: {why}")
        self.host = host
        self.why = why

    def verdict(self) -> Verdict:
        """What to tell the caller, and that another way may work."""
        error = Unavailable(
            f"Google cannot be reached at {self.host} ({self.why}). Nothing was started.", code="upstream_unreachable"
        )
        return Verdict(error=error, blame=Blame.UPSTREAM, accepted="no")


class Lost(Exception):
    """The request, or part of it, may have reached Google, and no whole answer came back."""

    def __init__(self, host: str, why: str, *, timed_out: bool = False) -> None:
        super().__init__(f"the answer of {host} was lost: {why}")
        self.host = host
        self.why = why
        self.timed_out = timed_out

    def verdict(self, *, paid_submit: bool = False) -> Verdict:
        """What to tell the caller; for a paid submit also that a repeat may cost twice."""
        retry = False if paid_submit else None
        error: ApiError
        if self.timed_out:
            error = UpstreamTimeout(f"Google did not answer in time ({self.host}).", should_retry=retry)
        else:
            message = f"The connection to Google was lost before its answer was complete ({self.host}: {self.why})."
            error = UpstreamFailed(message, code="upstream_connection_lost", should_retry=retry)
        return Verdict(error=error, blame=Blame.UPSTREAM, accepted="unknown")


@dataclass(slots=True)
class Phase:
    """One request on its way: how far it came is noted as it happens, not guessed from an exception afterwards."""

    connected: bool = False
    alone: bool = False
    """No other request was on its way: where there are several, those of one turn of the loop leave together."""


phase_of_call: ContextVar[Phase] = ContextVar("phase_of_call")
"""The phase of the request that the current task is making."""


SHORT_BODY: Final = 64 * 1024
"""Bytes that a connection takes without a pause; longer bodies and those in pieces are left to their task."""


class MarkedRequest(aiohttp.ClientRequest):
    """Notes that name, connection, proxy and TLS all stand, before its first byte is written.

    aiohttp's tracing tells the same, for a dozen awaited calls of a request.
    """

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """Write it."""
        phase_of_call.get().connected = True
        return await super().send(conn)

    def write_bytes(
        self, writer: AbstractStreamWriter, conn: Connection, content_length: int | None = None
    ) -> Coroutine[Any, None, None]:
        """Write the body, for a task of aiohttp's; a short one at once, where no other is on its way."""
        writing = super().write_bytes(writer, conn, content_length)
        if not NEEDED or not phase_of_call.get().alone:
            return writing
        is_short = isinstance(self.body, BytesPayload) and (self.body.size or 0) < SHORT_BODY
        return begun(writing) if is_short else writing


class failures_named:  # noqa: N801 -- read as the words of a `with`, like contextlib.suppress
    """Turn whatever aiohttp and the sockets raise into NotSent or Lost; neither carries a URL or a header."""

    __slots__ = ("_host", "_phase")

    def __init__(self, host: str, phase: Phase) -> None:
        self._host = host
        self._phase = phase

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(failure, _FAILURES):
            return
        why = _why(failure)
        if not self._phase.connected:
            raise NotSent(self._host, why) from None
        raise Lost(self._host, why, timed_out=isinstance(failure, TimeoutError)) from None


_FAILURES = (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError)


def _why(failure: Exception) -> str:
    """Words for a failure: its kind, never its text, in which libraries put whole URLs."""
    if isinstance(failure, aiohttp.ClientConnectorError) and isinstance(failure.os_error, PrivateAddress):
        return "its name leads to a private address"
    if isinstance(failure, aiohttp.ClientHttpProxyError):
        return f"the forward proxy answered {failure.status}"
    return next((words for kind, words in _WORDS if isinstance(failure, kind)), type(failure).__name__)


_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientProxyConnectionError, "the forward proxy is unreachable"),
    (aiohttp.ClientConnectorDNSError, "its name cannot be resolved"),
    (aiohttp.ClientConnectorCertificateError, "its certificate is not trusted"),
    (aiohttp.ClientConnectorSSLError, "TLS failed"),
    (aiohttp.ConnectionTimeoutError, "no connection in time"),
    (aiohttp.ClientConnectorError, "no connection"),
    (aiohttp.ServerDisconnectedError, "it hung up"),
    (aiohttp.ClientPayloadError, "the answer was cut short"),
    (TimeoutError, "no answer in time"),
    (aiohttp.ClientResponseError, "the answer was not HTTP"),
    (aiohttp.ClientOSError, "the connection broke"),
)
"""The first kind that fits."""
