"""Callers in a closed loop against one server, and what they saw."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.rig.pinning import pinned
from benchmarks.rig.programs import command_of


class WrongAnswers(Exception):
    """Some answers were not what was asked for: their figures would mean nothing. The message shows the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Milliseconds."""

    mean: float
    p50: float
    p90: float
    p99: float
    max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the callers saw."""

    seconds: float
    answers: int
    """Those that ended within the seconds; `all_answers` has also those before (warm) and after."""
    all_answers: int
    bytes: int
    """Of bodies, within the seconds."""
    counted: int
    whole: Spread
    first: Spread
    own_seconds: float
    """The callers' own processor time: near `seconds`, they were what was measured."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


def request(
    method: str, target: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None, key: str = ""
) -> bytes:
    """One HTTP/1.1 request as it goes over the wire."""
    said = {"host": "127.0.0.1", "user-agent": "mediashim-bench", "accept": "*/*", **(headers or {})}
    if key:
        said["authorization"] = f"Bearer {key}"
    if body is not None:
        said.setdefault("content-type", "application/json")
        said["content-length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + (body or b"")


def start(
    port: int, sent: Path, cores: frozenset[int], *, compiled: bool = True, **options: float | str
) -> "subprocess.Popen[bytes]":
    """Callers at work (the options of load.c)."""
    words = [f"{name}={value}" for name, value in options.items()]
    with pinned(cores):
        return subprocess.Popen(
            [*command_of("load", compiled=compiled), str(port), str(sent), *words], stdout=subprocess.PIPE
        )


def seen(working: "subprocess.Popen[bytes]") -> Seen:
    """What they saw, once they are done. Raises WrongAnswers."""
    told, _ = working.communicate()
    if working.returncode != 0:
        raise WrongAnswers(f"the callers ended with {working.returncode}")
    read = json.loads(told)
    if read["wrong"] or not read["all_answers"]:
        raise WrongAnswers(f"{read['wrong']} wrong of {read['all_answers'] + read['wrong']}: {read['first_wrong']}")
    return Seen(
        seconds=read["seconds"],
        answers=read["answers"],
        all_answers=read["all_answers"],
        bytes=read["bytes"],
        counted=read["counted"],
        whole=_spread(read["whole_us"]),
        first=_spread(read["first_us"]),
        own_seconds=read["own_seconds"],
    )


def call(port: int, sent: Path, cores: frozenset[int], *, compiled: bool = True, **options: float | str) -> Seen:
    """Callers, from start to end. Raises WrongAnswers."""
    return seen(start(port, sent, cores, compiled=compiled, **options))


def _spread(told: dict[str, Any]) -> Spread:
    return Spread(**{name: value / 1000 for name, value in told.items()})
