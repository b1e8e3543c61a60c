"""Answers of Google's: whole, or still coming."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Self

import aiohttp

from proxy.upstream_failures import Phase, failures_named

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

    def __init__(self, response: aiohttp.ClientResponse, *, host: str) -> None:
        self._response = response
        self._host = host
        self._read: bytes | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
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

    async def __aiter__(self) -> AsyncIterator[bytes]:
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
