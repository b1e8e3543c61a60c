"""Answers that may be asked for in part (RFC 9110, one range only)."""

import re

from proxy.simulator.call import Call
from proxy.simulator.replies import Reply

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def ranged(call: Call, content: bytes, content_type: str) -> Reply:
    """The whole content, the part that `Range` names (206), or 416."""
    size = len(content)
    match = _RANGE.fullmatch(call.headers.get("range", ""))
    if match is None or match.groups() == ("", ""):
        return Reply(content=content, content_type=content_type, headers={"accept-ranges": "bytes"})
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    stop = min(int(last) + 1, size) if first and last else size
    if start >= stop:
        return Reply(status=416, headers={"content-range": f"bytes */{size}"})
    headers = {"accept-ranges": "bytes", "content-range": f"bytes {start}-{stop - 1}/{size}"}
    return Reply(status=206, content=content[start:stop], content_type=content_type, headers=headers)
