"""When a failed call is worth repeating, and after how long: a pure table.

Only a call that certainly started nothing, or that Google turned away with 429 or 503, is repeated. A paid submit is
repeated only when it was not sent at all: Google is known to answer 503 to a job that it then runs and bills.
"""

from translators.errors import RateLimited, Unavailable
from translators.google_errors import Verdict

DELAYS = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds before the first repeat, the second, and so on; there is no sixth."""


def retry_delay(
    verdict: Verdict, *, not_sent: bool, paid_submit: bool, attempt: int, jitter: float, patience: float
) -> float | None:
    """Seconds to wait before repeating a call, or None: do not repeat it.

    `attempt` counts the tries made so far, from 1. `jitter` (0 to 1) stretches the delay by up to a quarter. Google's
    own retry delay is never cut short. `patience` is how many seconds the caller will still wait.
    """
    turned_away = isinstance(verdict.error, RateLimited | Unavailable)
    if not (not_sent or (turned_away and not paid_submit)) or attempt > len(DELAYS):
        return None
    delay = max(DELAYS[attempt - 1], verdict.retry_after or 0.0) * (1.0 + 0.25 * jitter)
    return delay if delay <= patience else None
