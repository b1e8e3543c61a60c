"""Saving: only by the owner, only forwards, and without undoing what others may write."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from proxy.jobs.job import Ended, Found, Job, JobState, Reopened, Unknown, advance
from proxy.jobs.ledger import Fenced, Ledger
from tests.contract.ledger.stores import Store, bring
from tests.jobs import ACCEPTED, AT_WORK, ENDED, ERROR, FOUND, KEPT, LEASE, NOW, PATHS, TARGET, a_job, a_job_at, living

LATER = NOW + timedelta(minutes=1)


async def test_the_owner_of_yesterday_writes_nothing(store: Store) -> None:
    """A process that was stopped, lost its job to another and woke up again is fenced out of it for good."""
    zombie, survivor = await store.open(), await store.open()
    stale = await bring(zombie, "running", owner="zombie")
    [adopted] = await survivor.adopt("survivor", living("zombie", "survivor"), LEASE + LATER.resolution, LATER)

    with pytest.raises(Fenced):
        await zombie.save(advance(stale, FOUND, LATER))
    await survivor.save(advance(adopted, FOUND, LATER))
    with pytest.raises(Fenced):
        await zombie.save(advance(stale, Ended(JobState.FAILED, ERROR), LATER))

    job = await survivor.get(stale.id)
    assert job is not None
    assert (job.state, job.owner) == (JobState.FETCHING, "survivor")


async def test_an_unknown_job_is_fenced(ledger: Ledger) -> None:
    """A job that was deleted does not come back by a write."""
    with pytest.raises(Fenced):
        await ledger.save(a_job_at("running"))

    assert await ledger.get("video_1") is None


async def test_a_cancelled_job_is_not_taken_back(ledger: Ledger) -> None:
    """Whoever still holds a waiting job that was cancelled meanwhile cannot end it otherwise."""
    waiting = await bring(ledger, "queued")
    await ledger.cancel_queued(waiting.id, NOW)
    with pytest.raises(Fenced):
        await ledger.save(advance(waiting, Ended(JobState.FAILED, ERROR), NOW))

    job = await ledger.get(waiting.id)
    assert job is not None
    assert job.state is JobState.CANCELLED


@pytest.mark.parametrize("place", [place for place in ENDED if place != "cancelled"])
async def test_an_end_is_final(ledger: Ledger, place: str) -> None:
    """A copy from before the end cannot be written over it."""
    ended = await bring(ledger, place)
    before: Job = replace(a_job_at("running"), epoch=ended.epoch)
    with pytest.raises(Fenced):
        await ledger.save(before)

    assert await ledger.get(ended.id) == ended


async def test_an_uncertain_end_is_final(ledger: Ledger) -> None:
    """What was given up does not become unknown again by a late write."""
    ended = await bring(ledger, "given up")
    with pytest.raises(Fenced):
        await ledger.save(replace(a_job_at("uncertain"), epoch=ended.epoch))


async def test_an_ended_job_can_be_corrected_and_its_media_can_expire(ledger: Ledger) -> None:
    """Details of an ended job may change, and completed may become expired."""
    completed = replace(await bring(ledger, "completed"), cost=1.5)
    await ledger.save(completed)
    assert await ledger.get(completed.id) == completed
    expired = advance(completed, Ended(JobState.EXPIRED, ERROR), LATER)
    await ledger.save(expired)

    assert await ledger.get(completed.id) == expired


async def test_a_save_does_not_shorten_a_lease(ledger: Ledger) -> None:
    """A runner's copy is as old as its last write; the heartbeat since then counts."""
    job = await bring(ledger, "running")
    await ledger.beat("me", LEASE + timedelta(minutes=5))
    await ledger.save(advance(job, FOUND, LATER))

    after = await ledger.get(job.id)
    assert after is not None
    assert after.lease_until == LEASE + timedelta(minutes=5)


async def test_a_save_does_not_touch_who_waits(ledger: Ledger) -> None:
    """Whether a caller has gone is no business of the runner's copy."""
    job = await bring(ledger, "running")
    await ledger.mark(job.id, unclaimed_since=NOW)
    await ledger.save(advance(job, FOUND, LATER))
    marked = await ledger.get(job.id)
    await ledger.mark(job.id, unclaimed_since=None)
    unmarked = await ledger.get(job.id)

    assert marked is not None
    assert unmarked is not None
    assert (marked.unclaimed_since, unmarked.unclaimed_since) == (NOW, None)


async def test_marking_an_unknown_job_is_nothing(ledger: Ledger) -> None:
    """A caller may leave after its job was deleted."""
    await ledger.mark("video_0", unclaimed_since=NOW)


async def test_what_was_asked_stays_as_it_was_written(ledger: Ledger) -> None:
    """No save rewrites the request side of a job."""
    job = await bring(ledger, "running")
    await ledger.save(replace(job, prompt="another", caller="mallory", created_at=LATER, priority=9))

    assert await ledger.get(job.id) == job


async def test_a_cancelled_save_is_still_written(ledger: Ledger) -> None:
    """An operation name reaches the disk even if the task that saves it is cancelled at that moment."""
    job = advance(await bring(ledger, "submitting"), ACCEPTED, NOW)
    saving = asyncio.create_task(ledger.save(job))
    await asyncio.sleep(0)
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    await ledger.mark("nobody", unclaimed_since=None)  # the writes before it are done

    assert await ledger.get(job.id) == job


async def test_closing_finishes_what_was_begun(store: Store) -> None:
    """A write that was given before the close is on disk after it; closing twice is closing once."""
    ledger = await store.open()
    writing = asyncio.create_task(ledger.create(a_job(), "{}"))
    await asyncio.sleep(0)
    await ledger.close()
    await ledger.close()
    await writing

    assert await (await store.open()).get("video_1") == a_job()


# -- what no state machine should ever ask for, and the store refuses all the same -------------------------------------

IMPOSSIBLE = {
    "queued after acceptance": replace(a_job(), epoch=1),
    "queued and owned": replace(a_job_at("submitting"), state=JobState.QUEUED),
    "running without operation": replace(a_job_at("running"), operation=None),
    "running another operation": replace(a_job_at("running"), operation="models/m/operations/other"),
    "sent again": replace(a_job_at("submitting"), operation=ACCEPTED.operation),
    "fetching before done": replace(a_job_at("fetching"), done_at=None),
    "completed without media": replace(a_job_at("completed"), media=()),
    "completed and unfinished": replace(a_job_at("completed"), finished_at=None),
    "running and finished": replace(a_job_at("running"), finished_at=NOW, owner=None, lease_until=None),
    "ended and owned": replace(a_job_at("failed"), owner="me", lease_until=LEASE),
    "owned without lease": replace(a_job_at("running"), lease_until=None),
    "running unpinned": replace(a_job_at("running"), pinned=None),
    "running by another credential": replace(a_job_at("running"), pinned=replace(TARGET, credential_id="key-2")),
    "running unsubmitted": replace(a_job_at("running"), submitted_at=None),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
async def test_an_impossible_row_is_refused(ledger: Ledger, name: str) -> None:
    """The store itself holds the invariants, so that no future writer can break them."""
    job = await bring(ledger, "running")
    with pytest.raises(Exception, match=r"(?i)constraint|never"):
        await ledger.save(IMPOSSIBLE[name])

    assert await ledger.get(job.id) == job


async def test_no_job_is_written_first_when_it_is_at_google(ledger: Ledger) -> None:
    """Each begins in the queue, where a claim counts it."""
    with pytest.raises(Exception, match="never"):
        await ledger.create(a_job_at("running"), "{}")

    assert await ledger.get(a_job().id) is None


@pytest.mark.parametrize("place", [place for place in AT_WORK if place != "submitting"])
@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.SUBMITTING])
async def test_nothing_returns_to_where_money_is_spent(ledger: Ledger, place: str, state: JobState) -> None:
    """Once Google may have accepted, the store refuses to queue or submit the job, whatever the writer believes."""
    job = await bring(ledger, place)
    again = replace(a_job_at("submitting"), operation=job.operation) if state is JobState.SUBMITTING else a_job(epoch=1)
    with pytest.raises(Exception, match=r"(?i)constraint|never"):
        await ledger.save(again)

    assert await ledger.get(job.id) == job


def test_every_kind_of_path_is_tried() -> None:
    """AT_WORK and ENDED together are all places but the queue, so that no test above forgets one."""
    assert {*AT_WORK, *ENDED, "queued"} == set(PATHS)


async def test_a_whole_life_is_written_step_by_step(ledger: Ledger) -> None:
    """From the queue to the media, through a timeout and an unknown, every write of the owner succeeds."""
    job = await bring(ledger, "timed out")
    reopened = await ledger.reopen(job.id, "me", LEASE, LATER)
    assert reopened == advance(job, Reopened("me", LEASE), LATER)
    fetching = advance(reopened, Found(results=FOUND.results), LATER)
    await ledger.save(fetching)
    completed = advance(fetching, KEPT, LATER)
    await ledger.save(completed)
    other = await bring(ledger, "uncertain", "video_2")
    await ledger.save(advance(other, Unknown(ERROR), LATER))

    assert await ledger.get(job.id) == completed
