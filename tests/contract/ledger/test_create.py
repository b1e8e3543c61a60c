"""Writing a job down, and reading it back."""

from datetime import timedelta, timezone

import pytest

from proxy.jobs.job import Refused, advance
from proxy.jobs.ledger import KeyTaken, Ledger
from tests.contract.ledger.stores import Store, bring
from tests.jobs import NOW, PATHS, a_job


@pytest.mark.parametrize("place", PATHS)
async def test_a_job_comes_back_as_it_went_in(ledger: Ledger, store: Store, place: str) -> None:
    """Every field of a job in every state survives, for this process and for another."""
    job = await bring(ledger, place, warnings=("Größe angepaßt ✓", "a second one"), source="videos")

    assert await ledger.get(job.id) == job
    assert await (await store.open()).get(job.id) == job


async def test_an_unknown_job_is_none(ledger: Ledger) -> None:
    """Nobody's id finds nothing."""
    assert await ledger.get("video_0") is None
    assert await ledger.spec("video_0") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "naïve café",
        "日本語のプロンプト",
        "👩‍👩‍👧 \U0001f3f4",
        "a\x00b",
        "quote ' \" \\ ; DROP TABLE jobs; --",
        "\u2028\r\n\t",
    ],
)
async def test_any_text_survives(ledger: Ledger, text: str) -> None:
    """No character of a prompt, name or request is changed."""
    job = a_job(prompt=text, caller=text, idempotency_key=text, parameters={text: [text]}, fingerprint=text)
    await ledger.create(job, spec=text)

    assert await ledger.get(job.id) == job
    assert await ledger.spec(job.id) == text
    assert await ledger.by_key(text, text) == job


async def test_a_huge_request_survives(ledger: Ledger) -> None:
    """Thirty megabytes of base64, with characters of more than one byte among them."""
    spec = "QUJD" * (30 * 2**20 // 4) + "ü"
    await ledger.create(a_job(), spec)

    assert await ledger.spec("video_1") == spec


async def test_times_are_exact_and_zones_do_not_matter(ledger: Ledger) -> None:
    """A microsecond counts, and an instant is the same in every zone."""
    moment = (NOW + timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    await ledger.create(a_job(created_at=moment, timeout=timedelta(days=400, microseconds=1)), "{}")

    job = await ledger.get("video_1")
    assert job is not None
    assert job.created_at == moment
    assert job.timeout == timedelta(days=400, microseconds=1)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), object()], ids=["nan", "inf", "object"])
async def test_what_cannot_be_kept_is_refused(ledger: Ledger, bad: object) -> None:
    """A value that would come back changed is refused before anything is written."""
    with pytest.raises(ValueError, match=r"JSON|serialize"):
        await ledger.create(a_job(parameters={"seed": bad}), "{}")

    assert await ledger.get("video_1") is None


async def test_a_naive_time_is_refused(ledger: Ledger) -> None:
    """A time without a zone is nobody's time."""
    with pytest.raises(TypeError):
        await ledger.create(a_job(created_at=NOW.replace(tzinfo=None)), "{}")


async def test_a_key_is_used_once_by_each_caller(ledger: Ledger) -> None:
    """The second job under a key is refused with the first in hand; another caller's same key is another key."""
    first = await ledger.create(a_job("video_1", idempotency_key="k"), "{}")
    with pytest.raises(KeyTaken) as taken:
        await ledger.create(a_job("video_2", idempotency_key="k"), "{}")
    other = await ledger.create(a_job("video_3", idempotency_key="k", caller="bob"), "{}")

    assert taken.value.job == first
    assert await ledger.get("video_2") is None
    assert await ledger.by_key("alice", "k") == first
    assert await ledger.by_key("bob", "k") == other
    assert await ledger.by_key("carol", "k") is None


async def test_a_key_stays_taken_when_its_job_has_ended(ledger: Ledger) -> None:
    """A retry that comes after the end still finds its job."""
    ended = await bring(ledger, "completed", idempotency_key="k")
    with pytest.raises(KeyTaken) as taken:
        await ledger.create(a_job("video_2", idempotency_key="k"), "{}")

    assert taken.value.job == ended


async def test_jobs_without_a_key_do_not_collide(ledger: Ledger) -> None:
    """No key is no key, not the same key."""
    await ledger.create(a_job("video_1"), "{}")
    await ledger.create(a_job("video_2"), "{}")

    assert await ledger.get("video_2") is not None


@pytest.mark.parametrize(
    ("place", "kept"),
    [(place, place in ("queued", "submitting", "uncertain")) for place in PATHS],
)
async def test_a_request_is_dropped_once_it_has_served(ledger: Ledger, place: str, *, kept: bool) -> None:
    """The stored request stays while it may be needed, and no longer."""
    job = await bring(ledger, place)

    assert (await ledger.spec(job.id) is not None) is kept


async def test_a_refused_job_still_has_its_request(ledger: Ledger) -> None:
    """A job that goes back to the queue can be submitted again."""
    job = await bring(ledger, "submitting")
    await ledger.save(advance(job, Refused(NOW), NOW))

    assert await ledger.spec(job.id) is not None
