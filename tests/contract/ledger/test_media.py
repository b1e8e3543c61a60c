"""Which stored media somebody still wants."""

from datetime import timedelta

import pytest

from proxy.jobs.job import Result
from proxy.jobs.ledger import Ledger
from tests.contract.ledger.stores import bring
from tests.jobs import MEDIA, NOW

LONG_AGO = NOW - timedelta(days=7)


async def test_media_of_a_job_that_is_being_fetched_are_in_need(ledger: Ledger) -> None:
    """What came inline is in the store before the job is completed."""
    job = await bring(ledger, "fetching")
    assert list(await ledger.media_in_need(LONG_AGO)) == [
        result.stored for result in job.results if isinstance(result, Result) and result.stored
    ]


@pytest.mark.parametrize(
    ("mark", "needed"),
    [
        ({"unclaimed_since": None}, False),
        ({"unclaimed_since": NOW}, True),
        ({"unclaimed_since": None, "waited_by": "me"}, True),
    ],
    ids=["delivered", "left", "waited for"],
)
async def test_finished_media_are_in_need_until_they_are_delivered(ledger: Ledger, mark, needed) -> None:
    """A caller that waits, or went away, still wants the result."""
    job = await bring(ledger, "completed")
    await ledger.mark(job.id, **mark)
    assert list(await ledger.media_in_need(LONG_AGO)) == ([MEDIA.name] if needed else [])


async def test_nothing_is_in_need_for_ever(ledger: Ledger) -> None:
    """What nobody fetched within the retention may go."""
    job = await bring(ledger, "completed")
    await ledger.mark(job.id, unclaimed_since=NOW)
    assert list(await ledger.media_in_need(NOW + timedelta(days=1))) == []
