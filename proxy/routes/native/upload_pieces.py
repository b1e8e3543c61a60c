"""The bytes of an upload on their way through: counted, and a description in front of them read, but never gathered."""

from collections.abc import AsyncIterator

from starlette.requests import Request

from proxy.routes.context import services_of
from proxy.services import Services
from translators.errors import BadRequest, PayloadTooLarge
from translators.native.multipart_upload import MOST_BYTES, Opening, read_opening


def check_size(services: Services, stated: str | None, received: int = 0) -> None:
    """Raise PayloadTooLarge if the stated length is too much, after what was received before."""
    if stated is not None and stated.isdigit() and received + int(stated) > services.config.uploads.max_file_bytes:
        raise _too_large(services)


async def counted(request: Request, received: int = 0) -> AsyncIterator[bytes]:
    """The bytes as they come. Raises PayloadTooLarge once there are too many, `received` earlier ones among them."""
    services = services_of(request)
    async for piece in request.stream():
        received += len(piece)
        if received > services.config.uploads.max_file_bytes:
            raise _too_large(services)
        if piece:
            yield piece


def _too_large(services: Services) -> PayloadTooLarge:
    limit = services.config.uploads.max_file_bytes
    return PayloadTooLarge(f"The file is larger than {limit} bytes (uploads.max-file-bytes).")


async def opening_of(stream: AsyncIterator[bytes], boundary: bytes) -> Opening:
    """The first part of a multipart upload. Raises BadRequest if there is none."""
    data = b""
    async for piece in stream:
        data += piece
        opening = read_opening(data, boundary)
        if opening is not None:
            return opening
        if len(data) > MOST_BYTES:
            break
    raise BadRequest("A multipart upload has two parts: a description in JSON, at most 64 KiB, and the bytes.")


async def followed(first: bytes, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What was read already, then the rest."""
    yield first
    async for piece in stream:
        yield piece
