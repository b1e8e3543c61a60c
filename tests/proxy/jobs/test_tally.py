"""What is counted of a job, by the events and states that it goes through."""

from dataclasses import replace

import pytest

from proxy.jobs.job import Accepted, Ended, Event, Job, JobError, JobState, Unknown
from proxy.jobs.tally import JobTally
from proxy.metrics.tally import Tallies
from tests.jobs import NOW, a_job

ERROR = JobError(type="api_error", message="m", code="c")
MODEL = a_job("j").targets[0].upstream_id
LABELS = (a_job("j").targets[0].backend, MODEL)


@pytest.fixture
def tallies() -> Tallies:
    return Tallies([MODEL])


def an_ended(state: JobState, cost: float | None = None) -> Job:
    return replace(a_job("j"), state=state, finished_at=NOW, cost=cost)


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        (Accepted("operations/1"), "accepted"),
        (Unknown(ERROR), "uncertain"),
        (Ended(JobState.FAILED, ERROR), "refused"),
    ],
)
def test_what_came_of_a_submit(event: Event, outcome: str, tallies: Tallies) -> None:
    """One word for each, by backend and model."""
    JobTally(tallies).answered(a_job("j"), event)
    assert tallies.submits == {(*LABELS, outcome): 1}


def test_what_was_not_sent(tallies: Tallies) -> None:
    """Nothing was asked of Google."""
    JobTally(tallies).not_sent(a_job("j"))
    assert tallies.submits == {(*LABELS, "not_sent"): 1}


def test_an_end_is_counted_and_other_states_are_not(tallies: Tallies) -> None:
    """Dollars only of what came home, and only where they are known."""
    tally = JobTally(tallies)
    for job in (
        a_job("j"),
        an_ended(JobState.COMPLETED, 0.5),
        an_ended(JobState.COMPLETED, 0.25),
        an_ended(JobState.COMPLETED),
        an_ended(JobState.FAILED, 9.0),
        replace(an_ended(JobState.UNCERTAIN), finished_at=None),
    ):
        tally.ended(job)
    assert tallies.jobs_ended == {(*LABELS, "completed"): 3, (*LABELS, "failed"): 1}
    assert tallies.spent_dollars == {LABELS: 0.75}


def test_the_credential_that_carried_it_counts(tallies: Tallies) -> None:
    """Not the first that might have."""
    other = replace(a_job("j").targets[0], upstream_id="made-up")
    JobTally(tallies).joined(replace(a_job("j"), pinned=other))
    JobTally(tallies).joined(a_job("j"))
    assert tallies.joins == {(LABELS[0], "other"): 1, LABELS: 1}
