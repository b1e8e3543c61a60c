"""A job as a row of the ledger, and back.

What is queried or constrained has a column of its own. The rest lies in two JSON documents: `request`, written once,
and `outcome`, rewritten as the job goes on. A field with a default may be added to either without a migration.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from pydantic import ConfigDict, TypeAdapter

from proxy.jobs.job import Job, JobState, JobTarget

Value = str | int | None
"""What a column holds."""


class Row(Protocol):
    """A row read by column name: `sqlite3.Row`, or a mapping."""

    def __getitem__(self, column: str, /) -> Any:
        """The value of a column."""
        ...


PLAIN = (
    "id",
    "caller",
    "source",
    "fingerprint",
    "idempotency_key",
    "priority",
    "epoch",
    "owner",
    "operation",
    "state",
    "waited_by",
)
"""Fields that are columns as they are."""
ALIKE = ("caller", "source", "owner", "waited_by", "asked_model")
"""Fields in which many jobs say the same: read, they share one string."""
TIMES = ("created_at", "not_before", "lease_until", "submitted_at", "done_at", "finished_at", "unclaimed_since")
"""Fields that are columns in microseconds since 1970 UTC."""
DOCUMENTS: Mapping[str, tuple[str, ...]] = {
    "request": ("asked_model", "prompt", "parameters", "targets", "timeout", "remixed_from"),
    "outcome": (
        "refused_by",
        "inputs_at",
        "pinned",
        "storage_prefix",
        "deadline",
        "results",
        "remote_until",
        "media_until",
        "usage",
        "cost",
        "warnings",
        "error",
    ),
}
"""Columns that hold several fields as one JSON object."""
LISTS = ("media",)
"""Fields that are columns as JSON arrays."""
DERIVED: Mapping[str, Callable[[Job], str | None]] = {
    "credential_id": lambda job: None if job.pinned is None else job.pinned.credential_id,
    "upstream_id": lambda job: None if job.pinned is None else job.pinned.upstream_id,
    "bucket": lambda job: job.bucket,
}
"""Columns computed from other fields, for queries only; never read back."""

LANE = "lane"
"""The column that says what a waiting job waits for; NULL in every other state, never read back."""

COLUMNS = (*PLAIN, *TIMES, *DOCUMENTS, *LISTS, *DERIVED, LANE)
"""Every column of a job."""
WRITTEN_ONCE = frozenset(
    {"id", "caller", "source", "created_at", "fingerprint", "idempotency_key", "priority", "request"}
)
"""Columns that no event changes."""

# A list, since a dataclass alone takes no config; NaN is kept as it is, for _json to refuse, where pydantic's default
# writes null (pydantic docs, `ser_json_inf_nan`).
_JOBS = TypeAdapter(list[Job], config=ConfigDict(ser_json_inf_nan="constants"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_instant(moment: datetime) -> int:
    """An aware time as whole microseconds since 1970 UTC: exact, and ordered as time is. TypeError if it is naive."""
    return (moment - _EPOCH) // _MICROSECOND


def from_instant(instant: int) -> datetime:
    """The time of an instant, in UTC."""
    return _EPOCH + instant * _MICROSECOND


def to_row(job: Job) -> dict[str, Value]:
    """Every column of a job. Raises ValueError for what JSON cannot say (NaN, objects), TypeError for naive times."""
    row: dict[str, Value] = {name: getattr(job, name) for name in PLAIN}
    row["state"] = job.state.value
    for name in TIMES:
        moment: datetime | None = getattr(job, name)
        row[name] = None if moment is None else to_instant(moment)
    [plain] = _JOBS.dump_python([job], mode="json")
    for column, fields in DOCUMENTS.items():
        row[column] = _json({name: plain[name] for name in fields})
    for name in LISTS:
        row[name] = _json(plain[name])
    for column, derive in DERIVED.items():
        row[column] = derive(job)
    row[LANE] = _lane(job)
    return row


def from_row(row: Row) -> Job:
    """The job of a row; times are in UTC."""
    fields: dict[str, Any] = {name: row[name] for name in PLAIN}
    for name in TIMES:
        fields[name] = None if row[name] is None else from_instant(row[name])
    for column in DOCUMENTS:
        fields |= json.loads(row[column])
    for name in LISTS:
        fields[name] = json.loads(row[name])
    for name in ALIKE:
        if fields[name] is not None:
            fields[name] = sys.intern(fields[name])
    [job] = _JOBS.validate_python([fields])
    return replace(job, targets=_shared(job.targets), pinned=job.pinned and _shared((job.pinned,))[0])


@lru_cache(maxsize=1024)
def _shared(targets: tuple[JobTarget, ...]) -> tuple[JobTarget, ...]:
    """The equal ones that were read before: thousands of jobs wait at a few places, a kilobyte of words each."""
    return targets


def _json(value: Any) -> str:
    """Refuses NaN rather than writing null for it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _lane(job: Job) -> str | None:
    """What a waiting job waits for: the same for all that may go by the same targets and were refused by the same."""
    if job.state is not JobState.QUEUED:
        return None
    ways = ([(target.credential_id, target.upstream_id) for target in job.targets], job.refused_by)
    return hashlib.blake2b(_json(ways).encode(), digest_size=12).hexdigest()
