"""One call to Google, counted: what kind it is, for which model, and how it ended."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from proxy.metrics.tally import Histogram, Tallies
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


class GoogleCalls:
    """Names calls, and counts each once it has ended. `clock` returns seconds that never go backwards."""

    def __init__(self, tallies: Tallies, clock: Callable[[], float]) -> None:
        self._tallies = tallies
        self._clock = clock
        self._named: dict[tuple[str, str], tuple[CallKind, str]] = {}

    def named(self, call: GoogleCall, model: str | None) -> tuple[CallKind, str]:
        """The kind and the model; `model` is who asks's, for a call that does not say itself."""
        if call.resource == _INTERACTIONS:
            return self._interaction(call)
        if model is not None:
            return self._of_path(call)[0], self._tallies.model(model)
        return self._of_path(call)

    def begun(self, credential_id: str, what: tuple[CallKind, str]) -> "BegunCall":
        """From now on."""
        return BegunCall(self._tallies.google_calls, self._clock, credential_id, what)

    def _of_path(self, call: GoogleCall) -> tuple[CallKind, str]:
        """The same few paths are called over and over."""
        key = (call.method, call.resource)
        named = self._named.get(key)
        if named is None:
            if len(self._named) >= _MOST_NAMED:
                self._named.clear()
            kind, model = _read(call)
            named = self._named[key] = kind, self._tallies.model(model)
        return named

    def _interaction(self, call: GoogleCall) -> tuple[CallKind, str]:
        """A path for all models: which one is in the body."""
        body = call.body or {}
        kind = CallKind.SUBMIT if body.get("background") is True else CallKind.GENERATE
        return kind, self._tallies.model(str(body.get("model") or body.get("agent") or ""))


class BegunCall:
    """A call under way; counted the first time that somebody says how it ended."""

    __slots__ = ("_began", "_clock", "_counted", "_credential_id", "_tally", "_what")

    def __init__(
        self, tally: Histogram, clock: Callable[[], float], credential_id: str, what: tuple[CallKind, str]
    ) -> None:
        self._tally = tally
        self._clock = clock
        self._credential_id = credential_id
        self._what = what
        self._counted = False
        self._began = clock()

    def ended(self, status: int | str) -> None:
        """With this HTTP status, or one of the words above."""
        if not self._counted:
            self._counted = True
            kind, model = self._what
            self._tally.observe((self._credential_id, model, kind, status), self._clock() - self._began)


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
