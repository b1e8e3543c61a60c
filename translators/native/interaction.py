"""A job as an interaction (Interactions API, steps schema of 2026-06, as google-genai 3.4.0 reads it)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from translators.errors import ApiError
from translators.video.job_view import JobStatus, JobView

STATUSES: Mapping[JobStatus, str] = {
    JobStatus.QUEUED: "queued",
    JobStatus.IN_PROGRESS: "in_progress",
    JobStatus.COMPLETED: "completed",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "cancelled",
    JobStatus.EXPIRED: "failed",
}
_USAGE = {
    "total_tokens": "total_tokens",
    "prompt_tokens": "total_input_tokens",
    "completion_tokens": "total_output_tokens",
    "reasoning_tokens": "total_thought_tokens",
}


def to_interaction(
    view: JobView,
    *,
    videos: Sequence[Mapping[str, Any]] = (),
    usage: Mapping[str, int] | None = None,
    updated: datetime,
    error: ApiError | None = None,
) -> dict[str, Any]:
    """The interaction; `videos` are `mime_type` with `uri` or `data`, `error` why there are none."""
    told: dict[str, Any] = {
        "id": view.id,
        "object": "interaction",
        "model": view.model,
        "status": STATUSES[view.status],
        "created": _instant(view.created_at),
        "updated": _instant(updated),
        "steps": [{"type": "model_output", "content": [{"type": "video", **video} for video in videos]}]
        if videos
        else [],
    }
    if usage is not None:
        # Google counts thoughts beside the output, OpenAI within it.
        apart = {**usage, "completion_tokens": usage["completion_tokens"] - usage.get("reasoning_tokens", 0)}
        told["usage"] = {theirs: apart[ours] for ours, theirs in _USAGE.items() if ours in apart}
    if error is not None:
        told["errors"] = [{"code": error.code, "message": error.message}]
    return told


def _instant(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")
