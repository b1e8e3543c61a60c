"""A circuit breaker for each upstream host: after failures in a row, spare callers the wait for the next one."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    next_probe: float = 0.0


class Breaker:
    """Opens after `threshold` failures in a row; then lets one call through every `rest` seconds until one succeeds.

    `clock` returns seconds that never go backwards.
    """

    def __init__(self, *, clock: Callable[[], float], threshold: int = 5, rest: float = 30.0) -> None:
        self._clock = clock
        self._threshold = threshold
        self._rest = rest
        self._circuits: dict[str, _Circuit] = {}

    def allows(self, host: str) -> bool:
        """Whether a call may go out now; to say yes while open is to send the one probe of this period."""
        circuit = self._circuits.get(host)
        if circuit is None or circuit.failures < self._threshold:
            return True
        now = self._clock()
        if now < circuit.next_probe:
            return False
        # A probe that is cancelled reports nothing, so its turn simply passes: no state to give back.
        circuit.next_probe = now + self._rest
        return True

    def open_hosts(self) -> list[str]:
        """The hosts that are spared calls."""
        return [host for host, circuit in self._circuits.items() if circuit.failures >= self._threshold]

    def succeeded(self, host: str) -> None:
        """An answer came, of whatever status."""
        self._circuits.pop(host, None)

    def failed(self, host: str) -> None:
        """No answer came."""
        circuit = self._circuits.setdefault(host, _Circuit())
        circuit.failures += 1
        if circuit.failures >= self._threshold:
            circuit.next_probe = self._clock() + self._rest
