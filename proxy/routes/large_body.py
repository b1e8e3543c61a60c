"""A request's body -> what its parser makes of it; the long strings of a large one are read beside the parser."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from starlette.requests import Request

from proxy.media.long_texts import SetAside, put_back, set_aside
from proxy.routes.context import body_of, services_of

Read = TypeVar("Read")

LARGE: Final = 512 << 10
"""Bytes; a smaller body is parsed within a millisecond."""


async def parsed(request: Request, parse: Callable[[bytes], Read]) -> Read:
    """What `parse` makes of the body. Raises what it raises, and PayloadTooLarge.

    What is wrong with a body, its parser says of the whole of it.
    """
    return await parsed_body(request, await body_of(request), parse)


async def parsed_body(request: Request, body: bytes, parse: Callable[[bytes], Read]) -> Read:
    """The same for a body that was received."""
    if len(body) < LARGE:
        return parse(body)
    await asyncio.sleep(0)
    return await read_apart(body, parse, marker=services_of(request).new_id("@"))


async def read_apart(body: bytes, parse: Callable[[bytes], Read], *, marker: str) -> Read:
    """What `parse` makes of some JSON. Raises what it raises of the whole. `marker` is no value of the body."""
    aside = await set_aside(body, marker=marker)
    made = _around(parse, aside) if aside.texts else None
    if made is None:
        made = parse(body)
    await asyncio.sleep(0)
    return made


def _around(parse: Callable[[bytes], Read], aside: SetAside) -> Read | None:
    try:
        made: Read | None = put_back(parse(aside.rest), aside.texts)
    except Exception:  # noqa: BLE001 - whatever it is, the whole body is what the caller sent, and is told about
        return None
    return made
