"""A job as an interaction."""

import pytest

from tests.translators.video.views import NOON as AT
from tests.translators.video.views import view
from translators.errors import BadRequest
from translators.native.interaction import STATUSES, to_interaction
from translators.video.interaction import read_interaction, read_usage
from translators.video.job_view import JobStatus
from translators.video.outcome import RemoteVideo, Succeeded


@pytest.mark.parametrize("status", list(JobStatus))
def test_every_status_has_googles_word(status: JobStatus) -> None:
    """And nothing is in it before there is something."""
    told = to_interaction(view(status), updated=AT)
    assert told == {
        "id": "video_1",
        "object": "interaction",
        "model": "veo",
        "status": STATUSES[status],
        "created": "2026-11-21T12:00:00Z",
        "updated": "2026-11-21T12:00:00Z",
        "steps": [],
    }


def test_completed() -> None:
    """The videos in a model's step, and Google's names for the tokens; our own reader understands both."""
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    videos = [{"mime_type": "video/mp4", "uri": "https://h/files/1"}]
    told = to_interaction(view(JobStatus.COMPLETED), videos=videos, usage=usage, updated=AT)
    assert read_interaction(told) == Succeeded(videos=(RemoteVideo(uri="https://h/files/1"),), usage=usage)
    assert read_usage(told) == usage
    thoughtful = {"prompt_tokens": 1, "completion_tokens": 7, "total_tokens": 8, "reasoning_tokens": 5}
    again = to_interaction(view(JobStatus.COMPLETED), videos=videos, usage=thoughtful, updated=AT)
    assert again["usage"]["total_output_tokens"] == 2
    assert read_usage(again) == thoughtful


def test_failed() -> None:
    """Why there is no video."""
    told = to_interaction(view(JobStatus.FAILED), updated=AT, error=BadRequest("No.", code="content_filter"))
    assert told["errors"] == [{"code": "content_filter", "message": "No."}]
