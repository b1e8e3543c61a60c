"""Real processes on one store."""

import asyncio

from proxy.jobs.job import JobState
from tests.contract.ledger.stores import Store
from tests.jobs import a_job
from tests.processes import start

JOBS = 60


async def test_three_processes_share_the_work_within_the_limit(store: Store) -> None:
    """Every job is claimed once, by one process; each saw after each claim that the limit held for all of them."""
    ledger = await store.open()
    for number in range(JOBS):
        await ledger.create(a_job(f"video_{number:02}"), "{}")
    processes = [
        await start("tests.contract.ledger.claiming_process", store.kind, store.address, owner, "2") for owner in "abc"
    ]
    outputs = await asyncio.gather(*(process.communicate() for process in processes))

    assert [errors.decode() for _, errors in outputs] == ["", "", ""]
    claimed = [job_id for output, _ in outputs for job_id in output.decode().split()]
    assert sorted(claimed) == [f"video_{number:02}" for number in range(JOBS)]
    assert await ledger.count([JobState.FAILED]) == JOBS


async def test_processes_that_open_a_new_store_at_once_make_one(store: Store) -> None:
    """Whoever comes first makes the schema; the others wait for it."""
    processes = [
        await start("tests.contract.ledger.claiming_process", store.kind, store.address, owner, "1") for owner in "abcd"
    ]
    outputs = await asyncio.gather(*(process.communicate() for process in processes))

    assert [errors.decode() for _, errors in outputs] == [""] * 4
