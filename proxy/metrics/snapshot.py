"""Tallies as plain data: what one process counted, as text can hold it, and the sum of several processes."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict, Field

from proxy.metrics import table
from proxy.metrics.tally import Labels, Tallies

Key = tuple[str, ...]
Rows = dict[Key, float]
Bars = dict[Key, list[float]]

HIGHEST = frozenset({table.REST, table.CIRCUITS})
"""Gauges of which the highest holds, where several processes say something; all others are added."""


class Snapshot(BaseModel):
    """What one process, or several, have counted, by metric; a histogram's list: buckets, what is longer, the sum."""

    model_config = ConfigDict(frozen=True)

    counters: dict[str, list[tuple[Key, float]]] = Field(default_factory=dict)
    histograms: dict[str, list[tuple[Key, list[float]]]] = Field(default_factory=dict)
    gauges: dict[str, list[tuple[Key, float]]] = Field(default_factory=dict)

    def without_gauges(self) -> "Snapshot":
        """What of a process remains that lives no more."""
        return Snapshot(counters=self.counters, histograms=self.histograms)


def snapshot_of(tallies: Tallies, gauges: Mapping[str, Rows]) -> Snapshot:
    """What these tallies hold now, copied, and what is so right now beside them."""
    counters: dict[str, Mapping[Labels, float]] = {
        table.SUBMITS: tallies.submits,
        table.JOBS_ENDED: tallies.jobs_ended,
        table.SPENT: tallies.spent_dollars,
        table.JOINS: tallies.joins,
        table.IMAGE_LOOKUPS: tallies.image_lookups,
        table.MEDIA_STORED: {(): tallies.media_stored_bytes},
    }
    histograms = {table.HTTP_DURATION: tallies.http_requests, table.GOOGLE_DURATION: tallies.google_calls}
    return Snapshot(
        counters={name: [(_key(labels), count) for labels, count in rows.items()] for name, rows in counters.items()},
        histograms={
            name: [(_key(labels), bars.copy()) for labels, bars in histogram.series.items()]
            for name, histogram in histograms.items()
        },
        gauges={
            table.HTTP_IN_PROGRESS: [((), float(tallies.http_in_progress))],
            **{name: list(rows.items()) for name, rows in gauges.items()},
        },
    )


def total(snapshots: Iterable[Snapshot]) -> Snapshot:
    """All of them together. Raises ValueError for histograms of different buckets."""
    counters: dict[str, Rows] = {}
    histograms: dict[str, Bars] = {}
    gauges: dict[str, Rows] = {}
    for snapshot in snapshots:
        for name, rows in snapshot.counters.items():
            _add(counters.setdefault(name, {}), rows)
        for name, bars in snapshot.histograms.items():
            _add_bars(histograms.setdefault(name, {}), bars)
        for name, rows in snapshot.gauges.items():
            (_raise if name in HIGHEST else _add)(gauges.setdefault(name, {}), rows)
    return Snapshot(
        counters={name: list(rows.items()) for name, rows in counters.items()},
        histograms={name: list(bars.items()) for name, bars in histograms.items()},
        gauges={name: list(rows.items()) for name, rows in gauges.items()},
    )


def told(snapshot: Snapshot) -> Snapshot:
    """The same by the metrics of the table: what has a duration is counted, too."""
    requests = snapshot.histograms.get(table.HTTP_DURATION, [])
    calls = snapshot.histograms.get(table.GOOGLE_DURATION, [])
    by_credential_no_more: Bars = {}
    for key, bars in calls:
        _add_bars(by_credential_no_more, [(key[1:], bars)])
    return Snapshot(
        counters={**snapshot.counters, table.HTTP_REQUESTS: _counts(requests), table.GOOGLE_CALLS: _counts(calls)},
        histograms={table.HTTP_DURATION: requests, table.GOOGLE_DURATION: list(by_credential_no_more.items())},
        gauges=snapshot.gauges,
    )


def _counts(bars: Iterable[tuple[Key, list[float]]]) -> list[tuple[Key, float]]:
    return [(key, sum(counts[:-1])) for key, counts in bars]


def _key(labels: Labels) -> Key:
    return tuple(map(str, labels))


def _add(to: Rows, rows: Iterable[tuple[Key, float]]) -> None:
    for key, count in rows:
        to[key] = to.get(key, 0.0) + count


def _raise(to: Rows, rows: Iterable[tuple[Key, float]]) -> None:
    for key, value in rows:
        to[key] = max(to.get(key, value), value)


def _add_bars(to: Bars, bars: Iterable[tuple[Key, list[float]]]) -> None:
    for key, counts in bars:
        known = to.get(key)
        to[key] = counts if known is None else [one + other for one, other in zip(known, counts, strict=True)]
