"""A video job in OpenRouter's form: answers, errors, webhook (OpenRouter docs, video generation, 2026-11)."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from translators.errors import ApiError
from translators.video.job_view import JobStatus, JobView

STATUSES = {
    JobStatus.QUEUED: "pending",
    JobStatus.IN_PROGRESS: "in_progress",
    JobStatus.COMPLETED: "completed",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "cancelled",
    JobStatus.EXPIRED: "expired",
}


def to_openrouter(view: JobView, *, polling_url: str, urls: Sequence[Any] = ()) -> dict[str, Any]:
    """The answer to a create (202) and to a poll.

    `urls` are the addresses of the finished videos: text, or whatever the reply writes as text.
    """
    status = STATUSES[view.status]
    answer: dict[str, Any] = {"id": view.id, "generation_id": view.id, "polling_url": polling_url, "status": status}
    match view.status:
        case JobStatus.QUEUED | JobStatus.IN_PROGRESS:
            answer |= {"progress": min(view.progress, 99), "progress_estimated": True}
        case JobStatus.COMPLETED:
            answer |= {"model": view.model, "unsigned_urls": list(urls), "usage": _usage(view)}
        case _:
            answer |= {"error": view.error_message or f"The job was {status}."}
    return {**answer, **({"warnings": list(view.warnings)} if view.warnings else {})}


def to_openrouter_error(error: ApiError) -> dict[str, Any]:
    """OpenRouter's error: a number for a code; what ours has besides stands under `metadata`."""
    metadata = {**error.extra, "error_type": error.type, "error_code": error.code, "param": error.param}
    known = {name: value for name, value in metadata.items() if value is not None}
    return {"error": {"code": error.status, "message": error.message, "metadata": known}}


def to_webhook_event(view: JobView, *, urls: Sequence[str], created_at: datetime) -> dict[str, Any]:
    """The event of a job that has ended, `video.generation.<status>`."""
    status = STATUSES[view.status]
    data: dict[str, Any] = {"id": view.id, "generation_id": view.id, "status": status, "model": view.model}
    if view.status is JobStatus.COMPLETED:
        data |= {"unsigned_urls": list(urls), "usage": _usage(view)}
    else:
        data |= {"error": view.error_message or f"The job was {status}."}
    return {"type": f"video.generation.{status}", "created_at": created_at.isoformat(), "data": data}


def webhook_headers(view: JobView, *, secret: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a webhook's POST: the signature if there is a secret, and a key that is the same at each retry."""
    headers = {
        "content-type": "application/json",
        "x-openrouter-idempotency-key": f"{view.id}-{STATUSES[view.status]}",
    }
    if secret:
        headers["x-openrouter-signature"] = signature(secret, timestamp, body)
    return headers


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """`t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over the timestamp, a comma and the body's exact bytes."""
    digest = hmac.new(secret.encode(), f"{timestamp},".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def _usage(view: JobView) -> dict[str, Any]:
    """`is_byok`: the server's owner pays Google with their own key."""
    return {**({"cost": view.cost} if view.cost is not None else {}), "is_byok": True}
