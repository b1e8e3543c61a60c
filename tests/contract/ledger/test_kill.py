"""kill -9 at any moment: what was said to be on disk is there, and nothing impossible is."""

import asyncio
import random

import pytest

from proxy.jobs.job import Job, JobState
from proxy.jobs.ledger import Ledger
from tests.contract.ledger.stores import Store
from tests.processes import start

KILLS = 60
SAYS_AT_LEAST: dict[str, frozenset[JobState]] = {
    "created": frozenset(JobState),
    "accepted": frozenset({JobState.RUNNING, JobState.FETCHING, JobState.COMPLETED}),
    "completed": frozenset({JobState.COMPLETED}),
}
"""The states that a promise leaves open."""


async def write_until_killed(store: Store, owner: str, dice: random.Random) -> list[tuple[str, str]]:
    """Start a writer, kill it a random moment after a random number of promises; every promise it made, in order."""
    process = await start("tests.contract.ledger.writing_process", store.kind, store.address, owner)
    assert process.stdout is not None
    assert process.stderr is not None
    lines = [await process.stdout.readline() for _ in range(dice.randrange(1, 40))]
    for _ in range(dice.randrange(2000)):  # the moment between two promises: no clock, a few turns of the loop
        await asyncio.sleep(0)
    process.kill()
    rest, errors = await asyncio.gather(process.stdout.read(), process.stderr.read())
    await process.wait()
    assert errors == b""
    said = b"".join([*lines, rest]).decode().splitlines()
    return [(word, job_id) for word, job_id in (line.split() for line in said)]


async def everything(ledger: Ledger) -> dict[str, Job]:
    """Every job of the store."""
    jobs: dict[str, Job] = {}
    after, more = None, True
    while more:
        page = await ledger.list("alice", after=after, limit=500, ascending=True, source=None)
        jobs |= {job.id: job for job in page.jobs}
        more = page.has_more
        after = page.jobs[-1].id if page.jobs else None
    return jobs


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_kill_loses_nothing_that_was_promised(store: Store) -> None:
    """After each of many kills the store opens, keeps every promise ever made, and its next process goes on."""
    dice = random.Random(20261121)
    promises: list[tuple[str, str]] = []
    caught: set[JobState] = set()
    for kill in range(KILLS):
        promises += await write_until_killed(store, f"owner{kill}", dice)
        ledger = await store.open()
        jobs = await everything(ledger)
        broken = [(word, job_id) for word, job_id in promises if jobs[job_id].state not in SAYS_AT_LEAST[word]]
        assert broken == []
        lost = [job_id for word, job_id in promises if word == "accepted" and not jobs[job_id].operation]
        assert lost == []
        for job in jobs.values():
            needed = job.state in (JobState.QUEUED, JobState.SUBMITTING)
            assert (await ledger.spec(job.id) is not None) == needed or job.state is JobState.UNCERTAIN
            assert job.owner in (None, f"owner{kill}")
            caught.add(job.state)
        await ledger.close()

    assert caught >= {JobState.SUBMITTING, JobState.RUNNING, JobState.FETCHING}, (
        "no kill came in the middle of anything"
    )
    assert {word for word, _ in promises} == set(SAYS_AT_LEAST)
