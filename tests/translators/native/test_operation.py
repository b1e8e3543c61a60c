"""Operations as google-genai reads them; the proxy's own reader is the second opinion."""

from typing import Any

import pytest

from translators.native.operation import done_operation, failed_operation, pending_operation
from translators.video.operation import read_operation
from translators.video.outcome import Failed, Pending, RemoteVideo, Succeeded
from translators.wire.call import Surface


def test_pending() -> None:
    """Nothing but the name."""
    assert pending_operation("o/1") == {"name": "o/1"}
    assert isinstance(read_operation(pending_operation("o/1")), Pending)


def test_failed() -> None:
    """Done, with an error."""
    told = failed_operation("o/1", {"code": 3, "message": "No."})
    assert told == {"name": "o/1", "done": True, "error": {"code": 3, "message": "No."}}
    assert isinstance(read_operation(told), Failed)


@pytest.mark.parametrize(
    ("surface", "video", "read"),
    [
        (Surface.GEMINI, {"uri": "https://h/files/1"}, RemoteVideo(uri="https://h/files/1")),
        (Surface.VERTEX, {"gcsUri": "gs://b/o", "mimeType": "video/mp4"}, RemoteVideo(uri="gs://b/o")),
        (Surface.VERTEX, {"bytesBase64Encoded": "QQ==", "mimeType": "video/mp4"}, RemoteVideo(data="QQ==")),
    ],
)
def test_done(surface: Surface, video: Any, read: RemoteVideo) -> None:
    """Each surface wraps its videos in its own way, and names the type of its answer."""
    told = done_operation("o/1", [video], surface)
    assert read_operation(told) == Succeeded(videos=(read,))
    assert told["response"]["@type"].startswith("type.googleapis.com/")
