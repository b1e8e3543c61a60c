"""Counting itself: buckets as Prometheus draws them, and names that may be labels."""

import pytest

from proxy.metrics.tally import OTHER, Histogram, Tallies


@pytest.mark.parametrize(("seconds", "bucket"), [(0.0, 0), (0.1, 0), (0.1001, 1), (1.0, 1), (1.5, 2), (9e9, 2)])
def test_a_bound_belongs_to_the_bucket_below_it(seconds: float, bucket: int) -> None:
    """`le` is less or equal; what is longer than every bound has a place of its own."""
    histogram = Histogram((0.1, 1.0))
    histogram.observe(("a", 200), seconds)
    [counts] = histogram.series.values()
    assert counts == [*(float(place == bucket) for place in range(3)), seconds]


def test_each_set_of_labels_counts_for_itself() -> None:
    """And sums its seconds."""
    histogram = Histogram((1.0,))
    for labels, seconds in ((("a",), 0.5), (("b",), 2.0), (("a",), 0.25)):
        histogram.observe(labels, seconds)
    assert histogram.series == {("a",): [2, 0, 0.75], ("b",): [0, 1, 2.0]}


def test_only_known_models_are_labels() -> None:
    """All others are one; no model stays none."""
    tallies = Tallies(["veo"])
    assert [tallies.model(name) for name in ("veo", "veo-made-up", "")] == ["veo", OTHER, ""]
