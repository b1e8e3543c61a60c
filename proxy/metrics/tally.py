"""Counts and histograms as plain dictionaries, raised on the event loop's thread: no lock, no library, no text.

A label is a short word of a closed set (a route's template, a credential's public id, a status); whoever counts sees to
that. What a caller names goes through `Tallies.model`.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection

Labels = tuple[str | int, ...]
Counts = defaultdict[Labels, float]
"""`counts[labels] += 1`."""

OTHER = "other"
"""The label of a model that neither the catalogue nor the configuration names."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Upper bounds of the histograms' buckets: from a list of models to a video that is waited for."""


class Histogram:
    """Durations in seconds. `series` has, by labels, a count for each bucket, one for what is longer, and the sum."""

    __slots__ = ("_empty", "bounds", "series")

    def __init__(self, bounds: tuple[float, ...] = SECONDS) -> None:
        self.bounds = bounds
        self.series: dict[Labels, list[float]] = {}
        self._empty = [0.0] * (len(bounds) + 2)

    def observe(self, labels: Labels, seconds: float) -> None:
        """Count one duration; a bound belongs to the bucket below it, as Prometheus' `le` says."""
        try:
            series = self.series[labels]
        except KeyError:
            series = self.series[labels] = self._empty.copy()
        series[bisect_left(self.bounds, seconds)] += 1
        series[-1] += seconds


class Tallies:
    """Everything that one process counts; `models` are the names that may be labels."""

    __slots__ = (
        "google_calls",
        "http_in_progress",
        "http_requests",
        "image_lookups",
        "jobs_ended",
        "joins",
        "media_stored_bytes",
        "models",
        "spent_dollars",
        "submits",
    )

    def __init__(self, models: Collection[str] = ()) -> None:
        self.models = frozenset(models)
        self.http_in_progress = 0
        self.http_requests = Histogram()
        """By route, method and status."""
        self.google_calls = Histogram()
        """By credential, model, kind and status."""
        self.submits: Counts = Counts(float)
        """By backend, model and outcome."""
        self.jobs_ended: Counts = Counts(float)
        """By backend, model and state."""
        self.spent_dollars: Counts = Counts(float)
        """By backend and model."""
        self.joins: Counts = Counts(float)
        """By backend and model."""
        self.image_lookups: Counts = Counts(float)
        """By result."""
        self.media_stored_bytes = 0.0

    def model(self, name: str) -> str:
        """The label for a model: its name if it is one of `models`, and one word for all others together."""
        return name if name in self.models or not name else OTHER
