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

    def reserve(self, now: float) -> float:
        """Spend one poll, and say how many seconds to wait before making it. `now`: monotonic seconds.

        It is spent also if the poll is never made: that errs on the side of fewer polls.
        """
        spent_until = now if self._spent_until is None else max(self._spent_until, now)
        self._spent_until = spent_until + self._spacing
        return max(0.0, spent_until - (self._burst - 1) * self._spacing - now)
