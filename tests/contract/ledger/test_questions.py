"""What is asked of a ledger: repeats, pages, places in the queue, counts and durations."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from proxy.jobs.job import JobState, advance
from proxy.jobs.ledger import Ledger, Moved, Page
from tests.contract.ledger.stores import Store, bring, pick
from tests.jobs import ACCEPTED, AT_WORK, ENDED, FOUND, NOW, TARGET, a_claim, a_job, first

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


# -- repeats -----------------------------------------------------------------------------------------------------------


async def test_repeats_are_the_callers_own_with_the_same_request(ledger: Ledger) -> None:
    """Another caller's job, or another request, is no repeat; the newest comes first."""
    await ledger.create(a_job("old", created_at=NOW - SECOND), "{}")
    await ledger.create(a_job("new"), "{}")
    await ledger.create(a_job("another request", fingerprint="e" * 64), "{}")
    await ledger.create(a_job("another caller", caller="bob"), "{}")

    assert [job.id for job in await ledger.repeats("alice", "f" * 64, NOW - MINUTE)] == ["new", "old"]


async def test_repeats_reach_back_to_what_still_goes_on_or_was_left_since(ledger: Ledger) -> None:
    """A job's age does not matter while it runs, or if it ended or lost its caller within the time."""
    since = NOW + 10 * MINUTE
    await bring(ledger, "running", "runs")
    await bring(ledger, "completed", "ended long ago")
    await bring(ledger, "completed", "left lately")
    await ledger.mark("left lately", unclaimed_since=since)

    assert {job.id for job in await ledger.repeats("alice", "f" * 64, since)} == {"runs", "left lately"}
    assert len(await ledger.repeats("alice", "f" * 64, NOW)) == 3


# -- pages -------------------------------------------------------------------------------------------------------------


async def pages(ledger: Ledger, *, limit: int, ascending: bool, source: str | None = None) -> list[Page]:
    """All pages, walked as the OpenAI SDKs walk them: `after` is the last id of the page before."""
    walked = [await ledger.list("alice", after=None, limit=limit, ascending=ascending, source=source)]
    while walked[-1].has_more:
        after = walked[-1].jobs[-1].id
        walked.append(await ledger.list("alice", after=after, limit=limit, ascending=ascending, source=source))
    return walked


def ids(pages: Sequence[Page]) -> list[str]:
    return [job.id for page in pages for job in page.jobs]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("ascending", [True, False])
async def test_pages_together_are_everything_once_in_order(ledger: Ledger, limit: int, *, ascending: bool) -> None:
    """Jobs of the same instant are told apart by id; only the last page says that nothing follows."""
    order = []
    for number in range(7):
        job = await ledger.create(a_job(f"video_{number}", created_at=NOW + (number // 3) * SECOND), "{}")
        order.append(job.id)
    await ledger.create(a_job("another caller", caller="bob"), "{}")
    walked = await pages(ledger, limit=limit, ascending=ascending)

    assert ids(walked) == (order if ascending else order[::-1])
    assert all(len(page.jobs) == limit for page in walked[:-1])


async def test_pages_stand_still_while_jobs_come_and_go(ledger: Ledger) -> None:
    """New jobs do not repeat an old one on the next page, and a deleted one does not hide its neighbour."""
    for number in range(4):
        await bring(ledger, "cancelled", f"video_{number}", created_at=NOW + number * SECOND)
    first = await ledger.list("alice", after=None, limit=2, ascending=False, source=None)
    await ledger.create(a_job("newest", created_at=NOW + MINUTE), "{}")
    await ledger.delete("video_3")
    second = await ledger.list("alice", after=first.jobs[-1].id, limit=2, ascending=False, source=None)

    assert ids([first, second]) == ["video_3", "video_2", "video_1", "video_0"]


async def test_a_page_can_be_of_one_source(ledger: Ledger) -> None:
    """The videos route lists its own; no source means all."""
    await ledger.create(a_job("a", source="videos"), "{}")
    await ledger.create(a_job("b", source="chat"), "{}")
    await ledger.create(a_job("c", source="videos"), "{}")

    assert ids(await pages(ledger, limit=1, ascending=True, source="videos")) == ["a", "c"]
    assert ids(await pages(ledger, limit=1, ascending=True)) == ["a", "b", "c"]


async def test_no_jobs_are_an_empty_page(ledger: Ledger) -> None:
    """A caller without jobs gets a page all the same."""
    assert await ledger.list("alice", after=None, limit=20, ascending=False, source=None) == Page(
        jobs=(), has_more=False
    )


@pytest.mark.parametrize("after", ["video_0", "bobs"])
async def test_a_page_behind_a_job_that_is_not_the_callers_is_refused(ledger: Ledger, after: str) -> None:
    """An unknown id and another caller's id are the same: not there."""
    await ledger.create(a_job("bobs", caller="bob"), "{}")
    with pytest.raises(LookupError):
        await ledger.list("alice", after=after, limit=20, ascending=False, source=None)


async def test_a_page_has_room(ledger: Ledger) -> None:
    """A page of nothing would never end."""
    with pytest.raises(ValueError, match="limit"):
        await ledger.list("alice", after=None, limit=0, ascending=False, source=None)


# -- the queue ---------------------------------------------------------------------------------------------------------


async def test_position_counts_who_goes_before(ledger: Ledger) -> None:
    """Higher priority and greater age go before, in the order of claims; nobody goes before a job not in the queue."""
    order = [
        await ledger.create(a_job("urgent", priority=1, created_at=NOW + SECOND), "{}"),
        await ledger.create(a_job("old", created_at=NOW - SECOND), "{}"),
        await ledger.create(a_job("same-a"), "{}"),
        await ledger.create(a_job("same-b"), "{}"),
        await ledger.create(a_job("idle", priority=-1, created_at=NOW - MINUTE), "{}"),
    ]
    running = await bring(ledger, "running", "running", created_at=NOW + MINUTE)

    assert [await ledger.position(job) for job in order] == [0, 1, 2, 3, 4]
    assert await ledger.position(running) == 0
    assert await ledger.position(a_job("unknown")) == 0


async def test_next_due_is_the_earliest_of_those_who_wait(ledger: Ledger) -> None:
    """When to look again; never, if nobody waits."""
    await bring(ledger, "cancelled", "ended", not_before=NOW - MINUTE)
    assert await ledger.next_due() is None
    await ledger.create(a_job("later", not_before=NOW + MINUTE), "{}")
    await ledger.create(a_job("sooner", not_before=NOW + SECOND), "{}")

    assert await ledger.next_due() == NOW + SECOND


async def test_count_counts_states(ledger: Ledger) -> None:
    """Any set of states, also none."""
    for place in ("queued", "running", "fetching", "completed"):
        await bring(ledger, place, place)

    assert await ledger.count([JobState.QUEUED]) == 1
    assert await ledger.count([JobState.RUNNING, JobState.FETCHING, JobState.FAILED]) == 2
    assert await ledger.count([]) == 0


async def test_durations_are_googles_own_newest_first(ledger: Ledger) -> None:
    """From the submit to Google's being done, whatever came before and after; jobs without that end have none."""
    await bring(ledger, "completed", "a")
    await bring(ledger, "found again", "b", parameters={"duration": "4"})
    await bring(ledger, "running", "c")
    await bring(ledger, "failed", "d")

    assert sorted(await ledger.durations(10)) == [
        ("veo-3.1-generate-001/-/4", 2.0),
        ("veo-3.1-generate-001/720p/8", 2.0),
    ]


async def test_durations_are_limited_to_the_latest(ledger: Ledger) -> None:
    """What Google's load was long ago is not asked."""
    for number in (1, 2, 3):
        job = await bring(ledger, "submitting", f"video_{number}")
        job = advance(job, ACCEPTED, NOW)
        await ledger.save(advance(job, FOUND, NOW + number * SECOND))

    assert [seconds for _, seconds in await ledger.durations(2)] == [3.0, 2.0]


# -- ends --------------------------------------------------------------------------------------------------------------


async def test_a_waiting_job_can_be_cancelled(ledger: Ledger) -> None:
    """It ends, and cannot be claimed or cancelled any more."""
    await bring(ledger, "queued")
    cancelled = await ledger.cancel_queued("video_1", NOW + SECOND)

    assert cancelled is not None
    assert (cancelled.state, cancelled.finished_at) == (JobState.CANCELLED, NOW + SECOND)
    assert await ledger.get("video_1") == cancelled
    assert await ledger.claim(first(), NOW) is None
    assert await ledger.cancel_queued("video_1", NOW) is None


@pytest.mark.parametrize("place", [*AT_WORK, *ENDED])
async def test_what_has_been_sent_is_too_late_to_cancel(ledger: Ledger, place: str) -> None:
    """Google may have it, or it has ended."""
    job = await bring(ledger, place)

    assert await ledger.cancel_queued(job.id, NOW) is None
    assert await ledger.get(job.id) == job


async def test_nobody_is_cancelled(ledger: Ledger) -> None:
    """An unknown id cannot be cancelled."""
    assert await ledger.cancel_queued("video_0", NOW) is None


@pytest.mark.parametrize("place", ENDED)
async def test_an_ended_job_can_be_forgotten(ledger: Ledger, place: str) -> None:
    """Row, request and key go; a second time there is nothing."""
    job = await bring(ledger, place, idempotency_key="k")

    assert await ledger.delete(job.id) is True
    assert await ledger.get(job.id) is None
    assert await ledger.by_key("alice", "k") is None
    assert await ledger.delete(job.id) is False


@pytest.mark.parametrize("place", ["queued", *AT_WORK])
async def test_what_goes_on_is_not_forgotten(ledger: Ledger, place: str) -> None:
    """A job that may cost money stays written."""
    job = await bring(ledger, place)

    assert await ledger.delete(job.id) is False
    assert await ledger.get(job.id) == job


async def test_changes_rise_with_the_writes_of_others(store: Store) -> None:
    """Another ledger's write is seen without reading a row, and without one nothing rises."""
    watching, writing = await store.open(), await store.open()
    before = watching.changes()
    assert watching.changes() == before
    await writing.create(a_job(), "{}")
    after = watching.changes()
    await writing.mark("video_1", unclaimed_since=NOW)

    assert before < after < watching.changes()


async def test_what_moved_is_named(store: Store) -> None:
    """Every new state of every job since the last answer, another ledger's too; not what changes beside the state."""
    watching, writing = await store.open(), await store.open()
    began = await watching.moved(0)
    await bring(writing, "running", "a")
    await bring(writing, "cancelled", "b")
    moved = await watching.moved(began.number)
    await writing.mark("a", unclaimed_since=NOW)
    await writing.beat("me", NOW + MINUTE)
    still = await watching.moved(moved.number)
    await writing.delete("b")

    assert moved.job_ids == {"a", "b"}
    assert still == Moved(number=moved.number, job_ids=frozenset())
    assert (await watching.moved(still.number)).job_ids == {"b"}


async def test_what_moved_long_ago_is_anything(ledger: Ledger) -> None:
    """Old changes are forgotten; who asks for them looks at every job."""
    job = await bring(ledger, "submitting")
    after = await ledger.moved(0)
    for _ in range(1100):
        await ledger.save(job)

    assert (await ledger.moved(after.number)).job_ids is None
    latest = await ledger.moved((await ledger.moved(after.number)).number)
    assert latest.job_ids == frozenset()


async def test_turns_are_the_positions_of_all(ledger: Ledger) -> None:
    """One answer for everyone who waits."""
    jobs = [
        await ledger.create(a_job(f"video_{n}", priority=n % 2, created_at=NOW - n * SECOND), "{}") for n in range(9)
    ]
    await bring(ledger, "running", "running")

    turns = await ledger.turns()
    assert {job_id: place for place, job_id in enumerate(turns)} == {job.id: await ledger.position(job) for job in jobs}


async def test_shares_are_of_what_is_at_google(ledger: Ledger) -> None:
    """By credential, the part of the jobs in hand that this process runs."""
    other = replace(TARGET, credential_id="key-2")
    for number, (owner, target) in enumerate([("a", TARGET), ("b", TARGET), ("b", TARGET), ("b", other)]):
        claim = a_claim(owner, target=target)
        await ledger.create(a_job(f"video_{number}", targets=(TARGET, other)), "{}")
        assert await ledger.claim(pick(f"video_{number}", claim), NOW) is not None
    await bring(ledger, "completed", "ended", owner="a")

    assert await ledger.shares("a") == {"key-1": pytest.approx(1 / 3)}
    assert await ledger.shares("b") == {"key-1": pytest.approx(2 / 3), "key-2": 1.0}


# -- a census ----------------------------------------------------------------------------------------------------------


async def test_a_census_counts_what_goes_on_and_what_is_uncertain(ledger: Ledger) -> None:
    """Every such state is named, with 0 too; the oldest that waits says since when."""
    empty = await ledger.census()
    await ledger.create(a_job("waits", created_at=NOW + MINUTE), "{}")
    await ledger.create(a_job("waits longer, behind it", created_at=NOW + SECOND, priority=-1), "{}")
    for place in ("running", "uncertain", "completed"):
        await bring(ledger, place, place)
    census = await ledger.census()

    assert (set(empty.jobs.values()), empty.oldest_queued, empty.queued) == ({0}, None, 0)
    assert census.jobs == {
        JobState.QUEUED: 2,
        JobState.SUBMITTING: 0,
        JobState.RUNNING: 1,
        JobState.FETCHING: 0,
        JobState.UNCERTAIN: 1,
    }
    assert (census.queued, census.oldest_queued) == (2, NOW + SECOND)
