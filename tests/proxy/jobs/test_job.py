"""The life of a job: what may follow what, and above all what may not."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from proxy.jobs.job import (
    ENDINGS,
    TIMED_OUT,
    TRANSITIONS,
    AcceptedLate,
    Adopted,
    Claimed,
    Ended,
    Event,
    Found,
    IllegalTransition,
    Job,
    JobState,
    Kept,
    Refused,
    Reopened,
    Unknown,
    advance,
)
from tests.jobs import (
    ACCEPTED,
    AT_WORK,
    ERROR,
    FOUND,
    KEPT,
    LATE,
    LEASE,
    MEDIA,
    NOW,
    PATHS,
    RESULT,
    TARGET,
    a_claim,
    a_job,
    a_job_at,
)

LATER = NOW + timedelta(minutes=1)
REFUSED = Refused(not_before=LATER)
ADOPTED = Adopted("other", LEASE)
REOPENED = Reopened("other", LEASE)

EVENTS: Mapping[str, Event] = {
    "claimed": a_claim(),
    "adopted": ADOPTED,
    "accepted": ACCEPTED,
    "refused": REFUSED,
    "unknown": Unknown(ERROR),
    "found": FOUND,
    "kept": KEPT,
    "accepted late": AcceptedLate("operations/late"),
    "reopened": REOPENED,
    **{f"ended as {state}": Ended(state, ERROR) for state in JobState},
}

LEGAL: Mapping[tuple[str, str], JobState] = {
    ("queued", "claimed"): JobState.SUBMITTING,
    ("queued", "ended as failed"): JobState.FAILED,
    ("queued", "ended as cancelled"): JobState.CANCELLED,
    ("submitting", "adopted"): JobState.UNCERTAIN,
    ("submitting", "accepted"): JobState.RUNNING,
    ("submitting", "refused"): JobState.QUEUED,
    ("submitting", "unknown"): JobState.UNCERTAIN,
    ("submitting", "ended as failed"): JobState.FAILED,
    ("submitting", "ended as uncertain"): JobState.UNCERTAIN,
    ("running", "adopted"): JobState.RUNNING,
    ("running", "found"): JobState.FETCHING,
    ("running", "ended as failed"): JobState.FAILED,
    ("running", "ended as cancelled"): JobState.CANCELLED,
    ("running", "ended as expired"): JobState.EXPIRED,
    ("fetching", "adopted"): JobState.FETCHING,
    ("fetching", "kept"): JobState.COMPLETED,
    ("fetching", "ended as failed"): JobState.FAILED,
    ("fetching", "ended as expired"): JobState.EXPIRED,
    ("completed", "ended as expired"): JobState.EXPIRED,
    ("timed out", "reopened"): JobState.RUNNING,
    ("uncertain", "adopted"): JobState.UNCERTAIN,
    ("uncertain", "unknown"): JobState.UNCERTAIN,
    ("uncertain", "found"): JobState.FETCHING,
    ("uncertain", "accepted late"): JobState.RUNNING,
    ("given up", "accepted late"): JobState.RUNNING,
    ("uncertain", "ended as uncertain"): JobState.UNCERTAIN,
    ("found again", "adopted"): JobState.FETCHING,
    ("found again", "kept"): JobState.COMPLETED,
    ("found again", "ended as failed"): JobState.FAILED,
    ("found again", "ended as expired"): JobState.EXPIRED,
}
"""Everything that may happen, written out; whatever is not here must raise."""


@pytest.mark.parametrize(("place", "event"), LEGAL, ids=map(" + ".join, LEGAL))
def test_a_legal_event_leads_where_the_table_says(place: str, event: str) -> None:
    """Each legal event takes the job to its one next state."""
    assert advance(a_job_at(place), EVENTS[event], LATER).state is LEGAL[place, event]


ILLEGAL = [(place, event) for place in PATHS for event in EVENTS if (place, event) not in LEGAL]


@pytest.mark.parametrize(("place", "event"), ILLEGAL, ids=map(" + ".join, ILLEGAL))
def test_every_other_event_raises(place: str, event: str) -> None:
    """Nothing else may happen to a job, wherever it stands."""
    with pytest.raises(IllegalTransition):
        advance(a_job_at(place), EVENTS[event], LATER)


def test_the_table_of_states_is_used_up() -> None:
    """Every transition in TRANSITIONS is one that some legal event makes, and no event makes another."""
    drawn = {(before, after) for before, afters in TRANSITIONS.items() for after in afters}
    made = {(a_job_at(place).state, after) for (place, _), after in LEGAL.items()}
    resting = {(state, state) for state in (JobState.RUNNING, JobState.FETCHING)}  # adoption changes the owner only

    assert made - resting == drawn
    assert set(TRANSITIONS) == set(JobState)


def test_a_claim_pins_everything_the_submit_will_use() -> None:
    """Who submits, by which credential, under which prefix and since when is known before the POST."""
    job = advance(a_job(), a_claim("me"), LATER)

    assert (job.owner, job.lease_until, job.epoch) == ("me", LEASE, 1)
    assert (job.pinned, job.storage_prefix, job.submitted_at) == (TARGET, "gs://bucket/jobs/1/", LATER)


def test_a_refusal_leaves_no_trace_of_the_attempt() -> None:
    """A job refused for certain waits as if it had never been sent, but for its epoch and its time."""
    job = advance(a_job_at("submitting"), REFUSED, LATER)

    assert job == a_job(epoch=1, not_before=LATER)


def test_acceptance_starts_the_clock() -> None:
    """The job's time runs from Google's answer on."""
    job = advance(a_job_at("submitting"), ACCEPTED, LATER)

    assert (job.operation, job.deadline) == (ACCEPTED.operation, LATER + job.timeout)


@pytest.mark.parametrize("place", AT_WORK)
def test_adoption_fences_the_last_owner(place: str) -> None:
    """Whoever takes a job over raises its epoch and owns it."""
    before = a_job_at(place)
    after = advance(before, ADOPTED, LATER)

    assert (after.epoch, after.owner, after.lease_until) == (before.epoch + 1, "other", LEASE)
    assert after.operation == before.operation


@pytest.mark.parametrize("place", [place for place in PATHS if place not in AT_WORK])
def test_only_work_can_be_adopted(place: str) -> None:
    """A waiting or ended job has no owner to be taken from."""
    assert not a_job_at(place).adoptable


def test_found_remembers_when_google_was_first_done() -> None:
    """A job found a second time keeps its first time of being done."""
    found = a_job_at("fetching")
    again = advance(advance(advance(found, Ended(JobState.FAILED, LATE), LATER), REOPENED, LATER), FOUND, LATER)

    assert again.done_at == found.done_at != LATER


def test_warnings_add_up() -> None:
    """What was told before stays told."""
    first, second, third = {"code": "a"}, {"code": "b"}, {"code": "c"}
    job = a_job_at("running", warnings=(first,))
    job = advance(job, Found(results=(RESULT,), warnings=(second,)), LATER)
    job = advance(job, Kept(media=(MEDIA,), media_until=None, cost=None, warnings=(third,)), LATER)

    assert job.warnings == (first, second, third)


@pytest.mark.parametrize("place", ["completed", "failed", "cancelled", "expired", "given up"])
def test_an_ended_job_belongs_to_nobody(place: str) -> None:
    """An end has a time and frees the job."""
    job = a_job_at(place)

    assert job.ended
    assert (job.owner, job.lease_until) == (None, None)


@pytest.mark.parametrize(
    "event", [Found(results=()), Kept(media=(), media_until=None, cost=None)], ids=["found", "kept"]
)
def test_a_video_is_never_claimed_without_one(event: Event) -> None:
    """Done without a video, or stored without a file, is an ending and no success."""
    with pytest.raises(IllegalTransition):
        advance(a_job_at("running" if isinstance(event, Found) else "fetching"), event, LATER)


def test_a_job_that_timed_out_waiting_is_not_polled() -> None:
    """Without an operation there is nothing to take up again."""
    waiting = advance(a_job(), Ended(JobState.FAILED, LATE), LATER)

    assert waiting.error is not None
    assert waiting.error.code == TIMED_OUT
    with pytest.raises(IllegalTransition):
        advance(waiting, REOPENED, LATER)


@pytest.mark.parametrize(
    ("place", "accepted"),
    [
        ("queued", False),
        ("submitting", None),
        ("running", True),
        ("fetching", True),
        ("completed", True),
        ("failed", True),
        ("refused for good", False),
        ("cancelled", False),
        ("uncertain", None),
        ("given up", None),
        ("found again", True),
    ],
)
def test_accepted_says_only_what_is_known(place: str, accepted: bool | None) -> None:
    """Whether Google took the job is unknown exactly while nobody can know."""
    assert a_job_at(place).accepted is accepted


def test_bucket_names_what_the_time_depends_on() -> None:
    """Alike jobs share a bucket; an unclaimed job has none; unknown members are dashes."""
    assert a_job().bucket is None
    assert a_job_at("running").bucket == "veo-3.1-generate-001/720p/8"
    assert a_job_at("running", parameters={}).bucket == "veo-3.1-generate-001/-/-"


class LifeOfAJob(RuleBasedStateMachine):
    """Lives of a job, drawn at random among the events that may happen: none pays twice, none loses a video."""

    def __init__(self) -> None:
        super().__init__()
        self.job = a_job()
        self.maybe_sent = False

    def possible(self) -> dict[str, Job]:
        """What each event that is legal now would make of the job."""
        futures = {}
        for name, event in EVENTS.items():
            with suppress(IllegalTransition):
                futures[name] = advance(self.job, event, NOW)
        return futures

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """One legal event."""
        futures = self.possible()
        if not futures:
            return
        name = data.draw(st.sampled_from(sorted(futures)))
        before, self.job = self.job, futures[name]

        assert not (self.maybe_sent and isinstance(EVENTS[name], Claimed))
        assert before.operation in (None, self.job.operation)
        assert self.job.epoch >= before.epoch
        self.maybe_sent = self.maybe_sent or self.job.operation is not None or self.job.state is JobState.UNCERTAIN

    @invariant()
    def never_pays_twice(self) -> None:
        """Once Google has or may have the job, it neither waits nor is sent."""
        assert not (self.maybe_sent and self.job.state in (JobState.QUEUED, JobState.SUBMITTING))

    @invariant()
    def never_stands_somewhere_impossible(self) -> None:
        """What a state promises, the fields keep."""
        job = self.job
        assert job.ended == (job.state in (JobState.COMPLETED, *ENDINGS)) or job.state is JobState.UNCERTAIN
        assert not (job.ended and job.owner)
        assert job.state is not JobState.RUNNING or job.operation
        assert job.state is not JobState.COMPLETED or job.media
        assert job.state is not JobState.QUEUED or (job.pinned, job.submitted_at, job.operation) == (None, None, None)


TestLifeOfAJob = LifeOfAJob.TestCase
