"""Job views for the tests of the forms that are written from them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from translators.video.job_view import JobStatus, JobView

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WAITING = JobView(
    id="video_1", status=JobStatus.QUEUED, model="veo", prompt="a kite", created_at=NOON, progress=0, queue_position=2
)


def view(status: JobStatus, **fields: Any) -> JobView:
    """A view of a job in some state."""
    return replace(WAITING, status=status, **{"queue_position": None, **fields})
