"""Answers of Google's: whole, still coming, or still coming in an envelope."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Self

import aiohttp

from proxy.metrics.google_call import LOST, Begun
from proxy.upstream_failures import Lost, Phase, failures_named
from translators.code_assist import EnvelopeOpener
from translators.wire.call import Surface

CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer of Google's."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Answer:
    """An answer whose body is still coming: iterate over it once, or read it. Raises Lost when it breaks off.

    Whoever opened it closes it (`async with answer`); a connection whose answer was read to its end is used again.
    """

    def __init__(self, response: aiohttp.ClientResponse, *, host: str, begun: Begun) -> None:
        self._response = response
        self._begun: Begun | None = begun
        """None once the call is counted."""
        self._host = host
        self._read: bytes | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, _kind: object, failure: BaseException | None, _trace: object) -> None:
        begun = self._begun
        if begun is not None:
            self._begun = None
            calls, asked, began = begun
            calls.ended(asked, began, LOST if isinstance(failure, Lost) else self._response.status)
        self._response.release()
        await self._response.wait_for_close()

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._response.status

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by name in any case."""
        return self._response.headers

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        """The body in pieces of at most `CHUNK_BYTES`, as they arrive."""
        if self._read is not None:
            yield self._read
            return
        with failures_named(self._host, Phase(connected=True)):
            async for chunk in self._response.content.iter_chunked(CHUNK_BYTES):
                yield chunk

    async def read(self) -> bytes:
        """The whole body; a second time, the same."""
        if self._read is None:
            with failures_named(self._host, Phase(connected=True)):
                self._read = await self._response.read()
        return self._read

    async def chunks(self) -> Sequence[bytes]:
        """The whole body, in the pieces it came in."""
        return [piece async for piece in self] or [b""]

    async def read_or_close(self) -> bytes:
        """The whole body; where it breaks off, the answer is closed."""
        try:
            return await self.read()
        except BaseException:
            async with self:
                raise


class OpenedAnswer(Answer):
    """A good answer of Code Assist's, taken out of its envelope; its pieces may be of any size."""

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        """The inner answer as it arrives."""
        if self._read is not None:
            yield self._read
            return
        is_events = self.headers.get("content-type", "").startswith("text/event-stream")
        opener = EnvelopeOpener(events=is_events)
        async with aclosing(super().__aiter__()) as pieces:
            async for piece in pieces:
                if inner := opener.feed(piece):
                    yield inner
        if rest := opener.end():
            yield rest

    async def read(self) -> bytes:
        """The whole inner answer; a second time, the same."""
        if self._read is None:
            self._read = b"".join([piece async for piece in self])
        return self._read


def answer_of(response: aiohttp.ClientResponse, *, host: str, surface: Surface, begun: Begun) -> Answer:
    """The answer in the form that all surfaces but Code Assist send; its errors come without an envelope."""
    enveloped = surface is Surface.CODE_ASSIST and response.status == 200
    return (OpenedAnswer if enveloped else Answer)(response, host=host, begun=begun)
