"""Which job a repeat joins: the table of rules."""

from dataclasses import replace
from datetime import timedelta

import pytest

from proxy.jobs.job import JobState
from proxy.jobs.join import JoinRules, Repeat, check_key, joined
from tests.jobs import AT_WORK, LATE, NOW, a_job_at
from translators.errors import Conflict

RULES = JoinRules()
PLAIN = Repeat(fingerprint="f" * 64)
MARKED = replace(PLAIN, marked=True)
MINUTE = timedelta(minutes=1)


def left(place: str, ago: timedelta):
    return a_job_at(place, unclaimed_since=NOW - ago)


@pytest.mark.parametrize("place", ["queued", *AT_WORK, "completed", "given up"])
def test_a_job_whose_caller_left(place) -> None:
    """Joined within ten minutes, by any equal request."""
    for ago, joins in ((timedelta(), True), (10 * MINUTE, True), (10.01 * MINUTE, False)):
        assert (joined(PLAIN, [left(place, ago)], RULES, NOW) is not None) is joins


@pytest.mark.parametrize("place", ["queued", *AT_WORK, "completed", "given up"])
def test_a_marked_repeat(place) -> None:
    """Joins what is less than an hour old, left or not."""
    job = a_job_at(place)
    assert joined(MARKED, [job], RULES, NOW + 59 * MINUTE) is job
    assert joined(MARKED, [job], RULES, NOW + 61 * MINUTE) is None


@pytest.mark.parametrize("place", ["queued", *AT_WORK, "completed"])
def test_an_unmarked_repeat_while_somebody_waits(place) -> None:
    """Is a second wish."""
    assert joined(PLAIN, [a_job_at(place)], RULES, NOW) is None


def test_the_repeat_of_an_uncertain_job() -> None:
    """Is told the same again for ten minutes, though its caller has been told: by itself it must not pay twice."""
    job = a_job_at("given up")
    assert joined(PLAIN, [job], RULES, NOW + 10 * MINUTE) is job
    assert joined(PLAIN, [job], RULES, NOW + 11 * MINUTE) is None


@pytest.mark.parametrize("place", ["failed", "refused for good", "cancelled", "expired"])
@pytest.mark.parametrize("repeat", [PLAIN, MARKED])
def test_what_ended_for_nothing_is_not_joined(place, repeat) -> None:
    """Nothing was made, or it was refused: the repeat is a new job."""
    assert joined(repeat, [left(place, timedelta())], RULES, NOW) is None


@pytest.mark.parametrize("repeat", [PLAIN, MARKED])
def test_a_job_that_ran_out_of_time(repeat) -> None:
    """Its caller was told that the same request goes on with the operation: within the hour it does."""
    job = a_job_at("timed out")
    assert job.error == LATE
    assert joined(repeat, [job], RULES, job.finished_at + 60 * MINUTE) is job
    assert joined(PLAIN, [job], RULES, job.finished_at + 61 * MINUTE) is None


def test_windows_of_zero_switch_the_guess_off() -> None:
    """What was left a second ago is not joined."""
    off = JoinRules(unclaimed_window=timedelta())
    assert joined(PLAIN, [left("running", timedelta(seconds=1))], off, NOW) is None


def test_the_longest_left_is_joined_first() -> None:
    """Two callers left two equal jobs: the first to come back gets the older."""
    newer, older = left("running", MINUTE), replace(left("running", 2 * MINUTE), id="video_0")
    assert joined(PLAIN, [newer, older], RULES, NOW) is older


def test_a_key_belongs_to_one_request() -> None:
    """The same request is the same job in any state; another one is a conflict that names the job."""
    job = a_job_at("cancelled")
    assert job.state is JobState.CANCELLED
    assert check_key(job, PLAIN) is job
    with pytest.raises(Conflict) as refused:
        check_key(job, replace(PLAIN, fingerprint="other"))
    assert (refused.value.param, refused.value.extra) == ("Idempotency-Key", {"job_id": job.id})
