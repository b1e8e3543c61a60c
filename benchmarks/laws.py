"""How long simulated videos take: laws between 11 s and 6 min, and the bound that they set on any schedule."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Protocol

SHORTEST, LONGEST = 11.0, 360.0


class Law(Protocol):
    """A distribution of seconds, known exactly."""

    def over_by(self, seconds: float) -> float:
        """The share of videos that are done by then."""
        ...

    def draw(self, dice: random.Random) -> float:
        """One video's duration."""
        ...


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A median and a spread of the logarithm, cut off at 11 s and 6 min."""

    median: float
    spread: float

    def over_by(self, seconds: float) -> float:
        low, high = self._normal.cdf(math.log(SHORTEST)), self._normal.cdf(math.log(LONGEST))
        return (self._normal.cdf(math.log(min(max(seconds, SHORTEST), LONGEST))) - low) / (high - low)

    def draw(self, dice: random.Random) -> float:
        low, high = self._normal.cdf(math.log(SHORTEST)), self._normal.cdf(math.log(LONGEST))
        return math.exp(self._normal.inv_cdf(low + (high - low) * dice.random()))

    @property
    def _normal(self) -> NormalDist:
        return NormalDist(math.log(self.median), self.spread)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Every second from 11 s to 6 min alike."""

    def over_by(self, seconds: float) -> float:
        return (min(max(seconds, SHORTEST), LONGEST) - SHORTEST) / (LONGEST - SHORTEST)

    def draw(self, dice: random.Random) -> float:
        return dice.uniform(SHORTEST, LONGEST)


@dataclass(frozen=True, slots=True)
class LogUniform:
    """Every ratio from 11 s to 6 min alike."""

    def over_by(self, seconds: float) -> float:
        return math.log(min(max(seconds, SHORTEST), LONGEST) / SHORTEST) / math.log(LONGEST / SHORTEST)

    def draw(self, dice: random.Random) -> float:
        return SHORTEST * math.pow(LONGEST / SHORTEST, dice.random())


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of several laws, each as often."""

    laws: tuple[Law, ...]

    def over_by(self, seconds: float) -> float:
        return sum(law.over_by(seconds) for law in self.laws) / len(self.laws)

    def draw(self, dice: random.Random) -> float:
        return dice.choice(self.laws).draw(dice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Videos of one or several kinds (buckets), each kind as often; `load` multiplies the n-th video's duration."""

    name: str
    kinds: tuple[Law, ...]
    load: Callable[[int], float] | None = None

    def draw(self, kind: int, nth: int, dice: random.Random) -> float:
        """The duration of a kind's n-th video, 11 s to 6 min."""
        seconds = self.kinds[kind].draw(dice) * (self.load(nth) if self.load else 1.0)
        return min(max(seconds, SHORTEST), LONGEST)


MODELS = tuple(LogNormal(median, 0.2) for median in (18.0, 26.0, 38.0, 55.0, 75.0, 105.0, 145.0, 200.0))
QUICK_AND_SLOW = (LogNormal(40.0, 0.15), LogNormal(180.0, 0.15))

VARIED = Scenario(name="eight kinds, 18 s to 200 s, each ±20 %", kinds=MODELS)
TWO_KINDS = Scenario(name="two kinds, 40 s and 180 s, each ±15 %", kinds=QUICK_AND_SLOW)
NARROW = Scenario(name="one kind, 65 s ±15 %", kinds=(LogNormal(65.0, 0.15),))
WIDE = Scenario(name="one kind, 65 s ±50 %", kinds=(LogNormal(65.0, 0.5),))
BIMODAL = Scenario(name="one kind, 40 s or 180 s by chance, each ±15 %", kinds=(OneOf(QUICK_AND_SLOW),))
DRIFTING = Scenario(
    name="one kind ±20 %, load drifting from 36 s to 118 s",
    kinds=(LogNormal(65.0, 0.2),),
    load=lambda nth: math.exp(0.6 * math.sin(nth / 40.0)),
)
SLOW = Scenario(name="one kind, 180 s ±25 %", kinds=(LogNormal(180.0, 0.25),))
ANY_RATIO = Scenario(name="one kind, 11 s to 6 min, log-uniform", kinds=(LogUniform(),))
ANY_SECOND = Scenario(name="one kind, 11 s to 6 min, uniform", kinds=(Uniform(),))

SCENARIOS = (VARIED, TWO_KINDS, NARROW, WIDE, BIMODAL, DRIFTING, SLOW, ANY_RATIO, ANY_SECOND)


def fewest_polls(kinds: Sequence[Law], *, in_time: float, share: float = 0.5) -> float:
    """Polls a video below which NO schedule sees this share of endings within `in_time` seconds, even knowing the laws.

    A poll sees in time what ended within the `in_time` seconds before it, and is made only if the video still ran at
    the poll before. So seeing the endings of a stretch of time costs at least (share still running) / in_time polls a
    second; the cheapest stretches, of whatever kind, come first.
    """
    step = 0.5
    stretches = []
    for law in kinds:
        for i in range(math.ceil(LONGEST / step)):
            over, over_then = law.over_by(i * step), law.over_by((i + 1) * step)
            if over_then > over:
                stretches.append((over_then - over, (1.0 - over_then) * step / in_time))
    seen = polls = 0.0
    for ending, cost in sorted(stretches, key=lambda stretch: stretch[1] / stretch[0]):
        if seen >= share * len(kinds):
            break
        seen += ending
        polls += cost
    return polls / len(kinds)
