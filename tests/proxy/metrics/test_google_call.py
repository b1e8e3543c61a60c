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
    assert [calls.asked("gemini-1", call) for _ in range(2)] == [("gemini-1", model, kind.value)] * 2


def test_who_asks_says_the_model_where_the_call_does_not() -> None:
    """A known one, as ever."""
    calls = GoogleCalls(Tallies(["m"]), lambda: 0.0)
    poll = GoogleCall(resource="interactions/i", method="GET")
    assert [calls.asked("k", poll, model)[1:] for model in ("m", "made-up")] == [("m", "poll"), ("other", "poll")]


def test_names_are_remembered_within_bounds() -> None:
    """Callers choose some of the paths, so there is an end to it."""
    calls = GoogleCalls(Tallies(["m"]), lambda: 0.0)
    for number in range(3000):
        calls.asked("k", GoogleCall(resource=f"models/m/operations/{number}", method="GET"))
    assert len(calls._asked) <= 1024


def test_a_call_is_counted_from_its_beginning_to_its_end() -> None:
    """In seconds, under what it was asked for, and how it ended."""
    tallies = Tallies()
    GoogleCalls(tallies, lambda: 12.5).ended(("gemini-1", "m", "poll"), 10.0, LOST)
    [(labels, counts)] = tallies.google_calls.series.items()
    assert labels == ("gemini-1", "m", "poll", "lost")
    assert (sum(counts[:-1]), counts[-1]) == (1, 2.5)
