"""An answer that reaches a process after it has lost the job: the operation name is kept all the same."""

from datetime import timedelta

import pytest

from proxy.jobs.job import JobState
from proxy.jobs.ledger import Fenced, Ledger
from tests.contract.ledger.stores import bring
from tests.jobs import ENDED, NOW, a_job_at, living

LATER = NOW + timedelta(seconds=20)
LEASE = NOW + timedelta(minutes=2)


@pytest.mark.parametrize("place", ["uncertain", "given up"])
async def test_the_name_is_kept_and_the_next_adopter_goes_on(ledger: Ledger, place: str) -> None:
    """The job runs again without an owner, and is adopted like that of a dead process; nothing is submitted."""
    job = await bring(ledger, place)

    assert await ledger.accepted_late(job.id, "operations/late", LATER)
    [adopted] = await ledger.adopt("me", living("me"), LEASE, LATER)
    assert (adopted.id, adopted.state, adopted.operation) == (job.id, JobState.RUNNING, "operations/late")
    assert not adopted.ended


async def test_the_process_that_took_the_job_is_fenced(ledger: Ledger) -> None:
    """Whoever was looking for the videos lets go: the row is not its own any more."""
    job = await bring(ledger, "uncertain")
    await ledger.accepted_late(job.id, "operations/late", LATER)

    with pytest.raises(Fenced):
        await ledger.save(job)


@pytest.mark.parametrize("place", [place for place in ENDED if place != "given up"])
async def test_it_changes_no_other_job(ledger: Ledger, place: str) -> None:
    """A job whose end is known keeps it."""
    job = await bring(ledger, place)

    assert not await ledger.accepted_late(job.id, "operations/late", LATER)
    assert await ledger.get(job.id) == a_job_at(place, job.id)


async def test_an_unknown_job_is_no_use(ledger: Ledger) -> None:
    """A job that was deleted meanwhile stays deleted."""
    assert not await ledger.accepted_late("video_0", "operations/late", LATER)
