"""What every route needs of a request: the services, the caller, the body."""

from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request

from proxy.auth import Caller, authenticate
from proxy.media.chunks import joined
from proxy.services import Services
from translators.errors import PayloadTooLarge
from translators.whole_number import whole_number

_CALLER = "mediashim.caller"


def services_of(request: Request) -> Services:
    """The running proxy's services."""
    services: Services = request.scope["app"].state.services
    return services


def caller_of(request: Request) -> Caller:
    """Who is calling; asked for once, and known from then on. Raises Rejected (401)."""
    known: Caller | None = request.scope.get(_CALLER)
    if known is None:
        query = request.query_params if request.scope["query_string"] else {}
        known = authenticate(request.headers, query, services_of(request).keyring)
        request.scope[_CALLER] = known
    return known


async def body_of(request: Request) -> bytes:
    """The whole body. Raises PayloadTooLarge before more than the limit has been read."""
    return joined(await chunks_of(request))


async def chunks_of(request: Request) -> list[bytes]:
    """The body as it came, in one chunk or several. Raises PayloadTooLarge as `body_of` does."""
    limit = services_of(request).config.max_body_bytes
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(chunk)
        if size > limit or (more and not chunks and _stated_length(request) > limit):
            raise _too_large(limit)
        chunks.append(chunk)
        if not more:
            return chunks


def _stated_length(request: Request) -> int:
    """What the headers say of the body; 0 where they say nothing that can be read."""
    return whole_number(request.headers.get("content-length", "")) or 0


def _too_large(limit: int) -> PayloadTooLarge:
    return PayloadTooLarge(f"The request body is larger than {limit} bytes (max-body-bytes).")


def is_marked_retry(headers: Mapping[str, str]) -> bool:
    """OpenAI's SDKs count their own repeats in `x-stainless-retry-count`."""
    return (whole_number(headers.get("x-stainless-retry-count", "0")) or 0) >= 1
