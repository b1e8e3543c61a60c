"""A video job as its callers may see it: what the Videos API's and OpenRouter's forms are written from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobStatus(StrEnum):
    """Where a job stands, in words that both forms can be made of."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """One job. Times are aware, `cost` is dollars, `progress` an estimate in percent; None is not known (yet)."""

    id: str
    status: JobStatus
    model: str
    prompt: str
    created_at: datetime
    progress: int
    completed_at: datetime | None = None
    expires_at: datetime | None = None
    """Until when the video is kept."""
    seconds: int | None = None
    width: int | None = None
    height: int | None = None
    remixed_from: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    queue_position: int | None = None
    """How many jobs go before it, while it waits."""
    operation: str | None = None
    """Google's name for the work: what its support asks for."""
    videos: int = 0
    cost: float | None = None
    warnings: Sequence[str] = ()
