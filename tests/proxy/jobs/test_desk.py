"""Placing a job: one for each wish, nothing before it is complete, and nothing fetched for a repeat."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from proxy.jobs.board import Board
from proxy.jobs.desk import AllRest, BeingPlaced, Desk, DeskSettings, QueueFull, Stopping, Wish
from proxy.jobs.job import JobState
from proxy.jobs.join import JoinRules, Repeat
from proxy.jobs.sqlite import SqliteLedger
from tests.jobs import TARGET
from tests.proxy.jobs.fake_clock import FakeClock
from translators.errors import BadRequest, Conflict
from translators.video.spec import VideoSpec

RESTS: dict[str, float] = {}
"""Credential -> seconds of rest; a test fills it by monkeypatch."""


class Idle:
    """A dispatcher that only notes what it is told."""

    def __init__(self) -> None:
        self.calls, self.taken = 0, []

    def call(self) -> None:
        self.calls += 1

    def take(self, job) -> None:
        self.taken.append(job)


class Me:
    id = "me"


@pytest.fixture
async def ledger(tmp_path) -> AsyncIterator[SqliteLedger]:
    opened = SqliteLedger.open(tmp_path / "jobs.sqlite3")
    yield opened
    await opened.close()


@pytest.fixture
def desk(ledger) -> Desk:
    numbers = iter(range(100))
    settings = DeskSettings(timeout=timedelta(minutes=15), queue_length=3, rules=JoinRules())
    return Desk(
        ledger=ledger,
        dispatcher=Idle(),
        canceller=None,  # nothing is cancelled at Google here
        board=Board(),
        owner=Me(),
        clock=FakeClock(),
        new_id=lambda: f"video_{next(numbers)}",
        settings=settings,
        rests=lambda credential, model: RESTS.get(credential, 0.0),
    )


def wish(prompt: str = "a kite", caller: str = "alice", **repeat) -> Wish:
    spec = VideoSpec(prompt=prompt)
    fingerprint = spec.fingerprint("veo")
    return Wish(
        caller=caller, asked_model="veo", spec=spec, targets=(TARGET,), repeat=Repeat(fingerprint=fingerprint, **repeat)
    )


async def place(desk, wanted: Wish, fetched: list[str] | None = None):
    async def ready() -> VideoSpec:
        (fetched if fetched is not None else []).append(wanted.spec.prompt)
        await asyncio.sleep(0)
        return wanted.spec

    return await desk.place(wanted, ready)


async def test_retries_that_arrive_together_are_one_job(desk) -> None:
    """Five marked repeats at once: one row, fetched once."""
    fetched: list[str] = []
    jobs = await asyncio.gather(*(place(desk, wish(marked=True), fetched) for _ in range(5)))

    assert {job.id for job in jobs} == {"video_0"}
    assert len(fetched) == 1


async def test_one_key_with_two_requests_at_once(desk, ledger) -> None:
    """One of them wins; the other is a conflict, and no second job exists."""
    results = await asyncio.gather(
        place(desk, wish("one", idempotency_key="k")),
        place(desk, wish("two", idempotency_key="k")),
        return_exceptions=True,
    )

    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Job"]
    assert any(isinstance(result, Conflict) for result in results)
    page = await ledger.list("alice", after=None, limit=9, ascending=True, source=None)
    assert len(page.jobs) == 1


async def test_keys_belong_to_their_caller(desk) -> None:
    """Bob's key is not Alice's, nor is his job."""
    alice = await place(desk, wish(idempotency_key="k"))
    bob = await place(desk, wish(idempotency_key="k", caller="bob"))

    assert alice.id != bob.id
    assert await desk.get(alice.id, "bob") is None
    assert await desk.get(alice.id, "alice") == alice


async def test_what_cannot_be_fetched_makes_no_job(desk, ledger) -> None:
    """The error comes out, and no row is left."""

    async def broken() -> VideoSpec:
        raise BadRequest("no such picture")

    with pytest.raises(BadRequest):
        await desk.place(wish(), broken)
    assert not (await ledger.list("alice", after=None, limit=9, ascending=True, source=None)).jobs


async def test_a_full_queue_fetches_nothing(desk) -> None:
    """429 before the pictures of the fourth are fetched; a repeat still joins."""
    for number in range(3):
        await place(desk, wish(f"kite {number}"))
    fetched: list[str] = []
    with pytest.raises(QueueFull) as refused:
        await place(desk, wish("one too many"), fetched)

    assert fetched == []
    assert refused.value.retry_after == 30
    assert (await place(desk, wish("kite 1", marked=True))).id == "video_1"


async def test_who_waits_when_the_program_stops(desk) -> None:
    """Is let go with the job's id; once the route has noted that it left, the same request joins the job."""
    job = await place(desk, wish())
    waiting = asyncio.create_task(desk.ended(job))
    await asyncio.sleep(0)
    desk.stop()
    with pytest.raises(Stopping) as told:
        await waiting

    assert told.value.extra == {"job_id": job.id}
    await desk.left(job.id)
    assert (await place(desk, wish())).id == job.id


@pytest.mark.parametrize(("seconds", "refused"), [(59.0, False), (300.0, True)])
async def test_a_wish_that_no_credential_can_carry_for_long(desk, monkeypatch, seconds, refused) -> None:
    """Is refused at once with the time to come back; a short rest is waited out in the queue. Repeats still join."""
    earlier = await place(desk, wish("before"))
    monkeypatch.setitem(RESTS, TARGET.credential_id, seconds)
    if refused:
        with pytest.raises(AllRest) as told:
            await place(desk, wish())
        assert (told.value.status, told.value.code, told.value.retry_after) == (429, "model_cooldown", seconds)
    else:
        assert (await place(desk, wish())).id != earlier.id
    assert (await place(desk, wish("before", marked=True))).id == earlier.id


@pytest.fixture
async def neighbour(ledger, tmp_path) -> AsyncIterator[Desk]:
    """Another process's desk: the same folder, and nothing else in common but the names that one may hold at a time."""
    opened = SqliteLedger.open(tmp_path / "jobs.sqlite3")
    settings = DeskSettings(timeout=timedelta(minutes=15), queue_length=100, rules=JoinRules())
    numbers = iter(range(100, 200))
    yield Desk(
        ledger=opened,
        dispatcher=Idle(),
        canceller=None,
        board=Board(),
        owner=Me(),
        clock=FakeClock(),
        new_id=lambda: f"video_{next(numbers)}",
        settings=settings,
        locks=SharedNames.of(tmp_path),
    )
    await opened.close()


class SharedNames:
    """Names that two desks of this process exclude each other from, as those of two processes do."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    @classmethod
    def of(cls, folder) -> "SharedNames":
        return SHARED.setdefault(str(folder), cls())

    async def wait_for(self, name: str, *, longest: float) -> None:
        async with asyncio.timeout(min(longest, 5.0)):
            while name in self._held:  # noqa: ASYNC110 - as processes do, which no event connects
                await asyncio.sleep(0)
        self._held.add(name)

    def release(self, name: str) -> None:
        self._held.discard(name)


SHARED: dict[str, SharedNames] = {}


async def test_a_retry_that_reaches_another_process_joins(desk, neighbour, tmp_path) -> None:
    """While the first is still fetching its inputs there: the retry waits for it, and fetches nothing."""
    desk._locks = SharedNames.of(tmp_path)
    fetching, fetched = asyncio.Event(), asyncio.Event()

    async def ready() -> VideoSpec:
        fetching.set()
        await fetched.wait()
        return VideoSpec(prompt="a kite")

    first = asyncio.create_task(desk.place(wish(), ready))
    await fetching.wait()
    again: list[str] = []
    retry = asyncio.create_task(place(neighbour, wish(marked=True), again))
    for _ in range(20):
        await asyncio.sleep(0)
    fetched.set()

    assert (await retry).id == (await first).id
    assert again == []


async def test_one_key_in_two_processes_is_one_job(desk, neighbour, tmp_path) -> None:
    """Twenty equal requests under one key, half of them here and half of them there."""
    desk._locks = SharedNames.of(tmp_path)
    wanted = wish(idempotency_key="order-17")
    jobs = await asyncio.gather(*(place((desk, neighbour)[number % 2], wanted) for number in range(20)))

    assert len({job.id for job in jobs}) == 1


async def test_who_is_at_the_heels_of_one_that_another_process_serves(desk, neighbour) -> None:
    """An equal request waits a moment for the hanging up to be noticed there, and then joins."""
    job = await place(desk, wish())
    neighbour._clock = LeavingMeanwhile(desk, job.id)

    assert (await place(neighbour, wish())).id == job.id


class LeavingMeanwhile(FakeClock):
    """While somebody sleeps, the caller of a job is noticed to have gone."""

    def __init__(self, desk, job_id: str) -> None:
        super().__init__()
        self._leave = lambda: desk.left(job_id)

    async def sleep(self, seconds: float) -> None:
        await self._leave()


async def test_one_that_takes_for_ever_elsewhere_is_told(desk, monkeypatch) -> None:
    """503, to be asked again; nothing is written down."""

    class Held:
        async def wait_for(self, name: str, *, longest: float) -> None:
            raise TimeoutError

    desk._locks = Held()
    with pytest.raises(BeingPlaced) as told:
        await place(desk, wish())

    assert (told.value.status, told.value.code, told.value.should_retry) == (503, "request_in_progress", True)
    assert await desk._ledger.count([JobState.QUEUED]) == 0
