"""A scrape as tests look at it."""

from collections.abc import Mapping

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_prometheus

Sample = tuple[str, frozenset[tuple[str, str]]]


def sample(name: str, **labels: str) -> Sample:
    """The key of one figure."""
    return name, frozenset(labels.items())


def samples(text: str, *, openmetrics: bool = False) -> Mapping[Sample, float]:
    """Every figure of a scrape; the parser is the library's own, and refuses what Prometheus would."""
    read = read_openmetrics if openmetrics else read_prometheus
    found: dict[Sample, float] = {}
    for family in read(text):
        for one in family.samples:
            key = sample(one.name, **one.labels)
            assert key not in found, f"twice: {key}"
            found[key] = one.value
    return found


def of(figures: Mapping[Sample, float], name: str) -> dict[tuple[tuple[str, str], ...], float]:
    """All of one metric, by their labels in order."""
    return {tuple(sorted(labels)): value for (known, labels), value in figures.items() if known == name}
