"""A stored file as it is: what a browser's player, a download manager and a cache expect of a media URL."""

from collections.abc import Mapping
from email.utils import format_datetime
from typing import assert_never
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from proxy.media.file_reading import file_chunks, reading
from proxy.media.stored import StoredFile
from proxy.respond.conditions import NotModified, OutOfRange, Part, Selection, Whole, select
from proxy.respond.disconnect import ClientGone, while_connected


class StoredFileResponse(Response):
    """GET and HEAD of a stored file: one range, `ETag` (its SHA-256), `Last-Modified`, 206, 304, 416.

    With `filename` the answer is a download of that name, else it is shown in place. Calling it raises MediaMissing or
    MediaDamaged before the first byte.
    """

    def __init__(
        self, file: StoredFile, *, filename: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status_code = 200
        self.background = None
        self._file = file
        self._etag = f'"{file.media.sha256}"'
        self.init_headers(
            {
                "content-type": file.media.mime_type,
                "accept-ranges": "bytes",
                "etag": self._etag,
                "last-modified": format_datetime(file.media.created_at, usegmt=True),
                "x-content-type-options": "nosniff",
                **({} if filename is None else {"content-disposition": _disposition(filename)}),
                **(headers or {}),
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        media = self._file.media
        selection = select(Headers(scope=scope), size=media.size, etag=self._etag, modified=media.created_at)
        self._describe(selection)
        if scope["method"] == "HEAD" or isinstance(selection, NotModified | OutOfRange):
            await self._start(send)  # whoever made the response has just looked at the file
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        try:
            await while_connected(receive, self._send(selection, send))
        except ClientGone:
            return

    def _describe(self, selection: Selection) -> None:
        size = self._file.media.size
        match selection:
            case Whole():
                self.headers["content-length"] = str(size)
            case Part(start=start, length=length):
                self.status_code = 206
                self.headers["content-length"] = str(length)
                self.headers["content-range"] = f"bytes {start}-{start + length - 1}/{size}"
            case NotModified():
                self.status_code = 304
            case OutOfRange():
                self.status_code = 416
                self.headers["content-length"] = "0"
                self.headers["content-range"] = f"bytes */{size}"
            case _:
                assert_never(selection)

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})

    async def _send(self, selection: Whole | Part, send: Send) -> None:
        async with reading(self._file) as handle:
            await self._start(send)
            start, length = _span(selection, self._file.media.size)
            async for chunk in file_chunks(handle, start=start, length=length):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _span(selection: Whole | Part, size: int) -> tuple[int, int]:
    match selection:
        case Whole():
            return 0, size
        case Part(start=start, length=length):
            return start, length
        case _:
            assert_never(selection)


def _disposition(filename: str) -> str:
    """RFC 6266: an ASCII name for old clients, the true one in UTF-8 beside it; both safe in a header."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-()") else "_" for c in filename)
    return f"attachment; filename=\"{plain}\"; filename*=utf-8''{quote(filename, safe='')}"
