"""The body of a Videos or Images API request, JSON or form, as one object."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from proxy.media.base64_stream import encode_text
from proxy.routes.context import chunks_of, services_of
from proxy.routes.large_body import parsed_chunks
from translators.errors import BadRequest
from translators.video.form_fields import Upload, read_form, uri_head

SLICE = 128 * 1024
"""Bytes of a form that are read at a time; then others get their turn."""
ENCODED_AT_ONCE = 768 * 1024
"""Bytes of a file that become base64 at a time, a multiple of three."""
MOST_PARTS = 200
"""Fields, and files, of one form."""


async def object_of(request: Request, *, repeatable: Collection[str] = ()) -> Any:
    """What the caller sent: openai-python and openai-node send a form wherever there are files, others JSON.

    A `repeatable` field of a form that comes more than once is a list.
    Raises BadRequest, and PayloadTooLarge before more than the limit has been read.
    """
    chunks = await chunks_of(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        fields = await _form_fields(request, chunks)
        await asyncio.sleep(0)
        form = read_form(fields, repeatable=repeatable)
        await asyncio.sleep(0)
        return form
    try:
        return await parsed_chunks(request, chunks, orjson.loads)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The request body is not valid JSON: {error}. Send JSON or multipart/form-data.") from None


async def _form_fields(request: Request, chunks: Sequence[bytes]) -> list[tuple[str, str | Upload]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        for chunk in chunks:
            for start in range(0, len(chunk), SLICE):
                yield chunk[start : start + SLICE]
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
    return Upload(data_uri=await _data_uri(value))


async def _data_uri(file: UploadFile) -> str:
    """The text grows in place, as in `long_texts`; nothing for an empty file."""
    text = ""
    while content := await file.read(ENCODED_AT_ONCE):
        text += encode_text(content) if text else uri_head(file.content_type, content) + encode_text(content)
        await asyncio.sleep(0)
    return text
