"""Who goes next, and by which credential: limits are never exceeded, whatever the strategy."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config.schema import Strategy
from proxy.jobs.job import Claimed, Ended, JobState, Refused, advance
from proxy.jobs.ledger import Load
from proxy.jobs.queue import Lane, Queue
from proxy.jobs.rows import to_row
from tests.jobs import NOW, TARGET, KnownLoad, a_job
from translators.wire.call import Surface

MODEL = TARGET.upstream_id


def lane(name: str, order: int = 0, **settings: object) -> Lane:
    return Lane(credential_id=name, order=order, **settings)


def queue(*lanes: Lane, strategy: Strategy = Strategy.ROUND_ROBIN, rests: dict[str, float] | None = None) -> Queue:
    return Queue(
        lanes={one.credential_id: one for one in lanes},
        rests=lambda credential, model: (rests or {}).get(credential, 0.0),
        strategy=strategy,
        owner="me",
        lease=timedelta(seconds=30),
    )


def wanting(*names: str, **fields: object):
    return a_job(targets=tuple(replace(TARGET, credential_id=name) for name in names), **fields)


def load(active: dict[str, int] | None = None, submitted: dict[str, list[float]] | None = None) -> Load:
    """Seconds ago -> Load."""
    return KnownLoad(
        jobs={(name, MODEL): count for name, count in (active or {}).items()},
        times={
            (name, MODEL): sorted(NOW - timedelta(seconds=ago) for ago in times)
            for name, times in (submitted or {}).items()
        },
    )


def chosen(choice) -> str | None:
    if choice is None:
        return None
    _, event = choice
    assert isinstance(event, Claimed)
    return event.target.credential_id


A, B = lane("a", 0), lane("b", 1)
CASES = [
    ("the only one", queue(A), wanting("a"), load(), "a"),
    ("busy", queue(replace(A, concurrency=1)), wanting("a"), load({"a": 1}), None),
    ("one place left", queue(replace(A, concurrency=2)), wanting("a"), load({"a": 1}), "a"),
    ("the minute is full", queue(replace(A, per_minute=2)), wanting("a"), load(submitted={"a": [1, 59]}), None),
    ("the minute is over", queue(replace(A, per_minute=2)), wanting("a"), load(submitted={"a": [1, 60]}), "a"),
    ("it rests", queue(A, rests={"a": 5.0}), wanting("a"), load(), None),
    ("the other one rests", queue(A, B, rests={"a": 5.0}), wanting("a", "b"), load(), "b"),
    ("the less busy", queue(A, B), wanting("a", "b"), load({"a": 2, "b": 1}), "b"),
    ("equally busy: fewer submits", queue(A, B), wanting("a", "b"), load(submitted={"a": [5]}), "b"),
    ("priority before all", queue(A, replace(B, priority=1)), wanting("a", "b"), load({"b": 9}), "b"),
    ("fill the first", queue(A, B, strategy=Strategy.FILL_FIRST), wanting("b", "a"), load({"a": 9}), "a"),
    (
        "by weight",
        queue(A, replace(B, weight=3), strategy=Strategy.WEIGHTED_ROUND_ROBIN),
        wanting("a", "b"),
        load({"a": 1, "b": 2}),
        "b",
    ),
    (
        "a weight of zero takes no part",
        queue(replace(A, weight=0), B, strategy=Strategy.WEIGHTED_ROUND_ROBIN),
        wanting("a", "b"),
        load({"b": 9}),
        "b",
    ),
    ("but only in the weighted rotation", queue(replace(A, weight=0), B), wanting("a", "b"), load({"b": 1}), "a"),
    ("refused by the first", queue(A, B), wanting("a", "b", refused_by=("a",)), load(), "b"),
    (
        "waits for the other",
        queue(A, replace(B, concurrency=1)),
        wanting("a", "b", refused_by=("a",)),
        load({"b": 1}),
        None,
    ),
    ("the other rests", queue(A, B, rests={"b": 60.0}), wanting("a", "b", refused_by=("a",)), load(), "a"),
    ("refused by all", queue(A, B), wanting("a", "b", refused_by=("a", "b")), load(), "a"),
    ("not configured any more", queue(B), wanting("a", "b"), load(), "b"),
]


@pytest.mark.parametrize(
    ("rule", "job", "at_google", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_the_choice(rule, job, at_google, expected) -> None:
    """Each rule alone."""
    assert chosen(rule.choose([job], at_google, NOW)) == expected


def test_a_job_that_cannot_go_does_not_hold_up_the_next() -> None:
    """The first that may, in their order."""
    rule = queue(replace(A, concurrency=1), B)
    job, _ = rule.choose([wanting("a"), wanting("b", job_id="video_2")], load({"a": 1}), NOW)
    assert job.id == "video_2"


def test_where_there_is_no_choice_nothing_is_counted() -> None:
    """Counting the submits of a minute takes as long as there were many."""

    class Uncounted(KnownLoad):
        def submitted(self, at: tuple[str, str]) -> int:
            pytest.fail("nobody may ask")

    rule = queue(replace(A, concurrency=5), replace(B, concurrency=1))
    busy = Uncounted({("a", MODEL): 2, ("b", MODEL): 1})
    assert chosen(rule.choose([wanting("a", "b")], busy, NOW)) == "a"


def test_a_job_without_any_credential_ends() -> None:
    """It can never go: it fails, names what it waited for, and says that nothing was sent."""
    _, event = queue(B).choose([wanting("a")], load(), NOW)

    assert isinstance(event, Ended)
    assert (event.state, event.error.code) == (JobState.FAILED, "no_credential")
    assert "a" in event.error.message
    assert "Nothing was sent" in event.error.message


@pytest.mark.parametrize(
    ("surface", "own", "lanes", "expected"),
    [
        (Surface.VERTEX, None, "gs://b/x/", "gs://b/x/video_1"),
        (Surface.VERTEX, "gs://mine", "gs://b/x", "gs://mine/video_1"),
        (Surface.VERTEX, None, None, None),
        (Surface.GEMINI, None, "gs://b/x", None),
    ],
)
def test_each_job_has_a_folder_of_its_own(surface, own, lanes, expected) -> None:
    """The caller's bucket before the credential's; only Vertex writes there."""
    job = a_job(
        targets=(replace(TARGET, credential_id="a", surface=surface),),
        parameters={"storage_uri": own} if own else {},
    )
    _, event = queue(replace(A, storage_uri=lanes)).choose([job], load(), NOW)
    assert event.storage_prefix == expected


@given(
    concurrency=st.integers(1, 3),
    per_minute=st.integers(1, 4),
    steps=st.lists(st.tuples(st.floats(0, 40), st.booleans()), max_size=40),
    strategy=st.sampled_from(Strategy),
)
def test_no_limit_is_ever_exceeded(concurrency, per_minute, steps, strategy) -> None:
    """Whatever ends when: never more at once, and never more within any sixty seconds."""
    limits = {"concurrency": concurrency, "per_minute": per_minute}
    rule = queue(lane("a", 0, **limits), lane("b", 1, **limits), strategy=strategy)
    now, active, submitted = NOW, Counter(), {"a": [], "b": []}
    for pause, one_ends in steps:
        now += timedelta(seconds=pause)
        if one_ends and (busy := [name for name in active if active[name]]):
            active[busy[0]] -= 1
        recent = {
            (name, MODEL): [when for when in times if when > now - timedelta(minutes=1)]
            for name, times in submitted.items()
        }
        name = chosen(
            rule.choose([wanting("a", "b")], KnownLoad({(n, MODEL): c for n, c in active.items()}, recent), now)
        )
        if name is not None:
            active[name] += 1
            submitted[name].append(now)
        for times in submitted.values():
            assert all(
                sum(1 for t in times if start <= t < start + timedelta(minutes=1)) <= per_minute for start in times
            )
        assert all(count <= concurrency for count in active.values())


def test_a_refusal_by_one_is_remembered_until_the_job_waits() -> None:
    """`refused_by` grows while others are tried, and is empty again after a pause."""
    job = wanting("a", "b")
    for name in ("a", "b"):
        _, claim = queue(A, B).choose([job], load(), NOW)
        assert claim.target.credential_id == name
        job = advance(advance(job, claim, NOW), Refused(NOW, by=name), NOW)
    assert job.refused_by == ("a", "b")
    waited = advance(advance(job, claim, NOW), Refused(NOW), NOW)
    assert waited.refused_by == ()


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "ab", "c"]), st.sampled_from(["", "a"])), min_size=1, max_size=12),
    st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 2)),
    st.sampled_from(list(Strategy)),
)
def test_those_of_one_lane_stand_for_each_other(kinds, active, strategy) -> None:
    """Whoever is chosen among all is chosen among the first of each lane: a claim need not look at the others."""
    jobs = [wanting(*names, id=f"video_{n:02}", refused_by=tuple(refused)) for n, (names, refused) in enumerate(kinds)]
    first_of_lanes = list({to_row(job)["lane"]: job for job in reversed(jobs)}.values())
    rule = queue(lane("a", concurrency=1), lane("b", 1, concurrency=2), strategy=strategy)
    shown = [rule.choose(waiting, load(active), NOW) for waiting in (jobs, sorted(first_of_lanes, key=lambda j: j.id))]

    assert shown[0] == shown[1]
