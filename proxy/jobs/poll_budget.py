"""How many polls one credential may spend in a minute: a token bucket, clock passed in."""


class PollBudget:
    """Spaces the polls of one credential so that no minute ever holds more than `per_minute` of them.

    `burst` of them may come at once; the rest is let out evenly. Shared by all jobs of the credential, in the order in
    which they ask. Raises ValueError unless 0 < burst < per_minute.
    """

    __slots__ = ("_burst", "_spacing", "_spent_until")

    def __init__(self, *, per_minute: int, burst: int) -> None:
        if not 0 < burst < per_minute:
            raise ValueError(f"a burst of {burst} does not fit into {per_minute} polls a minute")
        # A full bucket and what drips in during the same minute must together stay within the minute's allowance.
        self._spacing = 60.0 / (per_minute - burst)
        self._burst = burst
        self._spent_until: float | None = None

    def reserve(self, now: float, share: float = 1.0) -> float:
        """Spend one poll, and say how many seconds to wait before making it. `now`: monotonic seconds.

        `share`: the part of the budget that is this process's, 0 < share <= 1. A poll is spent also if it is never
        made: that errs on the side of fewer polls.
        """
        spacing, burst = self._spacing / share, max(1, int(self._burst * share))
        spent_until = now if self._spent_until is None else max(self._spent_until, now)
        self._spent_until = spent_until + spacing
        return max(0.0, spent_until - (burst - 1) * spacing - now)
