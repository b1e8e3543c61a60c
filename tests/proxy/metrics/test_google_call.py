"""What kind of call one is, for which model, and that it is counted once."""

import pytest

from proxy.metrics.google_call import LOST, CallKind, GoogleCalls
from proxy.metrics.tally import Tallies
from translators.wire.call import GoogleCall

VERTEX = "projects/p/locations/us-central1/publishers/google/models/m"
CASES = {
    "text": (GoogleCall(resource="models/m:generateContent"), CallKind.GENERATE, "m"),
    "stream": (GoogleCall(resource="models/m:streamGenerateContent"), CallKind.GENERATE, "m"),
    "imagen": (GoogleCall(resource="models/m:predict"), CallKind.GENERATE, "m"),
    "tokens": (GoogleCall(resource="models/m:countTokens"), CallKind.COUNT, "m"),
    "veo": (GoogleCall(resource="models/m:predictLongRunning"), CallKind.SUBMIT, "m"),
    "poll": (GoogleCall(resource="models/m/operations/o", method="GET"), CallKind.POLL, "m"),
    "poll on vertex": (GoogleCall(resource=f"{VERTEX}:fetchPredictOperation"), CallKind.POLL, "m"),
    "somebody's own": (GoogleCall(resource="models/made-up:generateContent"), CallKind.GENERATE, "other"),
    "models": (GoogleCall(resource="models", method="GET"), CallKind.LIST, ""),
    "omni": (GoogleCall(resource="interactions", body={"model": "m", "background": True}), CallKind.SUBMIT, "m"),
    "interaction": (GoogleCall(resource="interactions", body={"model": "m"}), CallKind.GENERATE, "m"),
    "agent": (GoogleCall(resource="interactions", body={"agent": "a", "background": True}), CallKind.SUBMIT, "other"),
    "nothing": (GoogleCall(resource="interactions"), CallKind.GENERATE, ""),
    "poll of omni": (GoogleCall(resource="interactions/i", method="GET"), CallKind.POLL, ""),
    "cancel": (GoogleCall(resource="interactions/i/cancel", body={}), CallKind.CANCEL, ""),
    "forget": (GoogleCall(resource="interactions/i", method="DELETE"), CallKind.DELETE, ""),
    "file": (GoogleCall(resource="files/f", method="GET"), CallKind.FILE, ""),
    "file deleted": (GoogleCall(resource="files/f", method="DELETE"), CallKind.DELETE, ""),
}


@pytest.mark.parametrize("case", CASES)
def test_a_call_is_named(case: str) -> None:
    """By method and path, or by the body of an interaction; the second time, too."""
    call, kind, model = CASES[case]
    calls = GoogleCalls(Tallies(["m"]), lambda: 0.0)
    assert [calls.named(call, None) for _ in range(2)] == [(kind, model)] * 2


def test_who_asks_says_the_model_where_the_call_does_not() -> None:
    """A known one, as ever."""
    calls = GoogleCalls(Tallies(["m"]), lambda: 0.0)
    poll = GoogleCall(resource="interactions/i", method="GET")
    assert [calls.named(poll, model) for model in ("m", "made-up")] == [(CallKind.POLL, "m"), (CallKind.POLL, "other")]


def test_names_are_remembered_within_bounds() -> None:
    """Callers choose some of the paths, so there is an end to it."""
    calls = GoogleCalls(Tallies(["m"]), lambda: 0.0)
    for number in range(3000):
        calls.named(GoogleCall(resource=f"models/m/operations/{number}", method="GET"), None)
    assert len(calls._named) <= 1024


def test_a_call_is_counted_once_from_its_beginning_to_its_end() -> None:
    """Whoever says first how it ended is right."""
    times = iter([10.0, 12.5])
    tallies = Tallies()
    call = GoogleCalls(tallies, lambda: next(times)).begun("gemini-1", (CallKind.POLL, "m"))
    call.ended(LOST)
    call.ended(200)
    [(labels, counts)] = tallies.google_calls.series.items()
    assert labels == ("gemini-1", "m", "poll", "lost")
    assert (sum(counts[:-1]), counts[-1]) == (1, 2.5)
