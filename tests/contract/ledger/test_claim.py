"""Claiming: one process gets a job, in turn, and never beyond the limits."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from proxy.jobs.job import Claimed, IllegalTransition, Job, JobState, Refused, advance
from proxy.jobs.ledger import Ledger, Load, Shown
from tests.contract.ledger.stores import Store, bring, pick
from tests.jobs import LEASE, NOW, PATHS, TARGET, a_claim, a_job, at_most, first, nobody

LANE = (TARGET.credential_id, TARGET.upstream_id)
ELSEWHERE = (TARGET.credential_id, "another-model")
SECOND = timedelta(seconds=1)


class Choosing:
    """A chooser that notes what it was shown, and takes the first."""

    def __init__(self, *, take: bool = True) -> None:
        self.shown: list[Job] = []
        self.active: int | None = None
        self.submitted: list[datetime] = []
        """The latest first."""
        self._take = take

    def __call__(self, jobs: Sequence[Job], load: Load, now: datetime) -> tuple[Job, Claimed] | None:
        self.shown += jobs
        self.active = load.active(LANE)
        times = [load.submitted_at(LANE, number + 1) for number in range(load.submitted(LANE))]
        self.submitted = [time for time in times if time is not None]
        assert len(self.submitted) == len(times)
        assert load.submitted_at(LANE, len(times) + 1) is None
        assert (load.active(ELSEWHERE), load.submitted(ELSEWHERE), load.submitted_at(ELSEWHERE, 1)) == (0, 0, None)
        return (jobs[0], a_claim()) if self._take else None


async def test_a_claim_is_written(ledger: Ledger) -> None:
    """The claimed job is submitting, pinned and owned, in the answer and on disk."""
    await ledger.create(a_job(), "{}")
    job = await ledger.claim(first("me"), NOW)

    assert job is not None
    assert (job.state, job.owner, job.lease_until, job.epoch, job.pinned) == (
        JobState.SUBMITTING,
        "me",
        LEASE,
        1,
        TARGET,
    )
    assert await ledger.get(job.id) == job


async def test_an_empty_queue_asks_nobody(ledger: Ledger) -> None:
    """Without a waiting job there is nothing to choose."""
    choosing = Choosing()

    assert await ledger.claim(choosing, NOW) is None
    assert choosing.active is None


async def test_choosing_none_changes_nothing(ledger: Ledger) -> None:
    """A chooser may let everybody wait."""
    job = await ledger.create(a_job(), "{}")

    assert await ledger.claim(nobody, NOW) is None
    assert await ledger.get(job.id) == job


async def test_turn_is_priority_then_age(ledger: Ledger) -> None:
    """Higher priority first, then older, then by id; what is not due yet is not shown."""
    await ledger.create(a_job("late", not_before=NOW + SECOND, priority=9), "{}")
    await ledger.create(a_job("young"), "{}")
    await ledger.create(a_job("b-old", created_at=NOW - SECOND), "{}")
    await ledger.create(a_job("a-old", created_at=NOW - SECOND), "{}")
    await ledger.create(a_job("urgent", created_at=NOW + SECOND, priority=1), "{}")
    await bring(ledger, "running", "running")
    choosing = Choosing(take=False)
    await ledger.claim(choosing, NOW)

    assert [job.id for job in choosing.shown] == ["urgent", "a-old", "b-old", "young"]


async def test_a_long_blocked_queue_hides_nobody(ledger: Ledger) -> None:
    """However many jobs wait for a busy credential, one that could go is found behind them."""
    for number in range(450):
        await ledger.create(a_job(f"blocked_{number:03}"), "{}")
    await ledger.create(a_job("free", created_at=NOW + SECOND), "{}")

    def choose(jobs: Sequence[Job], load: Load, now: datetime) -> tuple[Job, Claimed] | None:
        return next(((job, a_claim()) for job in jobs if job.id == "free"), None)

    claimed = await ledger.claim(choose, NOW)
    assert claimed is not None
    assert claimed.id == "free"


async def test_load_counts_what_google_is_doing(ledger: Ledger) -> None:
    """Active: submitting or running; submitted: within the last minute, the latest first; by credential and model."""
    for place in ("submitting", "running", "fetching", "completed", "uncertain", "cancelled"):
        await bring(ledger, place, place)
    late = await ledger.create(a_job("late"), "{}")
    await ledger.claim(pick(late.id), NOW + SECOND)
    await ledger.create(a_job("waiting"), "{}")
    choosing = Choosing(take=False)
    await ledger.claim(choosing, NOW + timedelta(seconds=59))

    assert choosing.active == 3
    assert choosing.submitted == [NOW + SECOND] + [NOW] * 5


async def test_load_forgets_after_a_minute(ledger: Ledger) -> None:
    """The rate is counted over the last minute only."""
    await bring(ledger, "fetching", "old")
    await ledger.create(a_job("waiting"), "{}")
    choosing = Choosing(take=False)
    await ledger.claim(choosing, NOW + timedelta(minutes=1))

    assert choosing.submitted == []


async def test_a_refused_job_counts_as_no_attempt(ledger: Ledger) -> None:
    """After a certain refusal neither place nor rate is used up."""
    job = await bring(ledger, "submitting")
    await ledger.save(advance(job, Refused(not_before=NOW), NOW))
    choosing = Choosing()
    await ledger.claim(choosing, NOW)

    assert (choosing.active, choosing.submitted) == (0, [])


async def test_load_follows_every_job_wherever_it_goes(store: Store, ledger: Ledger) -> None:
    """However jobs come to Google and leave it, in whatever process: what is counted is what is there."""
    for number, place in enumerate(PATHS):
        await bring(ledger, place, f"video_{number}")
    other = await store.open()
    late = await ledger.create(a_job("late"), "{}")
    timed_out = f"video_{list(PATHS).index('timed out')}"
    assert await other.reopen(timed_out, "you", LEASE, NOW) is not None
    uncertain = f"video_{list(PATHS).index('uncertain')}"
    assert await other.accepted_late(uncertain, "operations/late", NOW)
    choosing = Choosing()
    await other.claim(choosing, NOW)
    assert late.id in [job.id for job in choosing.shown]
    counted = Choosing(take=False)
    await ledger.create(a_job("last"), "{}")
    await ledger.claim(counted, NOW)

    assert counted.active == await ledger.count([JobState.SUBMITTING, JobState.RUNNING]) == 5


async def test_a_chooser_that_fails_leaves_the_queue_alone(ledger: Ledger) -> None:
    """What a chooser raises reaches the caller, and the job still waits."""

    def choose(jobs: Sequence[Job], load: Load, now: datetime) -> None:
        raise RuntimeError("boom")

    job = await ledger.create(a_job(), "{}")
    with pytest.raises(RuntimeError, match="boom"):
        await ledger.claim(choose, NOW)

    assert await ledger.get(job.id) == job
    assert await ledger.claim(first(), NOW) is not None


async def test_a_chooser_cannot_claim_what_does_not_wait(ledger: Ledger) -> None:
    """A job that has been sent is refused by the state machine, whoever chooses it."""
    running = await bring(ledger, "running", "running")
    await ledger.create(a_job("waiting"), "{}")
    with pytest.raises(IllegalTransition):
        await ledger.claim(lambda jobs, load, now: (running, a_claim()), NOW)

    assert await ledger.get(running.id) == running


async def test_two_ledgers_never_claim_the_same_job(store: Store) -> None:
    """Each of many jobs goes to exactly one of two processes that claim at the same time."""
    ledgers = {"a": await store.open(), "b": await store.open()}
    for number in range(40):
        await ledgers["a"].create(a_job(f"video_{number:02}"), "{}")

    async def claim_all(owner: str) -> list[str]:
        claimed = []
        while (job := await ledgers[owner].claim(first(owner), NOW)) is not None:
            claimed.append(job.id)
        return claimed

    lists = await asyncio.gather(*(claim_all(owner) for owner in ("a", "b", "a", "b")))
    everything = [job_id for claimed in lists for job_id in claimed]

    assert sorted(everything) == [f"video_{number:02}" for number in range(40)]


@pytest.mark.parametrize(("limit", "per_minute", "allowed"), [(3, None, 3), (9, 4, 4), (1, 1, 1)])
async def test_limits_hold_between_ledgers(store: Store, limit: int, per_minute: int | None, allowed: int) -> None:
    """Many claims at once, over two ledgers, take no more than concurrency and rate allow."""
    ledgers = [await store.open(), await store.open()]
    for number in range(12):
        await ledgers[0].create(a_job(f"video_{number:02}"), "{}")
    claims = [ledgers[turn % 2].claim(at_most(limit, "me", per_minute=per_minute), NOW) for turn in range(12)]
    claimed = [job for job in await asyncio.gather(*claims) if job is not None]

    assert len(claimed) == allowed
    assert await ledgers[0].count([JobState.SUBMITTING]) == allowed


async def test_a_claim_that_nobody_receives_is_given_back(ledger: Ledger) -> None:
    """If the awaiting task is cancelled, the job waits again: nothing can have been sent."""
    job = await ledger.create(a_job(), "{}")
    loop = asyncio.get_running_loop()
    choosing = asyncio.Event()

    def choose(jobs: Sequence[Job], load: Load, now: datetime) -> tuple[Job, Claimed] | None:
        loop.call_soon_threadsafe(choosing.set)
        return jobs[0], a_claim()

    claiming = asyncio.create_task(ledger.claim(choose, NOW))
    await choosing.wait()
    claiming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await claiming
    await ledger.mark("nobody", unclaimed_since=None)  # the writes before it are done

    after = await ledger.get(job.id)
    assert after == a_job(epoch=1)


async def test_a_cancelled_claim_of_nothing_is_nothing(ledger: Ledger) -> None:
    """There is nothing to give back when nothing was claimed."""
    claiming = asyncio.create_task(ledger.claim(first(), NOW))
    await asyncio.sleep(0)
    claiming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await claiming

    assert await ledger.claim(first(), NOW) is None


OTHER = replace(TARGET, credential_id="key-2")


async def test_of_those_alike_the_first_is_shown(ledger: Ledger) -> None:
    """Jobs with the same targets and refusals stand for each other; what is not due stands for nobody."""
    for number in range(3):
        await ledger.create(a_job(f"one-{number}", created_at=NOW + number * SECOND), "{}")
        await ledger.create(a_job(f"two-{number}", created_at=NOW - number * SECOND, targets=(OTHER,)), "{}")
    await ledger.create(a_job("both", targets=(OTHER, TARGET), priority=1), "{}")
    await ledger.create(a_job("later", created_at=NOW - timedelta(days=1), not_before=NOW + SECOND), "{}")
    refused = await bring(ledger, "submitting", "refused")
    await ledger.save(advance(refused, Refused(not_before=NOW, by="key-1"), NOW))
    choosing = Choosing(take=False)

    assert await ledger.claim(choosing, NOW, Shown.FIRST_OF_LANES) is None
    assert [job.id for job in choosing.shown] == ["both", "two-2", "one-0", "refused"]


async def test_those_alike_are_claimed_in_the_same_order(store: Store) -> None:
    """Shown one of each kind or all, a chooser that keeps its promise picks the same jobs, one after the other."""
    ledgers = [await store.open(), await Store(store.kind, f"{store.address}/other").open()]
    order: list[list[str]] = []
    for ledger, shown in zip(ledgers, Shown, strict=True):
        for number in range(24):
            targets = ((TARGET,), (OTHER,), (TARGET, OTHER))[number % 3]
            job = a_job(f"video_{number:02}", priority=number % 2, created_at=NOW - (number % 5) * SECOND)
            await ledger.create(replace(job, targets=targets), "{}")
        claimed = []
        while (job := await ledger.claim(at_most(20, "me"), NOW, shown)) is not None:
            claimed.append(job.id)
        order.append(claimed)
    await ledgers[1].close()

    assert len(order[0]) == 20
    assert order[0] == order[1]
