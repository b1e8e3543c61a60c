"""Which of several usable credentials goes next: three strategies, each a pure function of what went before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from proxy.config.schema import Strategy
from proxy.credentials.credential import Credential


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a rotation stands: the last id chosen, and the running weights of the weighted one."""

    last: str = ""
    weights: Mapping[str, int] = field(default_factory=dict)


def choose(strategy: Strategy, usable: Sequence[Credential], cursor: Cursor) -> tuple[Credential, Cursor]:
    """The next credential of a non-empty sequence, and the cursor to come back with."""
    tier = _highest_priority(usable)
    match strategy:
        case Strategy.FILL_FIRST:
            return tier[0], cursor
        case Strategy.ROUND_ROBIN:
            chosen = next((credential for credential in tier if credential.id > cursor.last), tier[0])
            return chosen, Cursor(last=chosen.id)
        case Strategy.WEIGHTED_ROUND_ROBIN:
            return _weighted(tier, cursor)
        case _:
            assert_never(strategy)


def eligible(strategy: Strategy, credential: Credential) -> bool:
    """Whether it takes part at all: a weight of zero or less takes a credential out of the weighted rotation."""
    return strategy is not Strategy.WEIGHTED_ROUND_ROBIN or credential.weight > 0


def _highest_priority(usable: Sequence[Credential]) -> Sequence[Credential]:
    if len(usable) == 1:
        return usable
    highest = max(credential.priority for credential in usable)
    return sorted((one for one in usable if one.priority == highest), key=lambda one: one.id)


def _weighted(tier: Sequence[Credential], cursor: Cursor) -> tuple[Credential, Cursor]:
    """Smooth weighted round robin: weights 3 and 1 give a a b a, not a a a b (the algorithm of nginx's upstream)."""
    raised = {one.id: cursor.weights.get(one.id, 0) + one.weight for one in tier}
    chosen = max(tier, key=lambda one: raised[one.id])
    raised[chosen.id] -= sum(one.weight for one in tier)
    return chosen, Cursor(last=chosen.id, weights=raised)
