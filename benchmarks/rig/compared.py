"""The table that most workloads end in: every server beside the first, which is the floor where there is one."""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.rig.measure import Sample, middle, spread
from benchmarks.rig.tables import Column, Table


def rate_of(sample: Sample) -> float:
    """Answers a second."""
    return sample.seen.rate


def compared(
    title: str,
    note: str,
    found: Mapping[str, Sequence[Sample]],
    *,
    rate: Callable[[Sample], float] = rate_of,
    cost: Callable[[Sample], float] = lambda sample: sample.cpu_ms,
    rate_title: str = "requests/s",
    cost_title: str = "CPU ms each",
) -> Table:
    """Rates and processor time as medians, each with its ratio to the first server's, and the noise of both."""
    first = next(iter(found.values()))
    floor_rate, floor_cost = middle(first, rate), middle(first, cost)
    rows = [
        {
            "server": name,
            "rate": middle(samples, rate),
            "rate_ratio": middle(samples, rate) / floor_rate if floor_rate else None,
            "rate_noise": spread(samples, rate),
            "cpu": middle(samples, cost),
            "cpu_ratio": middle(samples, cost) / floor_cost if floor_cost else None,
            "cpu_noise": spread(samples, cost),
            "peak_mb": middle(samples, lambda sample: sample.peak_mb),
            "callers": middle(samples, lambda sample: sample.callers_busy),
        }
        for name, samples in found.items()
    ]
    return Table(
        title=title,
        note=note,
        columns={
            "server": Column(title="server"),
            "rate": Column(title=rate_title, format="count"),
            "rate_ratio": Column(title="ratio", format="ratio"),
            "rate_noise": Column(title="noise ±", format="share"),
            "cpu": Column(title=cost_title, format="figures"),
            "cpu_ratio": Column(title="ratio", format="ratio"),
            "cpu_noise": Column(title="noise ±", format="share"),
            "peak_mb": Column(title="peak RSS, MB", format="count"),
            "callers": Column(title="callers busy", format="share"),
        },
        rows=rows,
    )
