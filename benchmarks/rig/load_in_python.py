"""`load` for machines without a C compiler: the same words and the same answer, slower; see load.c for both.

Slower than what it measures when that is quick: the `callers busy` column shows it.
"""

import asyncio
import json
import re
import resource
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

NUMBER = b"#NUMBER###"


@dataclass(slots=True, kw_only=True)
class Options:
    """As in load.c."""

    callers: int = 1
    seconds: float = 1.0
    warm: float = 0.0
    most: int = 0
    every: int = 0
    ramp: int = 0
    status: int = 200
    length: int = 0
    least: int = 0
    head: int = 0
    count: str = ""
    first: str = ""
    patience: float = 60.0


@dataclass(slots=True, kw_only=True)
class Tally:
    """What all callers saw; times in microseconds."""

    counting_from: float
    ends: float
    number: int = 0
    answers: int = 0
    all_answers: int = 0
    wrong: int = 0
    bytes: int = 0
    counted: int = 0
    connections: int = 0
    whole: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    first_wrong: str = ""


class Body:
    """What comes of one answer's body."""

    def __init__(self, options: Options, tally: Tally) -> None:
        self._count, self._first = options.count.encode(), options.first.encode()
        self._tally = tally
        self._tail = b""
        self.size = 0
        self.first_at: float | None = None

    def take(self, piece: bytes) -> None:
        """One piece of it."""
        now = time.monotonic()
        self.size += len(piece)
        looked, keep = self._tail + piece, max(len(self._count), len(self._first), 1) - 1
        if self.first_at is None and (not self._first or self._first in looked):
            self.first_at = now
        if self._tally.counting_from <= now < self._tally.ends:
            self._tally.bytes += len(piece)
            if self._count:
                seam = self._tail[-(len(self._count) - 1) :] if len(self._count) > 1 else b""
                self._tally.counted += (seam + piece).count(self._count)
        self._tail = looked[-keep:] if keep else b""


async def caller(nth: int, port: int, request: bytes, options: Options, tally: Tally) -> None:
    """Asks until the time is over."""
    await asyncio.sleep(nth * options.ramp / 1e6)
    link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while time.monotonic() < tally.ends and not (options.most and tally.number >= options.most):
        tally.number += 1
        began = time.monotonic()
        body = Body(options, tally)
        if link is None:
            link = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
            tally.connections += 1
        head = b""
        try:
            link[1].write(request.replace(NUMBER, b"%010d" % tally.number))
            head = await link[0].readuntil(b"\r\n\r\n")
            goes_on = await read_body(link[0], head, body, headless=bool(options.head))
            judge(head, body, options, tally, began)
        except (asyncio.IncompleteReadError, ConnectionError):
            goes_on = False
            count_wrong("broken off", head, body, tally)
        if not goes_on:
            link[1].close()
            link = None
        if options.every:
            await asyncio.sleep(max(began + options.every / 1e6 - time.monotonic(), 0))
    if link is not None:
        link[1].close()


async def read_body(reader: asyncio.StreamReader, head: bytes, body: Body, *, headless: bool) -> bool:
    """One body to its end; whether the connection can be used again."""
    told = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    closes = re.search(rb"(?i)\r\nconnection: *close", head) is not None
    if headless:
        body.size = int(told[1]) if told else 0
    elif re.search(rb"(?i)\r\ntransfer-encoding:", head):
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body.take((await reader.readexactly(size + 2))[:-2])
        await reader.readuntil(b"\r\n")
    elif told:
        left = int(told[1])
        while left and (piece := await reader.read(min(left, 1 << 20))):
            body.take(piece)
            left -= len(piece)
        if left:
            raise asyncio.IncompleteReadError(b"", left)
    else:
        while piece := await reader.read(1 << 20):
            body.take(piece)
        return False
    return not closes


def judge(head: bytes, body: Body, options: Options, tally: Tally, began: float) -> None:
    """Count an answer that is whole."""
    now = time.monotonic()
    if int(head.split(b" ", 2)[1]) != options.status:
        count_wrong("status", head, body, tally)
    elif (options.length and body.size != options.length) or (not options.head and body.size < options.least):
        count_wrong("length", head, body, tally)
    else:
        tally.all_answers += 1
        if now >= tally.counting_from:
            tally.answers += now < tally.ends
            tally.whole.append((now - began) * 1e6)
            if body.first_at is not None:
                tally.first.append((body.first_at - began) * 1e6)


def count_wrong(fault: str, head: bytes, body: Body, tally: Tally) -> None:
    """One more, and what the first was."""
    tally.wrong += 1
    if not tally.first_wrong:
        tally.first_wrong = f"{fault}, {body.size} bytes of body: {head[:300].decode(errors='replace')}"


def shares(times: list[float]) -> dict[str, float]:
    """The figures of one list of times."""
    order = sorted(times) or [0.0]
    named = {name: order[int((len(order) - 1) * share)] for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))}
    return {"mean": statistics.fmean(order), **named, "max": order[-1]}


async def measure(port: int, request: bytes, options: Options) -> dict[str, object]:
    """Everything that load.c prints."""
    started = time.monotonic()
    counting_from = started + options.warm
    tally = Tally(counting_from=counting_from, ends=counting_from + options.seconds)
    working = [asyncio.create_task(caller(nth, port, request, options, tally)) for nth in range(options.callers)]
    _, late = await asyncio.wait(working, timeout=options.warm + options.seconds + options.patience)
    for task in late:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=bool(late))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": min(time.monotonic(), tally.ends) - counting_from,
        "answers": tally.answers,
        "all_answers": tally.all_answers,
        "wrong": tally.wrong + len(late),
        "bytes": tally.bytes,
        "counted": tally.counted,
        "connections": tally.connections,
        "own_seconds": usage.ru_utime + usage.ru_stime,
        "whole_us": shares(tally.whole),
        "first_us": shares(tally.first),
        "first_wrong": tally.first_wrong or (f"{len(late)} never ended" if late else ""),
    }


def read_options(words: list[str]) -> Options:
    """`name=value`, each."""
    options = Options()
    for word in words:
        name, _, value = word.partition("=")
        setattr(options, name, type(getattr(options, name))(value))
    return options


def main() -> None:
    port, path, *words = sys.argv[1:]
    told = asyncio.run(measure(int(port), Path(path).read_bytes(), read_options(words)))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
