"""Who waits for a result, and who has gone without it."""

from datetime import timedelta

from proxy.jobs.ledger import Ledger
from tests.contract.ledger.stores import bring
from tests.jobs import NOW, living

LATER = NOW + timedelta(seconds=20)
LEASE = NOW + timedelta(minutes=2)


async def test_those_who_waited_in_a_dead_process_have_gone_without(ledger: Ledger) -> None:
    """Whatever state their jobs are in: the same request joins them from now on."""
    for place in ("queued", "running", "completed"):
        await bring(ledger, place, job_id=place, owner="other")
        await ledger.mark(place, unclaimed_since=None, waited_by="dead")

    await ledger.adopt("me", living("me", "other"), LEASE, LATER)

    for place in ("queued", "running", "completed"):
        job = await ledger.get(place)
        assert job is not None
        assert (job.unclaimed_since, job.waited_by) == (LATER, None)


async def test_those_who_wait_in_a_living_process_are_left_alone(ledger: Ledger) -> None:
    """Their request, sent again by somebody else, is another wish."""
    await bring(ledger, "queued", job_id="video_1")
    await ledger.mark("video_1", unclaimed_since=None, waited_by="other")

    await ledger.adopt("me", living("me", "other"), LEASE, LATER)

    job = await ledger.get("video_1")
    assert job is not None
    assert (job.unclaimed_since, job.waited_by) == (None, "other")


async def test_a_delivered_result_is_nobodys_loss(ledger: Ledger) -> None:
    """Once the caller has it, the death of the process changes nothing."""
    await bring(ledger, "completed", job_id="video_1", waited_by="dead")
    await ledger.mark("video_1", unclaimed_since=None)

    await ledger.adopt("me", living("me"), LEASE, LATER)

    job = await ledger.get("video_1")
    assert job is not None
    assert job.unclaimed_since is None
