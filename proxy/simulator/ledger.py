"""What happened, for those who count money: every request that arrived, every paid job that was accepted."""

import hashlib
import json
import os
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from proxy.simulator.models import Surface

_KEPT_HEADERS = ("content-type", "user-agent", "x-goog-user-project", "api-revision", "range", "host", "accept")


@dataclass(slots=True, kw_only=True)
class RecordedRequest:
    """One request. Credentials are told by where they stood, never by value."""

    method: str
    path: str
    verb: str
    surface: Surface
    model: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    credentials: frozenset[str]
    """Of `x-goog-api-key`, `authorization`, `key` (in the query): those that came along."""
    body: Any
    accepted: bool = False
    """A paid job was taken on."""
    status: int | None = None
    """What was answered; None if nothing was, or not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """One accepted paid job; the money is spent."""

    number: int
    at: datetime
    surface: Surface
    model: str
    name: str
    """Operation name or interaction id."""
    prompt: str
    seconds: int
    samples: int
    body_sha256: str


class Ledger:
    """Requests (the newest `kept`) and submits (all), in order of arrival."""

    def __init__(self, *, kept: int, journal: Path | None) -> None:
        self.requests: deque[RecordedRequest] = deque(maxlen=kept)
        self.submits: list[Submit] = []
        self._journal = journal

    def record(self, request: RecordedRequest) -> None:
        """Note a request on arrival; whoever answers it fills in the rest."""
        self.requests.append(request)

    def accept(self, **facts: Any) -> Submit:
        """Note a paid job; on return it is in the journal, on the disk."""
        submit = Submit(number=len(self.submits) + 1, **facts)
        if self._journal is not None:
            append_line(self._journal, submit)
        self.submits.append(submit)
        return submit


def append_line(journal: Path, submit: Submit) -> None:
    """Append one JSON line and sync it, so that it survives whatever kills this process next."""
    line = json.dumps({**asdict(submit), "at": submit.at.isoformat()}, ensure_ascii=False)
    descriptor = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, line.encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_journal(journal: Path) -> list[Submit]:
    """The submits in a journal file; a last line cut short by a kill is left out."""
    if not journal.exists():
        return []
    return [_submit(json.loads(line)) for line in journal.read_bytes().splitlines(keepends=True) if line[-1:] == b"\n"]


def _submit(row: dict[str, Any]) -> Submit:
    return Submit(**{**row, "at": datetime.fromisoformat(row["at"]), "surface": Surface(row["surface"])})


def fingerprint(content: bytes) -> str:
    """SHA-256 of a body, in hex: two submits of one request are told by it."""
    return hashlib.sha256(content).hexdigest()


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers worth keeping; no credential among them."""
    return {name: headers[name] for name in _KEPT_HEADERS if name in headers}
