"""Which failed calls are repeated, and when."""

import pytest

from proxy.retry import DELAYS, retry_delay
from proxy.upstream_failures import Lost, NotSent
from translators.google_errors import ErrorContext, Verdict, judge

TEXT = ErrorContext(model="m")
NOT_SENT = NotSent("h", "no connection").verdict()


def http(status: int, body: bytes = b"") -> Verdict:
    return judge(status, body, about=TEXT)


def delay(verdict: Verdict, **settings: object) -> float | None:
    given = {"not_sent": False, "paid_submit": False, "attempt": 1, "jitter": 0.0, "patience": 600.0}
    return retry_delay(verdict, **{**given, **settings})


PER_DAY = b'{"error":{"details":[{"violations":[{"quotaId":"PerDay"}]}]}}'


@pytest.mark.parametrize(
    ("verdict", "not_sent", "unpaid", "paid"),
    [
        (NOT_SENT, True, 1.0, 1.0),
        (http(429), False, 1.0, None),
        (http(503), False, 1.0, None),
        (http(429, PER_DAY), False, None, None),
        (http(400), False, None, None),
        (http(401), False, None, None),
        (http(404), False, None, None),
        (http(500), False, None, None),
        (http(504), False, None, None),
        (http(200, b"noise"), False, None, None),
        (Lost("h", "it hung up").verdict(), False, None, None),
        (Lost("h", "no answer in time", timed_out=True).verdict(), False, None, None),
    ],
)
def test_only_what_was_refused_or_not_sent_is_repeated(
    verdict: Verdict, not_sent: bool, unpaid: float | None, paid: float | None
) -> None:
    """429 and 503 for what costs little; for a paid submit nothing but a call that was not sent."""
    assert delay(verdict, not_sent=not_sent) == unpaid
    assert delay(verdict, not_sent=not_sent, paid_submit=True) == paid


def test_delays_double_and_end() -> None:
    """1, 2, 4, 8, 16 seconds, then no more."""
    assert [delay(NOT_SENT, not_sent=True, attempt=n) for n in range(1, 8)] == [*DELAYS, None, None]


def test_jitter_stretches_and_patience_ends() -> None:
    """At most a quarter longer, never past the caller's patience."""
    assert delay(http(503), attempt=3, jitter=1.0) == 5.0
    assert delay(http(503), attempt=3, jitter=1.0, patience=4.9) is None


def test_googles_own_delay_is_never_cut_short() -> None:
    """A RetryInfo longer than the table's delay replaces it; a shorter one does not."""
    long = http(429, b'{"error":{"details":[{"retryDelay":"34s"}]}}')
    assert delay(long) == 34.0
    assert delay(long, patience=30.0) is None
    assert delay(http(429, b'{"error":{"details":[{"retryDelay":"0.5s"}]}}')) == 1.0
