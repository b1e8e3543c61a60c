"""The text, read back by the library's own parsers."""

import os

import pytest

from proxy.metrics import table
from proxy.metrics.exposition import exposition
from proxy.metrics.snapshot import Snapshot, snapshot_of, told
from proxy.metrics.table import METRICS
from proxy.metrics.tally import Tallies
from tests.proxy.metrics.scraped import of, sample, samples

OPEN = "application/openmetrics-text; version=1.0.0"


def a_snapshot() -> Snapshot:
    tallies = Tallies(["m"])
    for seconds in (0.004, 0.3, 7000.0):
        tallies.http_requests.observe(('/v1/"odd"\\n', "GET", 200), seconds)
    tallies.spent_dollars["gemini", "m"] += 0.35
    return told(snapshot_of(tallies, {table.REST: {("one", ""): 1.5}}))


PROMETHEUS = f"{OPEN};q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"
"""What Prometheus 3 sends."""
ACCEPTED = {
    "": False,
    "*/*": False,
    "text/plain": False,
    "text/html, nonsense;;=,;": False,
    "text/plain;q=0.9, application/openmetrics-text;q=0.1": False,
    "application/openmetrics-text;q=0": False,
    "application/openmetrics-text;q=much": False,
    OPEN: True,
    PROMETHEUS: True,
    "Application/OpenMetrics-Text; version=zzz; escaping=\u00e9": True,
    "application/openmetrics-text; version=9.9": True,
}


@pytest.mark.parametrize("accept", ACCEPTED)
def test_every_client_can_read_it(accept: str) -> None:
    """Buckets are cumulative, odd labels are escaped, and figures are what was counted."""
    text, content_type = exposition(a_snapshot(), (), accept)
    figures = samples(text.decode(), openmetrics=ACCEPTED[accept])
    labels = {"route": '/v1/"odd"\\n', "method": "GET", "status": "200"}

    assert content_type == f"{OPEN if ACCEPTED[accept] else 'text/plain; version=0.0.4'}; charset=utf-8"
    assert figures[sample("http_requests_total", **labels)] == 3
    buckets = {bound: figures[sample("http_request_duration_seconds_bucket", le=bound, **labels)] for bound in BOUNDS}
    assert buckets == {"0.005": 1, "0.25": 1, "0.5": 2, "600.0": 2, "+Inf": 3}
    assert figures[sample("http_request_duration_seconds_sum", **labels)] == 7000.304
    assert figures[sample("mediashim_spent_dollars_total", backend="gemini", model="m")] == 0.35


BOUNDS = ("0.005", "0.25", "0.5", "600.0", "+Inf")


def test_what_nothing_was_counted_of_is_told_nevertheless() -> None:
    """Name and help of every metric, so that a dashboard can be made before anything happens."""
    text, _ = exposition(Snapshot(), (), "")
    assert all(f"# HELP {metric.name} {metric.says}\n" in text.decode() for metric in METRICS)


def test_workers_are_told_apart() -> None:
    """Each one's own metrics with its number, also while it is the only one; one that has gone has none."""
    parent = os.getppid()
    figures = samples(exposition(Snapshot(), [os.getpid(), parent, 2**22 + 1], "")[0].decode())
    assert set(of(figures, "process_start_time_seconds")) == {(("pid", str(pid)),) for pid in (os.getpid(), parent)}
    assert (("pid", str(parent)),) in of(samples(exposition(Snapshot(), [parent], "")[0].decode()), "process_open_fds")


def test_a_process_alone_needs_no_number() -> None:
    """As every other exporter."""
    assert sample("process_start_time_seconds") in samples(exposition(Snapshot(), (), "")[0].decode())
