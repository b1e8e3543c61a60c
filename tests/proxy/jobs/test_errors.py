"""Errors survive the ledger, and say what a client may do."""

from dataclasses import replace

import pytest

from proxy.jobs.desk import QueueFull
from proxy.jobs.errors import raised, stored
from proxy.jobs.job import JobError
from tests.jobs import a_job_at
from translators import errors
from translators.errors import ApiError

TREE = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, ApiError)]


@pytest.mark.parametrize("kind", [*TREE, QueueFull], ids=lambda kind: kind.__name__)
def test_there_and_back(kind) -> None:
    """Status, type, message, code, param, delay and extra members; a private kind comes back as its public one."""
    error = kind("it went wrong", param="prompt", code="why", retry_after=7.5, extra={"more": [1]})
    job = a_job_at("failed", operation="op")
    back = raised(replace(job, error=stored(error)))
    told = {
        name: value
        for name, value in back.body()["error"].items()
        if name not in ("job_id", "operation", "storage_prefix")
    }
    assert (back.status, told) == (error.status, error.body()["error"])
    assert back.retry_after == 7.5
    assert back.should_retry is False


def test_a_kind_that_is_no_longer_known() -> None:
    """A row of another version is still an error and no crash."""
    job = replace(a_job_at("failed"), error=JobError(type="Forgotten", message="old", code="old"))
    assert (raised(job).status, raised(job).message) == (502, "old")


@pytest.mark.parametrize(
    ("kind", "retry"), [(errors.RateLimited, None), (errors.Unavailable, None), (errors.BadRequest, False)]
)
def test_what_was_never_accepted_may_be_worth_a_retry(kind, retry) -> None:
    """Only where Google certainly has nothing, and only for what may pass."""
    job = replace(a_job_at("refused for good"), error=stored(kind("no")))
    assert job.accepted is False
    assert raised(job).should_retry is retry


@pytest.mark.parametrize("place", ["cancelled", "expired"])
def test_an_ending_without_an_error_is_told_too(place) -> None:
    """404 with the job's id."""
    error = raised(replace(a_job_at(place), error=None))
    assert (error.status, error.code) == (404, f"job_{place}")
    assert error.extra["job_id"] == "video_1"
