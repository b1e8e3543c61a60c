"""Other people's programs in processes of their own: clients that carry out one order after the other, and servers."""

import asyncio
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

DRIVERS = Path(__file__).with_name("drivers")
PLAIN = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONDONTWRITEBYTECODE": "1"}
"""The environment of a client: no proxy, no key and no path of the test run leaks into it."""

Outcome = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Driver:
    """A client that waits for orders; `version` is what it says of itself."""

    process: "subprocess.Popen[str]"
    complaints: IO[str]
    version: str

    async def chat(
        self,
        base_url: str,
        body: Mapping[str, Any],
        *,
        api_key: str = "none",
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Outcome:
        """The outcome of a chat completion: `answer`, `chunks` or `error`. `options` are the client's own."""
        order = {"method": "chat", "base_url": base_url, "api_key": api_key, "body": body}
        return await asyncio.to_thread(self._ask, {**order, "headers": headers or {}, "options": options})

    async def call(self, method: str, base_url: str, body: Mapping[str, Any], *, api_key: str = "none") -> Outcome:
        """The outcome of another of the client's methods."""
        order = {"method": method, "base_url": base_url, "api_key": api_key, "body": body}
        return await asyncio.to_thread(self._ask, order)

    async def models(self, base_url: str, *, api_key: str = "none") -> Outcome:
        """The outcome of listing the models."""
        order = {"method": "models", "base_url": base_url, "api_key": api_key, "body": {}, "headers": {}, "options": {}}
        return await asyncio.to_thread(self._ask, order)

    def _ask(self, order: Mapping[str, Any]) -> Outcome:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return _line(self.process, self.complaints)


@contextmanager
def driving(command: list[str], **environment: str) -> Iterator[Driver]:
    """Start a client and keep it until the end of the context."""
    with _running(command, environment) as (process, complaints, greeting):
        yield Driver(process, complaints, greeting["version"])


@contextmanager
def upstream(command: list[str]) -> Iterator[str]:
    """Start a server and keep it until the end of the context; its URL."""
    with _running(command, {}) as (_, _, greeting):
        yield greeting["url"]


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str]
) -> Iterator[tuple["subprocess.Popen[str]", IO[str], Outcome]]:
    """A process that greets with one line and ends when its standard input does."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as complaints:
        process = subprocess.Popen(
            command,
            env={**PLAIN, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
        )
        with process:
            try:
                yield process, complaints, _line(process, complaints)
            finally:
                assert process.stdin is not None
                process.stdin.close()
                try:
                    process.wait(timeout=5)
                except subprocess.TimeoutExpired:  # it is still inside an order that a failed test gave it
                    process.kill()


def _line(process: "subprocess.Popen[str]", complaints: IO[str]) -> Outcome:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        complaints.seek(0)
        raise RuntimeError(f"{process.args} ended:\n{complaints.read()}")
    outcome: Outcome = json.loads(line)
    return outcome
