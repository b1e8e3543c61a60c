"""The body of a Videos or Images API request, JSON or form, as one object."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from proxy.routes.context import body_of, services_of
from proxy.routes.large_body import parsed_body
from translators.errors import BadRequest
from translators.video.form_fields import Upload, read_form

SLICE = 128 * 1024
"""Bytes of a form that are read at a time; then others get their turn."""
MOST_PARTS = 200
"""Fields, and files, of one form."""


async def object_of(request: Request, *, repeatable: Collection[str] = ()) -> Any:
    """What the caller sent: openai-python and openai-node send a form wherever there are files, others JSON.

    A `repeatable` field of a form that comes more than once is a list.
    Raises BadRequest, and PayloadTooLarge before more than the limit has been read.
    """
    body = await body_of(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        fields = await _form_fields(request, body)
        await asyncio.sleep(0)
        form = read_form(fields, repeatable=repeatable)
        await asyncio.sleep(0)
        return form
    try:
        return await parsed_body(request, body, orjson.loads)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The request body is not valid JSON: {error}. Send JSON or multipart/form-data.") from None


async def _form_fields(request: Request, body: bytes) -> list[tuple[str, str | Upload]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        for start in range(0, len(body), SLICE):
            yield body[start : start + SLICE]
            await asyncio.sleep(0)

    limit = services_of(request).config.max_body_bytes
    parser = MultiPartParser(
        request.headers, stream(), max_files=MOST_PARTS, max_fields=MOST_PARTS, max_part_size=limit
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        what = error.message if isinstance(error, MultiPartException) else "its boundary is missing"
        raise BadRequest(f"The form cannot be read: {what}") from None
    try:
        return [(name, await _field(value)) for name, value in form.multi_items()]
    finally:
        await form.close()


async def _field(value: UploadFile | str) -> str | Upload:
    if isinstance(value, str):
        return value
    return Upload(content_type=value.content_type, data=await value.read())
