"""Placing a job: one for each wish, nothing before it is complete, and nothing fetched for a repeat."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from proxy.jobs.board import Board
from proxy.jobs.desk import AllRest, Desk, DeskSettings, QueueFull, Stopping, Wish
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
