"""Several servers under the same callers in turn, so that whatever else the machine does meets all of them alike."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.rig import callers
from benchmarks.rig.callers import Seen
from benchmarks.rig.processes import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A server and what the callers send it."""

    name: str
    process: Process
    sent: Path
    options: Mapping[str, float | str]
    """What load.c checks and counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run."""

    seen: Seen
    cpu_seconds: float
    """Of the server, from before the first request until after the last answer."""
    peak_mb: float

    @property
    def cpu_ms(self) -> float:
        """Processor milliseconds (user and system) for each answer."""
        return 1000 * self.cpu_seconds / self.seen.all_answers

    @property
    def callers_busy(self) -> float:
        """The share of their core that the callers needed themselves."""
        return self.seen.own_seconds / max(self.seen.seconds, 0.001)


def under_load(contender: Contender, cores: frozenset[int], *, compiled: bool = True, **options: float | str) -> Sample:
    """One run of the callers, and what it cost the server."""
    process = contender.process
    process.forget_peak()
    before = process.cpu_seconds()
    seen = callers.call(process.port, contender.sent, cores, compiled=compiled, **{**contender.options, **options})
    return Sample(seen=seen, cpu_seconds=process.cpu_seconds() - before, peak_mb=process.peak_mb())


def alternated(
    contenders: Sequence[Contender], run: Callable[[Contender], Sample], rounds: int
) -> dict[str, list[Sample]]:
    """Each contender as often: floor, product, floor, product, ... One run of each before is thrown away."""
    samples: dict[str, list[Sample]] = {contender.name: [] for contender in contenders}
    for number in range(rounds + 1):
        for contender in contenders:
            sample = run(contender)
            if number:
                samples[contender.name].append(sample)
    return samples


def middle(samples: Iterable[Sample], figure: Callable[[Sample], float]) -> float:
    """The median of a figure."""
    return median(figure(sample) for sample in samples)


def spread(samples: Iterable[Sample], figure: Callable[[Sample], float]) -> float:
    """The noise: half of the distance from the least to the most, as a share of the median."""
    figures = [figure(sample) for sample in samples]
    centre = median(figures)
    return (max(figures) - min(figures)) / 2 / centre if centre else 0.0
