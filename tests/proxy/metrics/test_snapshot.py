"""Tallies as data: they come back from text as they went in, and several add up."""

import pytest

from proxy.metrics import table
from proxy.metrics.snapshot import Snapshot, snapshot_of, told, total
from proxy.metrics.tally import SECONDS, Tallies


def counted() -> Tallies:
    tallies = Tallies(["m"])
    tallies.submits["gemini", "m", "accepted"] += 1
    tallies.spent_dollars["gemini", "m"] += 0.35
    tallies.http_in_progress = 2
    tallies.http_requests.observe(("/v1/models", "GET", 200), 0.02)
    for credential in ("one", "two"):
        tallies.google_calls.observe((credential, "m", "poll", 200), 0.5)
    return tallies


def test_text_and_back() -> None:
    """Numbers that are labels are text from then on."""
    snapshot = snapshot_of(counted(), {table.REST: {("one", ""): 5.0}})
    assert Snapshot.model_validate_json(snapshot.model_dump_json()) == snapshot
    assert snapshot.histograms[table.HTTP_DURATION][0][0] == ("/v1/models", "GET", "200")


def test_what_is_counted_later_is_not_in_an_earlier_snapshot() -> None:
    """A worker may count on while a thread writes the text."""
    tallies = counted()
    before = snapshot_of(tallies, {})
    text = before.model_dump_json()
    tallies.submits["gemini", "m", "accepted"] += 1
    tallies.http_requests.observe(("/v1/models", "GET", 200), 0.02)
    assert before.model_dump_json() == text


def test_several_add_up() -> None:
    """Counts, histograms and what is in progress are added; of rests and circuits the highest holds."""
    one = snapshot_of(counted(), {table.REST: {("a", ""): 5.0, ("b", ""): 1.0}, table.CIRCUITS: {("h",): 1.0}})
    two = snapshot_of(counted(), {table.REST: {("a", ""): 9.0}, table.CIRCUITS: {("h",): 1.0}})
    both = total([one, two])

    assert dict(both.counters[table.SUBMITS]) == {("gemini", "m", "accepted"): 2}
    assert dict(both.counters[table.SPENT]) == {("gemini", "m"): 0.7}
    assert dict(both.gauges[table.HTTP_IN_PROGRESS]) == {(): 4}
    assert dict(both.gauges[table.REST]) == {("a", ""): 9, ("b", ""): 1}
    assert dict(both.gauges[table.CIRCUITS]) == {("h",): 1}
    [(_, bars)] = both.histograms[table.HTTP_DURATION]
    assert (sum(bars[:-1]), bars[-1], len(bars)) == (2, 0.04, len(SECONDS) + 2)
    assert dict(one.counters[table.SUBMITS]) == {("gemini", "m", "accepted"): 1}


def test_the_dead_leave_their_counts_and_nothing_that_is_so_now() -> None:
    """Their requests in progress are over."""
    left = snapshot_of(counted(), {}).without_gauges()
    assert left.counters
    assert left.histograms
    assert not left.gauges


def test_other_buckets_do_not_add_up() -> None:
    """An error, and no sum of what does not belong together."""
    other = Snapshot(histograms={table.HTTP_DURATION: [(("/v1/models", "GET", "200"), [1.0, 0.5])]})
    with pytest.raises(ValueError, match="zip"):
        total([snapshot_of(counted(), {}), other])


def test_what_has_a_duration_is_counted() -> None:
    """Calls by credential, their durations of all credentials together."""
    figures = told(snapshot_of(counted(), {}))
    assert dict(figures.counters[table.HTTP_REQUESTS]) == {("/v1/models", "GET", "200"): 1}
    assert dict(figures.counters[table.GOOGLE_CALLS]) == {
        ("one", "m", "poll", "200"): 1,
        ("two", "m", "poll", "200"): 1,
    }
    [(key, bars)] = figures.histograms[table.GOOGLE_DURATION]
    assert (key, sum(bars[:-1]), bars[-1]) == (("m", "poll", "200"), 2, 1.0)
