"""Adoption, leases and reopening: who carries on with what another process left."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from proxy.jobs.job import Adopted, JobState, Reopened, advance
from proxy.jobs.ledger import Ledger
from tests.contract.ledger.stores import bring
from tests.jobs import AT_WORK, LEASE, NOW, PATHS, a_job, living

LATER = NOW + timedelta(seconds=20)
NEW_LEASE = NOW + timedelta(minutes=2)


@pytest.mark.parametrize("place", AT_WORK)
async def test_the_work_of_the_dead_is_taken_over_at_once(ledger: Ledger, place: str) -> None:
    """A dead process's job is adopted before its lease ends, and what was inside the POST becomes uncertain."""
    job = await bring(ledger, place, owner="dead")
    adopted = await ledger.adopt("me", living("me"), NEW_LEASE, LATER)

    assert adopted == [advance(job, Adopted("me", NEW_LEASE), LATER)]
    assert await ledger.get(job.id) == adopted[0]
    assert adopted[0].state is not JobState.SUBMITTING


@pytest.mark.parametrize("place", AT_WORK)
async def test_the_work_of_the_living_is_left_alone(ledger: Ledger, place: str) -> None:
    """While its owner lives and its lease runs, a job is its owner's."""
    job = await bring(ledger, place, owner="other")

    assert await ledger.adopt("me", living("me", "other"), NEW_LEASE, LATER) == []
    assert await ledger.get(job.id) == job


@pytest.mark.parametrize("place", AT_WORK)
async def test_a_stopped_process_loses_its_work_with_its_lease(ledger: Ledger, place: str) -> None:
    """A process that holds its lock but has not been heard of is no owner any more."""
    await bring(ledger, place, owner="stopped")

    assert await ledger.adopt("me", living("me", "stopped"), NEW_LEASE, LEASE) == []
    assert len(await ledger.adopt("me", living("me", "stopped"), NEW_LEASE, LEASE + LEASE.resolution)) == 1


@pytest.mark.parametrize("place", AT_WORK)
async def test_ones_own_work_is_not_adopted(ledger: Ledger, place: str) -> None:
    """A process does not take from itself, even past its lease."""
    job = await bring(ledger, place, owner="me")

    assert await ledger.adopt("me", living(), NEW_LEASE, NOW + timedelta(hours=1)) == []
    assert await ledger.get(job.id) == job


@pytest.mark.parametrize("place", [place for place in PATHS if place not in AT_WORK])
async def test_what_waits_or_has_ended_is_not_adopted(ledger: Ledger, place: str) -> None:
    """Only work has an owner."""
    job = await bring(ledger, place, owner="dead")

    assert await ledger.adopt("me", living("me"), NEW_LEASE, NOW + timedelta(hours=1)) == []
    assert await ledger.get(job.id) == job


async def test_adoption_is_oldest_first_and_asks_once_an_owner(ledger: Ledger) -> None:
    """Many jobs of one dead process cost one look at it."""
    asked = []

    def alive(owner: str) -> bool:
        asked.append(owner)
        return False

    for number, age in enumerate((1, 3, 2)):
        await bring(ledger, "running", f"video_{number}", owner="dead", created_at=NOW - timedelta(seconds=age))
    adopted = await ledger.adopt("me", alive, NEW_LEASE, LATER)

    assert [job.id for job in adopted] == ["video_1", "video_2", "video_0"]
    assert asked == ["dead"]


async def test_an_adoption_that_nobody_receives_stays_free(ledger: Ledger) -> None:
    """Jobs adopted by a task that was cancelled belong to the next who adopts, even in the same process."""
    await bring(ledger, "running", owner="dead")
    loop = asyncio.get_running_loop()
    asking = asyncio.Event()

    def alive(owner: str) -> bool:
        loop.call_soon_threadsafe(asking.set)
        return False

    adopting = asyncio.create_task(ledger.adopt("me", alive, NEW_LEASE, LATER))
    await asking.wait()
    adopting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adopting

    [adopted] = await ledger.adopt("me", living("me"), NEW_LEASE, LATER)
    assert (adopted.owner, adopted.epoch) == ("me", 3)


async def test_a_failing_look_changes_nothing(ledger: Ledger) -> None:
    """If life cannot be told, nothing is taken over."""

    def alive(owner: str) -> bool:
        raise PermissionError(owner)

    job = await bring(ledger, "running", owner="other")
    with pytest.raises(PermissionError):
        await ledger.adopt("me", alive, NEW_LEASE, LATER)

    assert await ledger.get(job.id) == job


async def test_a_beat_extends_all_of_ones_own(ledger: Ledger) -> None:
    """One heartbeat covers every job of a process and none of another's; it never shortens."""
    mine = [await bring(ledger, place, place, owner="me") for place in AT_WORK]
    theirs = await bring(ledger, "running", "theirs", owner="other")
    await ledger.beat("me", NEW_LEASE)
    await ledger.beat("me", LEASE)

    for job in mine:
        assert await ledger.get(job.id) == replace(job, lease_until=NEW_LEASE)
    assert await ledger.get(theirs.id) == theirs


async def test_a_job_that_ran_out_of_time_is_taken_up(ledger: Ledger) -> None:
    """Asking again goes on with the same operation, under a new epoch."""
    job = await bring(ledger, "timed out", owner="dead")
    reopened = await ledger.reopen(job.id, "me", NEW_LEASE, LATER)

    assert reopened == advance(job, Reopened("me", NEW_LEASE), LATER)
    assert await ledger.get(job.id) == reopened
    assert await ledger.reopen(job.id, "me", NEW_LEASE, LATER) is None


@pytest.mark.parametrize("place", [place for place in PATHS if place != "timed out"])
async def test_nothing_else_is_reopened(ledger: Ledger, place: str) -> None:
    """Only the clock's end can be undone."""
    job = await bring(ledger, place)

    assert await ledger.reopen(job.id, "me", NEW_LEASE, LATER) is None
    assert await ledger.get(job.id) == job


async def test_nobody_is_reopened(ledger: Ledger) -> None:
    """An unknown id is no job that ran out of time."""
    assert await ledger.reopen("video_0", "me", NEW_LEASE, LATER) is None


async def test_a_reopening_that_nobody_receives_is_adopted(ledger: Ledger) -> None:
    """A client that leaves while its job is reopened does not leave it to nobody."""
    await bring(ledger, "timed out")
    await ledger.create(a_job("video_2"), "{}")
    reopening = asyncio.create_task(ledger.reopen("video_1", "me", NEW_LEASE, LATER))
    await asyncio.sleep(0)
    reopening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reopening

    [adopted] = await ledger.adopt("me", living("me"), NEW_LEASE, LATER)
    assert (adopted.id, adopted.state) == ("video_1", JobState.RUNNING)


async def test_a_cancelled_reopening_of_nothing_is_nothing(ledger: Ledger) -> None:
    """There is nothing to let go of when nothing was reopened."""
    reopening = asyncio.create_task(ledger.reopen("video_0", "me", NEW_LEASE, LATER))
    await asyncio.sleep(0)
    reopening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reopening

    assert await ledger.adopt("me", living("me"), NEW_LEASE, LATER) == []
