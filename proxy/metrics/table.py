"""Every metric there is: docs/metrics.md lists them, and nothing else is exposed but the library's process metrics.

Names: Prometheus docs, "Metric and label naming" and "Writing exporters" (2026-11); those of HTTP have no prefix, as
dashboards for gateways expect them.
"""

from dataclasses import dataclass
from enum import StrEnum


class MetricKind(StrEnum):
    """Prometheus' kinds."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric. `says` is its help text."""

    name: str
    kind: MetricKind
    labels: tuple[str, ...] = ()
    says: str


HTTP_REQUESTS = "http_requests_total"
HTTP_DURATION = "http_request_duration_seconds"
HTTP_IN_PROGRESS = "http_requests_in_progress"
GOOGLE_CALLS = "mediashim_google_calls_total"
GOOGLE_DURATION = "mediashim_google_call_duration_seconds"
SUBMITS = "mediashim_submits_total"
JOBS_ENDED = "mediashim_jobs_ended_total"
SPENT = "mediashim_spent_dollars_total"
JOINS = "mediashim_joins_total"
JOBS = "mediashim_jobs"
QUEUE_LENGTH = "mediashim_queue_length"
QUEUE_AGE = "mediashim_queue_oldest_age_seconds"
REST = "mediashim_credential_rest_seconds"
CIRCUITS = "mediashim_circuit_open"
IMAGE_LOOKUPS = "mediashim_image_cache_lookups_total"
MEDIA_STORED = "mediashim_media_stored_bytes_total"
BUILD = "mediashim_build_info"


def _counter(name: str, says: str, *labels: str) -> Metric:
    return Metric(name=name, kind=MetricKind.COUNTER, labels=labels, says=says)


def _gauge(name: str, says: str, *labels: str) -> Metric:
    return Metric(name=name, kind=MetricKind.GAUGE, labels=labels, says=says)


def _histogram(name: str, says: str, *labels: str) -> Metric:
    return Metric(name=name, kind=MetricKind.HISTOGRAM, labels=labels, says=says)


METRICS: tuple[Metric, ...] = (
    _counter(HTTP_REQUESTS, "Requests that were answered to the last byte.", "route", "method", "status"),
    _histogram(HTTP_DURATION, "From a request's arrival to its answer's last byte.", "route", "method", "status"),
    _gauge(HTTP_IN_PROGRESS, "Requests being answered, this one among them."),
    _counter(
        GOOGLE_CALLS, "HTTP calls to Google, each redirect and repeat counted.", "credential", "model", "kind", "status"
    ),
    _histogram(GOOGLE_DURATION, "From a call's beginning to its answer's last byte.", "model", "kind", "status"),
    _counter(SUBMITS, "Video jobs sent to Google, by what came of the sending.", "backend", "model", "outcome"),
    _counter(JOBS_ENDED, "Video jobs that ended.", "backend", "model", "state"),
    _counter(SPENT, "Dollars for completed videos and images, as the catalogue estimates them.", "backend", "model"),
    _counter(JOINS, "Requests that joined an earlier job instead of paying for another.", "backend", "model"),
    _gauge(JOBS, "Video jobs in the ledger that have not ended, or are uncertain.", "state"),
    _gauge(QUEUE_LENGTH, "Video jobs that wait for a credential."),
    _gauge(QUEUE_AGE, "Age of the oldest video job that waits; 0 if none does."),
    _gauge(REST, "How long a credential still rests for a model, or (empty model) for all.", "credential", "model"),
    _gauge(CIRCUITS, "1 for a host that has not answered lately and is hardly asked.", "host"),
    _counter(IMAGE_LOOKUPS, "Image requests that may repeat an earlier one, by whether its image was there.", "result"),
    _counter(MEDIA_STORED, "Bytes of videos and images written to the media folder."),
    _gauge(BUILD, "1; the label says which version runs.", "version"),
)
