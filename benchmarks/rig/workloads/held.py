"""How long one large body keeps the event loop from everybody else."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median
from typing import Any

from benchmarks.rig import google, held_bodies, once, product, videos
from benchmarks.rig.held_bodies import Body
from benchmarks.rig.processes import Process
from benchmarks.rig.product import KEY
from benchmarks.rig.rig import Rig, base_of, floor_command
from benchmarks.rig.tables import Column, Row, Table

QUICK_SCALE = 0.02
CLIPS, CLIP_BYTES = 4, 25_000_000
UPLOAD_BYTES = 100_000_000
PATIENCE = 10.0
WARM = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The longest of one body: the loop's own work at a stretch, what a clock on the wall saw, and the step."""

    cpu_ms: float
    late_ms: float
    what: str


class Watched:
    """A server under `loop_watch`."""

    def __init__(self, rig: Rig, command: list[str]) -> None:
        self._report = rig.new_folder() / "report.json"
        _, dash_m, module, *words = command
        assert dash_m == "-m"
        watch = [sys.executable, "-m", "benchmarks.rig.loop_watch", str(self._report), module, *words]
        self.process: Process = rig.start(watch, rig.cores.product)
        self._times = 1 if rig.options.quick else rig.options.rounds * 3

    def held(self, act: Callable[[], Any]) -> Hold:
        """What `act` does to the loop: the medians over its runs, and the step that was the longest most recently."""
        for _ in range(WARM):
            act()
        found = [self._once(act) for _ in range(self._times)]
        return Hold(
            cpu_ms=median(hold.cpu_ms for hold in found),
            late_ms=median(hold.late_ms for hold in found),
            what=found[-1].what,
        )

    def _once(self, act: Callable[[], Any]) -> Hold:
        self._told()
        act()
        told = self._told()
        longest = told["holds"][0] if told["holds"] else {"cpu_ms": 0.0, "what": ""}
        return Hold(cpu_ms=longest["cpu_ms"], late_ms=told["late_ms"], what=longest["what"])

    def _told(self) -> dict[str, Any]:
        self._report.unlink(missing_ok=True)
        os.kill(self.process.pid, signal.SIGUSR1)
        deadline = time.monotonic() + PATIENCE
        while not self._report.exists():
            if time.monotonic() > deadline:
                raise once.Refused("the watched loop wrote no report")
            time.sleep(0.002)
        told: dict[str, Any] = json.loads(self._report.read_text())
        return told


def measure(rig: Rig) -> list[Table]:
    """Each body alone, over and over; the floor where it can answer at all."""
    scale = QUICK_SCALE if rig.options.quick else 1.0
    folder = rig.new_folder()
    upstream = rig.upstream(held_bodies.rules(folder, scale), folder)
    floor = Watched(rig, floor_command(base_of(upstream)))
    shim = Watched(rig, product.command(rig.new_folder(), base_of(upstream)))
    rows = [_row(body, shim, floor) for body in held_bodies.bodies(scale)]
    rows += [_row_of(name, hold, None) for name, hold in _others(rig, scale)]
    return [
        Table(
            title="The event loop, held by one body",
            note="The longest that one step of the loop ran (the loop's thread's own processor time), and the most by "
            "which a timer of 1 ms came too late (the clock on the wall: it has also what threads hold by the "
            "interpreter's lock, several steps in a row, and this machine's neighbours). Medians over the runs, after "
            "two that do not count: the first body of its size gets memory from the kernel, 0.4 ms for each MB that it "
            "touches. On asyncio's own loop, whose steps can be timed. MB of base64.",
            columns={
                "body": Column(title="body"),
                "cpu": Column(title="longest step, ms", format="ms"),
                "late": Column(title="timer late, ms", format="ms"),
                "floor": Column(title="floor's longest step, ms", format="ms"),
                "floor_late": Column(title="timer late, ms", format="ms"),
                "what": Column(title="the step"),
            },
            rows=rows,
        )
    ]


def _row(body: Body, shim: Watched, floor: Watched) -> Row:
    here = shim.held(lambda: _sent(shim.process, body))
    there = floor.held(lambda: _sent(floor.process, body)) if body.floor else None
    return _row_of(body.name, here, there)


def _row_of(name: str, here: Hold, there: Hold | None) -> Row:
    return {
        "body": name,
        "cpu": here.cpu_ms,
        "late": here.late_ms,
        "floor": None if there is None else there.cpu_ms,
        "floor_late": None if there is None else there.late_ms,
        "what": here.what.replace("|", "/"),
    }


def _others(rig: Rig, scale: float) -> Iterator[tuple[str, Hold]]:
    """What needs another Google: videos, and uploads."""
    upstream, _ = videos.veo(rig, clip_bytes=max(1000, int(10_000_000 * scale)), latency_ms=10)
    shim = Watched(rig, product.command(rig.new_folder(), base_of(upstream)))
    form = held_bodies.video_form(scale)
    yield form.name, shim.held(lambda: _sent(shim.process, form))
    folder = rig.new_folder()
    size = max(1000, int(CLIP_BYTES * scale))
    upstream = rig.upstream(google.vertex_video_rules(folder, latency_ms=10, clips=CLIPS, clip_bytes=size), folder)
    shim = Watched(rig, product.command(rig.new_folder(), base_of(upstream), surface="vertex"))
    order = {"model": google.VERTEX_VIDEO_MODEL, "prompt": "A wave.", "seconds": "4", "n": CLIPS}
    hold = shim.held(lambda: once.finished_video(shim.process, {**order, "prompt": f"A wave {time.time_ns()}."}))
    yield f"{CLIPS} videos of 25 MB inline from Vertex AI", hold


def _sent(process: Process, body: Body) -> None:
    """One request and its whole answer. Raises Refused."""
    connection = HTTPConnection("127.0.0.1", process.port, timeout=once.PATIENCE)
    try:
        headers = {"authorization": f"Bearer {KEY}", "content-type": body.type}
        connection.request("POST", body.target, body.content, headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status != 200:
            raise once.Refused(f"{body.name}: {answer.status} {told[:500]!r}")
    finally:
        connection.close()
