"""A request's body -> what its parser makes of it; the long strings of a large one are read beside the parser."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from starlette.requests import Request

from proxy.media.chunks import Chunks, joined
from proxy.media.long_texts import SetAside, put_back, set_aside
from proxy.routes.context import chunks_of, services_of

Read = TypeVar("Read")

LARGE: Final = 512 << 10
"""Bytes; a smaller body is parsed within a millisecond."""
_IS_LARGE: Final = "mediashim.large"


async def parsed(request: Request, parse: Callable[[bytes], Read]) -> Read:
    """What `parse` makes of the body. Raises what it raises, and PayloadTooLarge.

    What is wrong with a body, its parser says of the whole of it.
    """
    return await parsed_chunks(request, await chunks_of(request), parse)


async def parsed_chunks(request: Request, chunks: Sequence[bytes], parse: Callable[[bytes], Read]) -> Read:
    """The same for a body that was received."""
    if not is_large(chunks):
        return parse(joined(chunks))
    request.scope[_IS_LARGE] = True
    await asyncio.sleep(0)
    return await read_apart(Chunks(chunks), parse, marker=services_of(request).new_id("@"))


async def let_others(request: Request) -> None:
    """A turn for others between two steps of a large request, each of which goes through all of it."""
    if _IS_LARGE in request.scope:
        await asyncio.sleep(0)


async def read_chunks(chunks: Sequence[bytes], parse: Callable[[bytes], Read], *, marker: str) -> Read:
    """What `parse` makes of some JSON. Raises what it raises of the whole. `marker` is no value of it."""
    if is_large(chunks):
        return await read_apart(Chunks(chunks), parse, marker=marker)
    return parse(joined(chunks))


def is_large(chunks: Sequence[bytes]) -> bool:
    """Whether a parser would hold the event loop for long."""
    return (len(chunks[0]) if len(chunks) == 1 else sum(map(len, chunks))) >= LARGE


async def read_apart(body: Chunks, parse: Callable[[bytes], Read], *, marker: str) -> Read:
    """The same of a large one: its long strings are read beside the parser."""
    aside = await set_aside(body, marker=marker)
    made = _around(parse, aside) if aside.texts else None
    if made is None:
        made = parse(body.whole())
    await asyncio.sleep(0)
    return made


def _around(parse: Callable[[bytes], Read], aside: SetAside) -> Read | None:
    try:
        made: Read | None = put_back(parse(aside.rest), aside.texts)
    except Exception:  # noqa: BLE001 - whatever it is, the whole body is what the caller sent, and is told about
        return None
    return made
