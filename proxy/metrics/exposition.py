"""Snapshots as the text that Prometheus reads, by the library of Prometheus' own project.

Imported when /metrics is first asked for: prometheus-client (0.26) takes 57 ms to import, and a start must not wait.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import assert_never

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client import exposition as plain
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from proxy.metrics.snapshot import Snapshot
from proxy.metrics.table import METRICS, Metric, MetricKind
from proxy.metrics.tally import SECONDS

_OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def exposition(snapshot: Snapshot, workers: Sequence[int], accept: str) -> tuple[bytes, str]:
    """The text and its content type: OpenMetrics where `accept` names it, else Prometheus' own format.

    `workers` are the processes behind the snapshot: each one's own metrics carry its number. None: this one, without.
    """
    registry = CollectorRegistry()
    registry.register(_Told(snapshot))
    registry.register(_Processes(workers))
    if prefers_openmetrics(accept):
        return openmetrics.generate_latest(registry), _OPENMETRICS
    return plain.generate_latest(registry), plain.CONTENT_TYPE_PLAIN_0_0_4


def prefers_openmetrics(accept: str) -> bool:
    """Whether an Accept header asks for OpenMetrics at least as much as for plain text (RFC 9110, 12.5.1).

    The library's own choice (0.26, `choose_encoder`) fails on a version that is no number, and repeats whatever version
    it is asked for.
    """
    weights = {"application/openmetrics-text": 0.0, "text/plain": 0.0}
    for entry in accept.lower().split(","):
        kind, *parameters = (part.strip() for part in entry.split(";"))
        if kind in weights:
            weights[kind] = max(weights[kind], _weight(parameters))
    wanted, other = weights.values()
    return wanted > 0 and wanted >= other


def _weight(parameters: Sequence[str]) -> float:
    stated = next((part.removeprefix("q=") for part in parameters if part.startswith("q=")), "1")
    try:
        return float(stated)
    except ValueError:
        return 0.0


class _Told(Collector):
    """Every metric of the table, those without a sample among them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterator[Family]:
        for metric in METRICS:
            yield _family(metric, self._snapshot)


class _Processes(Collector):
    """Processor time, memory and files of each process, from /proc; nothing where there is none."""

    def __init__(self, workers: Sequence[int]) -> None:
        self._workers = workers

    def collect(self) -> Iterable[Family]:
        if not self._workers:
            return ProcessCollector(registry=None).collect()
        families: dict[str, Family] = {}
        for pid in self._workers:
            for family in ProcessCollector(registry=None, pid=partial(int, pid)).collect():
                together = families.setdefault(family.name, Family(family.name, family.documentation, family.type))
                for sample in family.samples:
                    together.add_sample(sample.name, {**sample.labels, "pid": str(pid)}, sample.value)
        return families.values()


def _family(metric: Metric, snapshot: Snapshot) -> Family:
    match metric.kind:
        case MetricKind.COUNTER:
            counter = CounterMetricFamily(metric.name.removesuffix("_total"), metric.says, labels=metric.labels)
            for labels, count in snapshot.counters.get(metric.name, ()):
                counter.add_metric(labels, count)
            return counter
        case MetricKind.GAUGE:
            gauge = GaugeMetricFamily(metric.name, metric.says, labels=metric.labels)
            for labels, value in snapshot.gauges.get(metric.name, ()):
                gauge.add_metric(labels, value)
            return gauge
        case MetricKind.HISTOGRAM:
            histogram = HistogramMetricFamily(metric.name, metric.says, labels=metric.labels)
            for labels, (*counts, seconds) in snapshot.histograms.get(metric.name, ()):
                histogram.add_metric(labels, _buckets(counts), seconds)
            return histogram
        case _:
            assert_never(metric.kind)


def _buckets(counts: Sequence[float]) -> list[tuple[str, float]]:
    """Each bucket with all below it."""
    bounds = [*map(floatToGoString, SECONDS), "+Inf"]
    return list(zip(bounds, accumulate(counts), strict=True))
