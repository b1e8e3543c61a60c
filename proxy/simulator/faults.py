"""Faults by rule: what goes wrong, for which calls, and how often.

A rule names calls by `verb`, `model`, `surface` and `path` (each a shell pattern; absent means any), counts the calls
that fit, and acts on the `nth` alone, or on the first `times`, or on all. The first rule that acts wins.

A rules file (YAML or JSON) holds the same, under `rules`:

    rules:
      - {verb: predictLongRunning, nth: 1, action: {kind: drop, after_accepting: true}}
      - {verb: generateContent, times: 2, action: {kind: status, status: 429}}
      - {verb: predictLongRunning, model: "veo-3.1-*", action: {kind: filtered, support_code: 58061214}}

Actions by `kind`:

    status     answer `status` with Google's own body for it (or `body`, and `headers`); `after_accepting: true` takes
               the job first: it runs and is billed, and the caller is told otherwise
    hang       no answer until `faults.release()`; `after_accepting` as above
    drop       the TCP connection is closed without an answer; `after_accepting` as above
    stuck      the submitted job never ends
    filtered   the job ends with `count` videos withheld for `support_code`
    empty      the job ends with neither video nor error nor count
    error      the job ends with google.rpc `code` and `message`
    slow       the body comes in pieces of `chunk_bytes`, `pause_seconds` apart
    stall      the body stops after `after_bytes` until `faults.release()`
    truncated  the body ends after `fraction` of the Content-Length that was announced
    expired    the file is gone: `status` 403 or 404
"""

import asyncio
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Status(_Rule):
    """Answer a status; without `body`, Google's own words for it."""

    kind: Literal["status"] = "status"
    status: int = Field(ge=400, le=599)
    body: dict[str, Any] | list[Any] | str | None = None
    headers: dict[str, str] = {}
    after_accepting: bool = False


class Hang(_Rule):
    """Never answer, until released."""

    kind: Literal["hang"] = "hang"
    after_accepting: bool = False


class Drop(_Rule):
    """Close the connection without an answer."""

    kind: Literal["drop"] = "drop"
    after_accepting: bool = False


class Stuck(_Rule):
    """The job never ends."""

    kind: Literal["stuck"] = "stuck"


class Filtered(_Rule):
    """The job ends with videos withheld. `count` None means all that were asked for."""

    kind: Literal["filtered"] = "filtered"
    support_code: int = 58061214
    count: int | None = Field(default=None, ge=1)


class Empty(_Rule):
    """The job ends with nothing at all."""

    kind: Literal["empty"] = "empty"


class Error(_Rule):
    """The job ends with an error."""

    kind: Literal["error"] = "error"
    code: int = 13
    message: str = "Internal error encountered."


class Slow(_Rule):
    """The body comes slowly."""

    kind: Literal["slow"] = "slow"
    chunk_bytes: int = Field(default=16_384, gt=0)
    pause_seconds: float = Field(default=0.05, ge=0)


class Stall(_Rule):
    """The body stops in the middle, until released."""

    kind: Literal["stall"] = "stall"
    after_bytes: int = Field(default=1024, ge=0)


class Truncated(_Rule):
    """The body ends early, against its Content-Length."""

    kind: Literal["truncated"] = "truncated"
    fraction: float = Field(default=0.5, ge=0, lt=1)


class Expired(_Rule):
    """The file is gone."""

    kind: Literal["expired"] = "expired"
    status: Literal[403, 404] = 403


JobOutcome: TypeAlias = Stuck | Filtered | Empty | Error
Action: TypeAlias = Status | Hang | Drop | Stuck | Filtered | Empty | Error | Slow | Stall | Truncated | Expired


class Fault(_Rule):
    """One rule: which calls, which of them, and what goes wrong."""

    verb: str = "*"
    model: str = "*"
    surface: str = "*"
    path: str = "*"
    nth: int | None = Field(default=None, ge=1)
    times: int | None = Field(default=None, ge=1)
    action: Annotated[Action, Field(discriminator="kind")]


class FaultRules(_Rule):
    """A whole rules file."""

    rules: tuple[Fault, ...] = ()


class CallFacts(Protocol):
    """What a rule may ask about a call."""

    @property
    def verb(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def surface(self) -> str: ...
    @property
    def path(self) -> str: ...


@dataclass(slots=True)
class _Counted:
    fault: Fault
    met: int = 0


class FaultBook:
    """The rules in force, and how often each has been met."""

    def __init__(self, faults: tuple[Fault, ...] = ()) -> None:
        self._rules: list[_Counted] = [_Counted(fault) for fault in faults]
        self._released = asyncio.Event()
        self._waiting = 0
        self._someone_waits = asyncio.Event()
        self._nobody_waits = asyncio.Event()
        self._nobody_waits.set()

    def add(self, *faults: Fault) -> None:
        """Put rules in force, after those that are."""
        self._rules.extend(_Counted(fault) for fault in faults)

    def clear(self) -> None:
        """Forget all rules; calls that hang go on hanging."""
        self._rules.clear()

    def release(self) -> None:
        """Let every call that hangs or stalls now go on."""
        self._released.set()
        self._released = asyncio.Event()

    async def until_someone_waits(self) -> None:
        """Return when a call hangs or stalls: what a test awaits before it looks around."""
        await self._someone_waits.wait()

    async def until_nobody_waits(self) -> None:
        """Return when no call hangs or stalls any more."""
        await self._nobody_waits.wait()

    async def wait_for_release(self) -> None:
        """Hang until the next `release()`."""
        self._waiting += 1
        self._someone_waits.set()
        self._nobody_waits.clear()
        try:
            await self._released.wait()
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._someone_waits.clear()
                self._nobody_waits.set()

    def next_action(self, call: CallFacts) -> Action | None:
        """What goes wrong with this call; every rule that it fits counts it."""
        chosen: Action | None = None
        for rule in self._rules:
            if not _fits(rule.fault, call):
                continue
            rule.met += 1
            if chosen is None and _acts(rule.fault, rule.met):
                chosen = rule.fault.action
        return chosen


def _fits(fault: Fault, call: CallFacts) -> bool:
    wanted = (
        (call.verb, fault.verb),
        (call.model, fault.model),
        (call.surface, fault.surface),
        (call.path, fault.path),
    )
    return all(fnmatchcase(value, pattern) for value, pattern in wanted)


def _acts(fault: Fault, count: int) -> bool:
    if fault.nth is not None:
        return count == fault.nth
    return fault.times is None or count <= fault.times
