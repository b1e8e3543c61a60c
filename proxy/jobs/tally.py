"""What is counted of jobs: how a submit went, how a job ended and what it cost, and which request joined one."""

from enum import StrEnum

from proxy.jobs.job import Accepted, Event, Job, JobState, JobTarget, Unknown
from proxy.metrics.tally import Tallies


class SubmitOutcome(StrEnum):
    """What came of sending a job to Google, or of trying to."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Certainly not taken, and so not paid for."""
    NOT_SENT = "not_sent"
    UNCERTAIN = "uncertain"
    """Google may have taken it."""


class JobTally:
    """Counts by the backend and the model that a job is for; where it never had a credential, by its first choice."""

    def __init__(self, tallies: Tallies) -> None:
        self._tallies = tallies

    def answered(self, job: Job, event: Event) -> None:
        """Google has answered a submit, or its answer was lost."""
        match event:
            case Accepted():
                outcome = SubmitOutcome.ACCEPTED
            case Unknown():
                outcome = SubmitOutcome.UNCERTAIN
            case _:
                outcome = SubmitOutcome.REFUSED
        self._tallies.submits[(*self._labels(job), outcome)] += 1

    def not_sent(self, job: Job) -> None:
        """A submit failed before anything had left."""
        self._tallies.submits[(*self._labels(job), SubmitOutcome.NOT_SENT)] += 1

    def ended(self, job: Job) -> None:
        """A state was written down; it is counted if it is an end."""
        if not job.ended:
            return
        labels = self._labels(job)
        self._tallies.jobs_ended[(*labels, job.state)] += 1
        if job.state is JobState.COMPLETED and job.cost is not None:
            self._tallies.spent_dollars[labels] += job.cost

    def joined(self, job: Job) -> None:
        """A request is answered by a job that was there: one video less to pay for."""
        self._tallies.joins[self._labels(job)] += 1

    def _labels(self, job: Job) -> tuple[str, str]:
        target: JobTarget = job.pinned or job.targets[0]
        return target.backend, self._tallies.model(target.upstream_id)
