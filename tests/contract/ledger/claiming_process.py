"""A process of its own that claims all it may: `python -m ... KIND ADDRESS OWNER LIMIT`; prints the ids it got."""

import asyncio
import sys

from proxy.jobs.job import Ended, JobState, advance
from tests.contract.ledger.stores import OPENERS
from tests.jobs import ACCEPTED, ERROR, NOW, at_most


async def main(kind: str, address: str, owner: str, limit: int) -> None:
    """Claim, check the limit, end the job, until nothing waits."""
    ledger = OPENERS[kind](address)
    try:
        while await ledger.count([JobState.QUEUED]):
            job = await ledger.claim(at_most(limit, owner), NOW)
            if job is None:
                continue
            active = await ledger.count([JobState.SUBMITTING, JobState.RUNNING])
            assert active <= limit, f"{active} are active, {limit} may be"
            job = advance(job, ACCEPTED, NOW)
            await ledger.save(job)
            await ledger.save(advance(job, Ended(JobState.FAILED, ERROR), NOW))
            sys.stdout.write(f"{job.id}\n")
    finally:
        await ledger.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
