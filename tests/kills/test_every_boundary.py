"""SIGKILL at every boundary of a paid job's life, before it and after it, and then at random moments."""

import asyncio
import random
import statistics
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

import pytest

from tests.kills.backends import BACKENDS, Backend
from tests.kills.caller import Source
from tests.kills.crossings import Crossing
from tests.kills.scenario import Outcome, Scenario, play, rehearse

pytestmark = pytest.mark.slow

SEED = 20261121
AT_ONCE = 4
"""Scenarios that are played side by side: mostly they wait."""
REPEATED = 2
"""So many times a boundary is hit that is crossed again and again (polls, claims)."""
RANDOM_DEATHS = 14
"""Scenarios for each backend with deaths at random moments and crossings, one to three in a row."""
LEAST_KILLS = 200

INSIDE_THE_POST = Crossing("ledger.save running", "before", 1)
FOUND = Crossing("ledger.save fetching", "after", 1)


@pytest.mark.timeout(900)
async def test_killed_anywhere_a_paid_video_is_neither_lost_nor_paid_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is killed, wherever: at most one submit for one wish, and its video, or the truth about it."""
    say(capsys, f"\nseed {SEED}")
    plans = [await plan(backend, tmp_path / backend.name) for backend in BACKENDS]
    outcomes = await played([scenario for scenarios in plans for scenario in scenarios], tmp_path)
    say(capsys, *summary(outcomes))
    assert {str(outcome.scenario): outcome.troubles for outcome in outcomes if outcome.troubles} == {}
    assert [str(outcome.scenario) for outcome in outcomes if outcome.paid_twice] == []
    assert [str(outcome.scenario) for outcome in outcomes if outcome.lost] == []
    assert [str(outcome.scenario) for outcome in outcomes if not outcome.hit_its_boundary] == []
    assert sum(outcome.kills for outcome in outcomes) >= LEAST_KILLS


def say(capsys: pytest.CaptureFixture[str], *lines: str) -> None:
    """Show lines even if the test passes: the figures are its result."""
    with capsys.disabled():
        sys.stdout.write("\n".join((*lines, "")))


async def plan(backend: Backend, folder: Path) -> list[Scenario]:
    """Every boundary of a life, of one after a death inside the POST, of one after Google was done; and random ones.

    The callers take turns.
    """
    dice = random.Random(f"{SEED} {backend.name}")
    crossings, took = await rehearse(Scenario(backend=backend, deaths=()), folder / "rehearsal")
    scenarios = [(crossing,) for crossing in worth_hitting(crossings)]
    for number, first in enumerate((INSIDE_THE_POST, FOUND)):
        after, _ = await rehearse(
            Scenario(backend=backend, deaths=(first,)), folder / f"rehearsal after death {number}"
        )
        scenarios += [(first, second) for second in worth_hitting(after) if second.boundary not in KNOWN_BY_THEN]
    for _ in range(RANDOM_DEATHS):
        scenarios.append(tuple(random_deaths(dice, crossings, took)))
    return [
        Scenario(backend=backend, deaths=deaths, source=source, marked=marked)
        for deaths, (source, marked) in zip(scenarios, cycle(CALLERS), strict=False)
    ]


CALLERS = (
    (Source.CHAT, True),
    (Source.STREAM, False),
    (Source.VIDEOS, True),
    (Source.CHAT, False),
    (Source.STREAM, True),
)
"""Who asks, and whether repeats are marked; a job made by the Videos API is asked for by its id."""


KNOWN_BY_THEN = frozenset({"ledger.claim", "ledger.mark"})
"""What a second life does as the first one did."""


def worth_hitting(crossings: Sequence[Crossing]) -> list[Crossing]:
    """Each side of each boundary, and the first repetitions of those that repeat."""
    return [crossing for crossing in crossings if crossing.nth <= REPEATED]


def random_deaths(dice: random.Random, crossings: Sequence[Crossing], took: float) -> Iterator[Crossing | float]:
    """One to three deaths: at some crossing, or some moment between the request and a little after its answer."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        yield dice.choice(crossings) if dice.random() < 0.3 else dice.uniform(0.0, 1.1 * took)


async def played(scenarios: Sequence[Scenario], folder: Path) -> list[Outcome]:
    """The outcomes of all scenarios, a few at a time."""
    seats = asyncio.Semaphore(AT_ONCE)

    async def seated(number: int, scenario: Scenario) -> Outcome:
        async with seats:
            return await play(scenario, folder / f"scenario {number}")

    return await asyncio.gather(*(seated(number, scenario) for number, scenario in enumerate(scenarios)))


def summary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each backend, and one for all."""
    for backend in BACKENDS:
        own = [outcome for outcome in outcomes if outcome.scenario.backend is backend]
        yield f"{backend.name:14} {_counts(own)}"
    yield f"{'all':14} {_counts(outcomes)}"
    resumed = [seconds for outcome in outcomes for seconds in outcome.resumed_after]
    yield f"from ready to the answer: median {statistics.median(resumed):.2f} s, longest {max(resumed):.2f} s"


def _counts(outcomes: Sequence[Outcome]) -> str:
    counted = {
        "kills": sum(outcome.kills for outcome in outcomes),
        "accepted": sum(outcome.accepted for outcome in outcomes),
        "delivered": sum(outcome.delivered for outcome in outcomes),
        "uncertain": sum(outcome.uncertain for outcome in outcomes),
        "paid twice": sum(outcome.paid_twice for outcome in outcomes),
        "lost": sum(outcome.lost for outcome in outcomes),
    }
    return ", ".join(f"{name} {count}" for name, count in counted.items())
