"""How soon a finished video is seen, and for how many polls: simulated clock, seeded, nothing sleeps.

    python -m benchmarks.polling            print the tables, write results/polling.json and results/polling.png

A video's delay runs from the moment Google is done to the caller's first media byte: the wait for the next poll, plus
NETWORK for that poll's answer and the media's first byte.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, median, quantiles

from benchmarks.laws import ANY_RATIO, ANY_SECOND, SCENARIOS, SLOW, Scenario, fewest_polls
from proxy.jobs.durations import MEMORY
from proxy.jobs.pace import Limits
from proxy.jobs.schedule import Schedule, learn

NETWORK = 0.1
"""Seconds, assumed: 50 ms until the poll's answer is here, 50 ms until the media's first byte is."""
TARGET_DELAY, TARGET_POLLS = 1.0, 40.0

VIDEOS, WARM_UP = 1000, 64
COLD_BUCKETS, COLD_VIDEOS = 200, 5
RESULTS = Path(__file__).parent / "results"

NextDelay = Callable[[float, float], float]
Learn = Callable[[Sequence[float]], Schedule]


@dataclass(frozen=True, slots=True)
class Seen:
    """One video: seconds between its end and its first byte, and how many polls it cost."""

    delay: float
    polls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a schedule does to a scenario. Delays in seconds."""

    scenario: str
    history: str
    schedule: str
    delay_median: float
    delay_p90: float
    polls_median: float
    polls_mean: float
    polls_max: int
    fewest_possible: float | None = None
    """Mean polls below which no schedule reaches the target's delay; None where that depends on what can be known."""

    @property
    def on_target(self) -> bool:
        return self.delay_median < TARGET_DELAY and self.polls_mean < TARGET_POLLS


def wait_for(duration: float, next_delay: NextDelay, dice: random.Random) -> Seen:
    """Poll one video to its end on a simulated clock."""
    now, polls = 0.0, 0
    while now < duration:
        now += next_delay(now, dice.random())
        polls += 1
    return Seen(now - duration + NETWORK, polls)


def learned_warm(scenario: Scenario, learn: Learn = learn, *, videos: int = VIDEOS, seed: int = 1) -> Iterator[Seen]:
    """Videos one after the other, each learning from those before; every kind has had WARM_UP of them."""
    dice = random.Random(seed)
    history = [
        [scenario.draw(kind, nth, dice) for nth in reversed(range(WARM_UP))] for kind in range(len(scenario.kinds))
    ]
    for nth in range(videos):
        kind = dice.randrange(len(scenario.kinds))
        duration = scenario.draw(kind, WARM_UP + nth, dice)
        yield wait_for(duration, learn(history[kind]).next_delay, dice)
        history[kind] = [duration, *history[kind]][:MEMORY]


def learned_cold(
    scenario: Scenario, learn: Learn = learn, *, buckets: int = COLD_BUCKETS, seed: int = 2
) -> Iterator[Seen]:
    """The first COLD_VIDEOS of fresh kinds."""
    dice = random.Random(seed)
    for _ in range(buckets):
        history: list[float] = []
        kind, nth = dice.randrange(len(scenario.kinds)), dice.randrange(1000)
        for later in range(COLD_VIDEOS):
            duration = scenario.draw(kind, nth + later, dice)
            yield wait_for(duration, learn(history).next_delay, dice)
            history.insert(0, duration)


def fixed(scenario: Scenario, interval: float, *, videos: int = VIDEOS, seed: int = 1) -> Iterator[Seen]:
    """Videos polled every `interval` seconds."""
    dice = random.Random(seed)
    for nth in range(videos):
        duration = scenario.draw(dice.randrange(len(scenario.kinds)), nth, dice)
        yield wait_for(duration, lambda _elapsed, _jitter: interval, dice)


def row(scenario: Scenario, history: str, schedule: str, seen: Iterator[Seen]) -> Row:
    """Sum up one run."""
    videos = list(seen)
    delays, polls = [video.delay for video in videos], [video.polls for video in videos]
    bound = None
    if scenario.load is None and history == "warm":
        bound = round(fewest_polls(scenario.kinds, in_time=TARGET_DELAY - NETWORK), 1)
    return Row(
        scenario=scenario.name,
        history=history,
        schedule=schedule,
        delay_median=round(median(delays), 2),
        delay_p90=round(quantiles(delays, n=10)[-1], 2),
        polls_median=median(polls),
        polls_mean=round(fmean(polls), 1),
        polls_max=max(polls),
        fewest_possible=bound,
    )


def spendthrift(history: Sequence[float]) -> Schedule:
    """What the learned schedule would do without limits on polls, and with an aim no higher than the target needs."""
    return learn(history, Limits(in_time=0.6, polls=1000.0, stuck_polls=1000.0))


def rows() -> Iterator[Row]:
    """Every row of the tables."""
    for scenario in SCENARIOS:
        yield row(scenario, "warm", "learned", learned_warm(scenario))
        yield row(scenario, "cold", "learned", learned_cold(scenario))
        for interval in (10, 2):
            yield row(scenario, "", f"every {interval} s", fixed(scenario, float(interval)))
    for scenario in (SLOW, ANY_RATIO, ANY_SECOND):
        yield row(scenario, "warm", "learned, no limits", learned_warm(scenario, spendthrift, videos=VIDEOS // 2))


def tables(results: Sequence[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        "| durations | schedule | delay: median | p90 | polls: mean | median | max | target | fewest possible |",
        "|---|---|--:|--:|--:|--:|--:|:-:|--:|",
    ]
    for r in results:
        schedule = f"{r.schedule}, {r.history}" if r.history else r.schedule
        bound = "" if r.fewest_possible is None else f"{r.fewest_possible:.1f}"
        lines.append(
            f"| {r.scenario} | {schedule} | {r.delay_median:.2f} s | {r.delay_p90:.1f} s | {r.polls_mean:.1f} "
            f"| {r.polls_median:.0f} | {r.polls_max} | {'yes' if r.on_target else 'no'} | {bound} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run, print, write."""
    results = list(rows())
    print(tables(results))
    RESULTS.mkdir(exist_ok=True)
    facts = {"network_seconds": NETWORK, "videos": VIDEOS, "rows": [asdict(r) for r in results]}
    (RESULTS / "polling.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    try:
        from benchmarks.polling_picture import draw
    except ImportError:
        print("no picture: Pillow is not installed")
        return
    draw(RESULTS / "polling.png")


if __name__ == "__main__":
    main()
