"""A video job -> the Videos API's objects (openai-python 3.52: `Video`, `VideoDeleteResponse`, the list page)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from translators.video.job_view import JobStatus, JobView

STATUSES = {
    JobStatus.QUEUED: "queued",
    JobStatus.IN_PROGRESS: "in_progress",
    JobStatus.COMPLETED: "completed",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "failed",
    JobStatus.EXPIRED: "failed",
}
"""openai-python's poll helper returns at once on a word that is not one of OpenAI's four, as if all were well."""


def to_video_object(view: JobView) -> dict[str, Any]:
    """The `video` object; what is not known is null, and what OpenAI's has no place for stands beside."""
    return {
        "id": view.id,
        "object": "video",
        "model": view.model,
        "status": STATUSES[view.status],
        "progress": _progress(view),
        "created_at": int(view.created_at.timestamp()),
        "completed_at": _unix(view.completed_at),
        "expires_at": _unix(view.expires_at),
        "prompt": view.prompt,
        "size": f"{view.width}x{view.height}" if view.width and view.height else None,
        "seconds": str(view.seconds) if view.seconds is not None else None,
        "remixed_from_video_id": view.remixed_from,
        "error": _error(view),
        **_extras(view),
    }


def to_video_list(views: Sequence[JobView], *, has_more: bool) -> dict[str, Any]:
    """One page; the SDKs ask for the next one with `after=<last_id>`."""
    return {
        "object": "list",
        "data": [to_video_object(view) for view in views],
        "first_id": views[0].id if views else None,
        "last_id": views[-1].id if views else None,
        "has_more": has_more,
    }


def to_deleted(job_id: str) -> dict[str, Any]:
    """What a delete answers."""
    return {"id": job_id, "object": "video.deleted", "deleted": True}


def _progress(view: JobView) -> int:
    return 100 if view.status is JobStatus.COMPLETED else min(view.progress, 99)


def _unix(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment is not None else None


def _error(view: JobView) -> dict[str, str] | None:
    if STATUSES[view.status] != "failed":
        return None
    code = view.error_code or f"job_{view.status.value}"
    return {"code": code, "message": view.error_message or f"The job was {view.status.value}."}


def _extras(view: JobView) -> dict[str, Any]:
    extras = {
        "progress_estimated": True if view.status is not JobStatus.COMPLETED else None,
        "queue_position": view.queue_position,
        "operation": view.operation,
        "cost": view.cost,
        "warnings": list(view.warnings) or None,
    }
    return {name: value for name, value in extras.items() if value is not None}
