"""How long a credential rests after a failure, and with which models: decided here, remembered by the pool.

A table against the lock-outs of hours and days that users of other proxies report: a 404 rests one model for minutes,
never for half a day. Google's own retry delay wins wherever Google gives one, up to half an hour: a probe then costs
nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from translators.errors import ApiError, NotFound, PermissionDenied, QuotaExhausted, RateLimited
from translators.google_errors import Blame, Verdict

MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CooldownPolicy:
    """Settings of the operator's: `enabled`, and seconds of rest after a 5xx (0: none but what Google asks for)."""

    enabled: bool = True
    transient_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooldown:
    """A rest of `seconds`, for one model or for the whole credential."""

    seconds: float
    whole_credential: bool


BY_ERROR: Mapping[type[ApiError], float] = {
    NotFound: 5 * MINUTE,
    PermissionDenied: 5 * MINUTE,
    QuotaExhausted: 30 * MINUTE,
}
"""Seconds of rest by kind of error. Other failures that are the credential's fault rest it for `OTHERWISE`."""

OTHERWISE = 5 * MINUTE
RATE_LIMIT_FIRST = 1.0
LONGEST = 30 * MINUTE


def cooldown_for(verdict: Verdict, *, strikes: int, policy: CooldownPolicy) -> Cooldown | None:
    """The rest a failure earns; `strikes` are the rate limits in a row before this one. None: no rest."""
    if not policy.enabled:
        return None
    match verdict.blame:
        case Blame.REQUEST:
            return None
        case Blame.UPSTREAM:
            seconds = policy.transient_seconds if verdict.retry_after is None else min(verdict.retry_after, LONGEST)
            return Cooldown(seconds=seconds, whole_credential=False) if seconds > 0 else None
        case Blame.CREDENTIAL | Blame.CREDENTIAL_MODEL:
            seconds = _seconds(verdict, strikes=strikes)
            return Cooldown(seconds=seconds, whole_credential=verdict.blame is Blame.CREDENTIAL)


def _seconds(verdict: Verdict, *, strikes: int) -> float:
    if verdict.retry_after is not None:
        return min(verdict.retry_after, LONGEST)
    if isinstance(verdict.error, RateLimited):
        # The exponent is capped before the power is taken: a float overflows at 2**1024.
        return min(RATE_LIMIT_FIRST * 2.0 ** min(strikes, 32), LONGEST)
    return BY_ERROR.get(type(verdict.error), OTHERWISE)
