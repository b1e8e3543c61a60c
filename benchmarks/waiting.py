"""What waiting for a video costs, with and without a caller: memory, processor, and how long the answer takes.

    python -m benchmarks.waiting                  10,000 jobs, 2,000 whole and streamed answers, 10,000 queued ones
    python -m benchmarks.waiting --waiters 200    a quicker look
    python -m benchmarks.waiting --curve          jobs alone and queued streams, in four sizes: is the cost linear?

One `mediashim serve` process with its own data folder is measured from outside (/proc, so Linux only). Google is the
simulator in this process; it delivers one and the same clip, since encoding thousands would measure FFmpeg.
"""

import argparse
import asyncio
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import yaml

from proxy.simulator import RunningSimulator, SimulatorSettings, running_simulator

MODEL = "veo-3.1-generate-preview"
WATCHED_SECONDS = 10.0
"""How long the processor is watched while everyone waits."""
LONGEST = 900.0
"""Seconds after which a stage is given up."""
FOR_HOURS = 7200.0
"""Seconds a video takes in a stage that nobody waits to the end of."""
SETTLING = 15.0
"""Seconds from the last arrival until the processor is watched: fsyncs and first polls are over then."""
AT_ONCE = 200
"""Jobs without a caller that are being placed at one time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A crowd of callers."""

    name: str
    waiters: int
    stream: bool = False
    queued: bool = False
    """Google takes one job only, so that the others wait in the queue."""
    alone: bool = False
    """The jobs are placed by the Videos API: nobody keeps a connection open for them."""
    polls_per_minute: int = 60_000

    @property
    def is_watched_only(self) -> bool:
        """Nobody waits to the end."""
        return self.queued or self.alone

    @property
    def latency(self) -> float:
        """Seconds a video takes: everyone has come, and was watched, before the first is done."""
        return FOR_HOURS if self.is_watched_only else WATCHED_SECONDS + SETTLING + 10.0 + self.waiters / 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a stage cost."""

    stage: Stage
    answered: int
    submits: int
    arrival: float
    """Seconds from the first request until all were taken on."""
    empty_mb: float
    kb_each: float
    idle: float
    """Share of one core while everyone waited."""
    polls: float
    """Polls a second meanwhile."""
    delays: Sequence[float]
    """Seconds from the moment Google was done to the last byte of the answer."""


class Process:
    """A running proxy, seen through /proc."""

    def __init__(self, pid: int, base: tuple[str, int]) -> None:
        self.base = base
        self._proc = Path(f"/proc/{pid}")

    def megabytes(self) -> float:
        """Resident memory."""
        return int((self._proc / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def seconds(self) -> float:
        """Processor time so far."""
        fields = (self._proc / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def serving(stage: Stage, google: RunningSimulator, folder: Path) -> AsyncIterator[Process]:
    """`mediashim serve` with limits that let everyone in at once."""
    at_google = 1 if stage.queued else stage.waiters
    settings = {
        "port": 0,
        "data-dir": str(folder / "data"),
        "gemini-api-key": [{"api-key": google.api_key, "base-url": google.base_url, "concurrency": at_google}],
        "video": {"polls-per-minute": stage.polls_per_minute, "timeout": FOR_HOURS},
        "jobs": {"submits-per-minute": 100_000, "queue-length": stage.waiters + 1},
        "log": {"level": "info"},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(settings))
    log = folder / "log.txt"
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "proxy", "serve", "--config", str(folder / "config.yaml"), stderr=stderr
        )
    try:
        while (found := re.search(rb"listens on http://127.0.0.1:(\d+)", log.read_bytes())) is None:
            if process.returncode is not None:
                raise RuntimeError(log.read_text())
            await asyncio.sleep(0.02)
        yield Process(process.pid, ("127.0.0.1", int(found[1])))
    finally:
        process.kill()
        await process.wait()


async def ask(base: tuple[str, int], number: int, *, stream: bool) -> tuple[bool, float]:
    """One request by a plain socket; whether a video came, and when its last byte did."""
    content = orjson.dumps(
        {
            "model": MODEL,
            "messages": [{"role": "user", "content": f"wave number {number}"}],
            "video_config": {"duration": 4},
            "stream": stream,
        }
    )
    reader, writer = await asyncio.open_connection(*base)
    try:
        head = (
            "POST /v1/chat/completions HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\ncontent-type: application/json"
        )
        writer.write(f"{head}\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content)
        got_video, tail = False, b""
        while piece := await reader.read(65_536):
            got_video = got_video or b"data:video/mp4;base64," in tail + piece
            tail = piece[-32:]
        return got_video, time.time()
    finally:
        writer.close()


async def place(base: tuple[str, int], number: int, gate: asyncio.Semaphore) -> tuple[bool, float]:
    """One job that nobody waits for."""
    content = orjson.dumps({"model": MODEL, "prompt": f"wave number {number}", "seconds": "4"})
    async with gate:
        reader, writer = await asyncio.open_connection(*base)
        head = "POST /v1/videos HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\ncontent-type: application/json"
        writer.write(f"{head}\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content)
        if not (answer := await reader.read()).startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode())
        writer.close()
    return False, time.time()


async def measure(stage: Stage, folder: Path) -> Figures:
    """Let the crowd come, watch it wait, and let it have its videos."""
    settings = SimulatorSettings(video_latency=stage.latency, alive_veo_on_gemini=True, requests_kept=1_000_000)
    clip = os.urandom(400_000)
    async with running_simulator(settings) as google:

        async def one_clip(_: object) -> bytes:
            return clip

        google.world.studio.make = one_clip  # type: ignore[method-assign]
        async with serving(stage, google, folder) as proxy, asyncio.timeout(LONGEST):
            empty, began = proxy.megabytes(), time.monotonic()
            gate = asyncio.Semaphore(AT_ONCE)
            asking = [
                asyncio.create_task(
                    place(proxy.base, number, gate) if stage.alone else ask(proxy.base, number, stream=stage.stream)
                )
                for number in range(stage.waiters)
            ]
            await everyone_is_in(stage, google, folder)
            arrival = time.monotonic() - began
            await asyncio.sleep(SETTLING)
            before, polls = proxy.seconds(), len(google.requests)
            await asyncio.sleep(WATCHED_SECONDS)
            idle = (proxy.seconds() - before) / WATCHED_SECONDS
            polls_a_second = (len(google.requests) - polls) / WATCHED_SECONDS
            each = (proxy.megabytes() - empty) * 1000 / stage.waiters
            ended = await finish(stage, asking)
        done = {submit.prompt: submit.at.timestamp() + stage.latency for submit in google.submits}
        delays = [at - done[f"wave number {number}"] for number, (got_video, at) in enumerate(ended) if got_video]
        return Figures(
            stage=stage,
            answered=len(delays),
            submits=len(google.submits),
            arrival=arrival,
            empty_mb=empty,
            kb_each=each,
            idle=idle,
            polls=polls_a_second,
            delays=delays,
        )


async def everyone_is_in(stage: Stage, google: RunningSimulator, folder: Path) -> None:
    """Return when every request is a job: at Google, or in the queue."""
    import sqlite3
    from contextlib import closing

    while True:
        if not stage.queued and len(google.submits) == stage.waiters:
            return
        if stage.queued and (folder / "data" / "jobs.sqlite3").exists():
            with closing(sqlite3.connect(f"file:{folder}/data/jobs.sqlite3?mode=ro", uri=True)) as ledger:
                if ledger.execute("SELECT COUNT(*) FROM jobs").fetchone()[0] == stage.waiters:
                    return
        await asyncio.sleep(0.1)


async def finish(stage: Stage, asking: Sequence["asyncio.Task[tuple[bool, float]]"]) -> list[tuple[bool, float]]:
    """Wait for every answer; those in a queue that never moves go home."""
    if stage.is_watched_only:
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        return []
    return await asyncio.gather(*asking)


def table(figures: Sequence[Figures]) -> str:
    """The figures as a Markdown table."""
    head = (
        "| who waits | all in after | memory each | processor while they wait | polls | answered, submits | "
        "Google done to last byte: median | p95 |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    return "\n".join([head, *(_row(row) for row in figures)])


def _row(row: Figures) -> str:
    delays = sorted(row.delays)
    median = f"{statistics.median(delays):.1f} s" if delays else ""
    late = f"{delays[int(0.95 * len(delays))]:.1f} s" if delays else ""
    return (
        f"| {row.stage.name} | {row.arrival:.1f} s | {row.kb_each:.0f} kB (+ {row.empty_mb:.0f} MB empty) "
        f"| {100 * row.idle:.1f} % of a core | {row.polls:.0f}/s | {row.answered}, {row.submits} | {median} | {late} |"
    )


def main() -> None:
    """Run the stages and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--waiters", type=int, default=2000)
    parser.add_argument("--queued", type=int, default=10_000)
    parser.add_argument("--only", type=int, help="only the stage of this number, from 0")
    parser.add_argument("--curve", action="store_true", help="jobs alone and queued streams, in four sizes")
    chosen = parser.parse_args()
    stages = [
        Stage(name=f"{chosen.queued:,} jobs, nobody", waiters=chosen.queued, alone=True, polls_per_minute=600),
        Stage(name=f"{chosen.waiters:,} whole, at Google", waiters=chosen.waiters),
        Stage(name=f"{chosen.waiters:,} streamed, at Google", waiters=chosen.waiters, stream=True),
        Stage(name=f"{chosen.queued:,} streamed, in the queue", waiters=chosen.queued, stream=True, queued=True),
    ]
    if chosen.curve:
        sizes = [chosen.queued // part for part in (8, 4, 2, 1)]
        stages = [Stage(name=f"{n:,} jobs, nobody", waiters=n, alone=True, polls_per_minute=600) for n in sizes]
        stages += [Stage(name=f"{n:,} streamed, in the queue", waiters=n, stream=True, queued=True) for n in sizes]
    figures = []
    for stage in stages if chosen.only is None else [stages[chosen.only]]:
        with tempfile.TemporaryDirectory(prefix="mediashim-waiting-") as folder:
            figures.append(asyncio.run(measure(stage, Path(folder))))
        print(_row(figures[-1]), flush=True)
    print(f"\n{table(figures)}")


if __name__ == "__main__":
    main()
