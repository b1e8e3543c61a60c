"""The beginning of a multipart upload: the description in its first part, found while the rest is still coming.

`multipart/related` with the description as JSON first and the bytes second (RFC 2387; Google's upload protocol
"multipart", as the JavaScript client's GoogleAIFileManager sends it, 2024-2026).
"""

import re
from dataclasses import dataclass

MOST_BYTES = 64 * 1024
"""A description that has not ended by then is none."""

_BOUNDARY = re.compile(r"""boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What was read so far: `before` the description, the description, and what came `after` it."""

    before: bytes
    description: bytes
    after: bytes

    def with_description(self, description: bytes) -> bytes:
        """The same bytes with another description."""
        return self.before + description + self.after


def boundary_of(content_type: str) -> bytes | None:
    """The boundary that a Content-Type names; None if it names none."""
    found = _BOUNDARY.search(content_type)
    return (found[1] or found[2]).encode("latin-1", "replace") if found is not None else None


def read_opening(data: bytes, boundary: bytes) -> Opening | None:
    """The first part of what has come so far; None while it is not whole."""
    start = data.find(b"\r\n\r\n")
    if start < 0 or not data.lstrip(b"\r\n").startswith(b"--" + boundary):
        return None
    end = data.find(b"\r\n--" + boundary, start + 4)
    if end < 0:
        return None
    return Opening(before=data[: start + 4], description=data[start + 4 : end], after=data[end:])
