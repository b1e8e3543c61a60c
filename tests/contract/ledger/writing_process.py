"""A process that writes jobs until it is killed: `python -m ... KIND ADDRESS OWNER`.

It says on its output what is on disk for certain, one line a promise: `created ID`, `accepted ID`, `completed ID`.
Beside that it cancels, refuses, and takes over what the killed ones before it left.
"""

import asyncio
import itertools
import os
import sys

from proxy.jobs.job import Accepted, Ended, Job, JobState, Refused, advance
from proxy.jobs.ledger import Ledger
from tests.contract.ledger.stores import OPENERS, pick
from tests.jobs import ERROR, FOUND, KEPT, LEASE, NOW, a_claim, a_job


def promise(word: str, job: Job) -> None:
    """Past every buffer of this process."""
    os.write(1, f"{word} {job.id}\n".encode())


async def settle(ledger: Ledger, job: Job) -> None:
    """Bring a job that Google has to its media, or give up one that nobody knows of."""
    if job.state is JobState.UNCERTAIN:
        await ledger.save(advance(job, Ended(JobState.UNCERTAIN, ERROR), NOW))
        return
    if job.state is JobState.RUNNING:
        job = advance(job, FOUND, NOW)
        await ledger.save(job)
    job = advance(job, KEPT, NOW)
    await ledger.save(job)
    promise("completed", job)


async def live_one(ledger: Ledger, owner: str, number: int) -> None:
    """One job from the request to its end."""
    job = await ledger.create(
        a_job(f"{owner}_{number}", idempotency_key=f"{owner}_{number}"), f"spec of {number} " * 2000
    )
    promise("created", job)
    if number % 7 == 0:
        await ledger.cancel_queued(job.id, NOW)
        return
    claimed = await ledger.claim(pick(job.id, a_claim(owner)), NOW)
    assert claimed is not None
    if number % 5 == 0:
        await ledger.save(advance(claimed, Refused(NOW), NOW))
        return
    accepted = advance(claimed, Accepted(f"operations/{job.id}"), NOW)
    await ledger.save(accepted)
    promise("accepted", accepted)
    await settle(ledger, accepted)


async def main(kind: str, address: str, owner: str) -> None:
    """Take over, then write and write."""
    ledger = OPENERS[kind](address)
    for job in await ledger.adopt(owner, lambda other: other == owner, LEASE, NOW):
        await settle(ledger, job)
    for first in itertools.count(step=4):
        await asyncio.gather(*(live_one(ledger, owner, number) for number in range(first, first + 4)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3]))
