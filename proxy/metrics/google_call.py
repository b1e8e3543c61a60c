"""One call to Google, counted: what kind it is, for which model, and how it ended."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum

from proxy.metrics.tally import Tallies
from translators.wire.call import GoogleCall

LOST, NOT_SENT, GIVEN_UP, FAILED = "lost", "not_sent", "given_up", "failed"
"""Instead of an HTTP status: no whole answer came; nothing was sent; who asked went before there was an answer; a
library made the call and kept the status."""
WELL = 200
"""The status of a call that a library made and that went well."""
_MOST_NAMED = 1024


class CallKind(StrEnum):
    """What a call is for."""

    GENERATE = "generate"
    """Text or images, asked for and answered in one call."""
    SUBMIT = "submit"
    """A video job begins, or another interaction in the background: paid, and never repeated by itself."""
    POLL = "poll"
    DOWNLOAD = "download"
    """A result, or an uploaded file; each redirect is a call of its own."""
    UPLOAD = "upload"
    TOKEN = "token"  # noqa: S105 - a word
    COUNT = "count_tokens"
    CANCEL = "cancel"
    DELETE = "delete"
    FILE = "file"
    """What an uploaded or a finished file is."""
    LIST = "list"


_VERBS: Mapping[str, CallKind] = {
    "predictLongRunning": CallKind.SUBMIT,
    "fetchPredictOperation": CallKind.POLL,
    "countTokens": CallKind.COUNT,
}
"""Every other method of a model generates."""
_OF_A_MODEL = re.compile(r"(?:.*/)?models/([^/:]+)(?::(\w+)|/operations/.*)")
_INTERACTIONS = "interactions"


Asked = tuple[str, str, str]
"""Credential, model and kind; plain text, since the hash of an enumeration's member is a function of Python's."""


class GoogleCalls:
    """Names calls, and counts each once it has ended. `clock` returns seconds that never go backwards."""

    def __init__(self, tallies: Tallies, clock: Callable[[], float]) -> None:
        self._tallies = tallies
        self._observe = tallies.google_calls.observe
        self._clock = clock
        self._asked: dict[tuple[str, str, str], Asked] = {}

    def asked(self, credential_id: str, call: GoogleCall, model: str | None = None) -> Asked:
        """What a call is counted under; `model` is who asks's, for a call that does not say itself."""
        key = (credential_id, call.method, call.resource)
        asked = self._asked.get(key)
        if asked is None:
            asked = self._read(credential_id, call)
            # The path of an interaction is one for all models.
            if call.resource != _INTERACTIONS:
                if len(self._asked) >= _MOST_NAMED:
                    self._asked.clear()
                self._asked[key] = asked
        return asked if model is None else (asked[0], self._tallies.model(model), asked[2])

    def of(self, credential_id: str, kind: CallKind, model: str = "") -> Asked:
        """The same for what is no GoogleCall."""
        return credential_id, self._tallies.model(model), kind.value

    def ended(self, asked: Asked, began: float, status: int | str) -> None:
        """Count a call that began then, with its HTTP status or one of the words above."""
        self._observe((*asked, status), self._clock() - began)

    def _read(self, credential_id: str, call: GoogleCall) -> Asked:
        kind, model = _read_interaction(call) if call.resource == _INTERACTIONS else _read(call)
        return self.of(credential_id, kind, model)


@contextmanager
def by_a_library(tallies: Tallies, now: Callable[[], datetime], credential_id: str, kind: CallKind) -> Iterator[None]:
    """Count what a library calls Google for inside the block: whether it went well is all that it tells."""
    began = now()
    status: int | str = FAILED
    try:
        yield
        status = WELL
    finally:
        tallies.google_calls.observe((credential_id, "", kind.value, status), (now() - began).total_seconds())


Begun = tuple[GoogleCalls, Asked, float]
"""A call under way: by whom it is counted, under what, and when it began. A tuple, as one is made for each call."""


def _read_interaction(call: GoogleCall) -> tuple[CallKind, str]:
    """Which model is in the body."""
    body = call.body or {}
    kind = CallKind.SUBMIT if body.get("background") is True else CallKind.GENERATE
    return kind, str(body.get("model") or body.get("agent") or "")


def _read(call: GoogleCall) -> tuple[CallKind, str]:
    named = _OF_A_MODEL.fullmatch(call.resource)
    if named is not None:
        model, verb = named.groups()
        return (CallKind.POLL if verb is None else _VERBS.get(verb, CallKind.GENERATE)), model
    if call.resource == "models":
        return CallKind.LIST, ""
    if call.method == "DELETE":
        return CallKind.DELETE, ""
    if call.resource.endswith("/cancel"):
        return CallKind.CANCEL, ""
    return (CallKind.FILE if call.resource.startswith("files/") else CallKind.POLL), ""
