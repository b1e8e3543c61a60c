"""Jobs as OpenAI shows videos."""

from datetime import timedelta

import pytest
from openai.types import Video

from translators.video.job_view import JobStatus
from translators.video.video_object import to_deleted, to_video_list, to_video_object

from .views import NOON, WAITING, view


def test_a_waiting_job() -> None:
    """What is not known yet is null, not invented."""
    assert to_video_object(WAITING) == {
        "id": "video_1",
        "object": "video",
        "model": "veo",
        "status": "queued",
        "progress": 0,
        "created_at": int(NOON.timestamp()),
        "completed_at": None,
        "expires_at": None,
        "prompt": "a kite",
        "size": None,
        "seconds": None,
        "remixed_from_video_id": None,
        "error": None,
        "progress_estimated": True,
        "queue_position": 2,
    }


def test_a_finished_job_is_openais_own_type() -> None:
    """openai-python validates it, and keeps what stands beside."""
    done = view(
        JobStatus.COMPLETED,
        completed_at=NOON,
        expires_at=NOON + timedelta(days=7),
        progress=40,
        seconds=8,
        width=1280,
        height=720,
        remixed_from="video_0",
        operation="operations/1",
        cost=3.2,
        warnings=("It is shorter.",),
    )
    video = Video.model_validate(to_video_object(done))
    assert (video.status, video.progress, video.seconds, video.size) == ("completed", 100, "8", "1280x720")
    assert video.expires_at == int(NOON.timestamp()) + 7 * 86400
    assert video.remixed_from_video_id == "video_0"
    assert video.model_extra == {"operation": "operations/1", "cost": 3.2, "warnings": ["It is shorter."]}


@pytest.mark.parametrize("status", list(JobStatus))
def test_only_openais_four_words(status: JobStatus) -> None:
    """Any other ends openai-python's poll helper without an exception."""
    assert to_video_object(view(status))["status"] in ("queued", "in_progress", "completed", "failed")


@pytest.mark.parametrize("status", [status for status in JobStatus if status is not JobStatus.COMPLETED])
def test_progress_is_an_estimate_below_100(status: JobStatus) -> None:
    """Google reports none."""
    told = to_video_object(view(status, progress=100))
    assert told["progress"] == 99
    assert told["progress_estimated"] is True


def test_why_a_job_failed() -> None:
    """Code and message; a job without a reason says how it ended."""
    failed = to_video_object(view(JobStatus.FAILED, error_code="content_filter", error_message="No."))
    assert failed["error"] == {"code": "content_filter", "message": "No."}
    cancelled = to_video_object(view(JobStatus.CANCELLED))
    assert cancelled["error"] == {"code": "job_cancelled", "message": "The job was cancelled."}


def test_a_page() -> None:
    """The SDKs read the cursor from it."""
    page = to_video_list([WAITING, view(JobStatus.FAILED, id="video_0")], has_more=True)
    assert (page["object"], page["first_id"], page["last_id"], page["has_more"]) == ("list", "video_1", "video_0", True)
    assert [entry["id"] for entry in page["data"]] == ["video_1", "video_0"]


def test_an_empty_page() -> None:
    """No cursor."""
    assert to_video_list([], has_more=False) == {
        "object": "list",
        "data": [],
        "first_id": None,
        "last_id": None,
        "has_more": False,
    }


def test_a_deleted_video() -> None:
    """OpenAI's three members."""
    assert to_deleted("video_1") == {"id": "video_1", "object": "video.deleted", "deleted": True}
