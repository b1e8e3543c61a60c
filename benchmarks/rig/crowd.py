"""Many jobs that wait at the same time: how they come, and what they cost while they wait."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from benchmarks.rig import chat, google, videos
from benchmarks.rig.ledger import await_jobs, jobs_in
from benchmarks.rig.measure import Contender
from benchmarks.rig.processes import Process
from benchmarks.rig.rig import Rig, base_of

LONG = 36_000_000
"""Milliseconds that a video takes which nobody shall see done."""
RAMP_US = 1000
"""Between two callers' first requests."""
ARRIVAL = 1800.0
"""Seconds after which a crowd that is not there is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How callers wait."""

    name: str
    request: bytes
    queued: bool = False
    """Google takes one job only, so that the others wait in the queue."""


CREATED = Way(
    name="POST /v1/videos, nobody connected",
    request=chat.posted(videos.created(f"wave {videos.NUMBER}"), target="/v1/videos"),
)
WHOLE = Way(name="chat, whole answers", request=videos.chat_order(f"wave {videos.NUMBER}"))
STREAMED = Way(name="chat, streamed", request=videos.chat_order(f"wave {videos.NUMBER}", stream=True))
QUEUED = Way(
    name="chat, streamed, in the queue", request=videos.chat_order(f"wave {videos.NUMBER}", stream=True), queued=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Median milliseconds until others have their answer: a new job (it is in the ledger then), a short text."""

    created: float
    text: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a crowd cost."""

    way: Way
    jobs: int
    arrival: float
    """Seconds until every job was at Google (or in the queue)."""
    arrival_cpu_ms: float
    """Processor time of one job until then."""
    empty_mb: float
    kb_each: float
    idle: float
    """The share of a core while all wait and nobody comes."""
    before: Delays | None
    after: Delays | None


def waiting(rig: Rig, way: Way, count: int, *, delays: bool = True, more: dict[str, Any] | None = None) -> Waiting:
    """A product of its own, a crowd that comes, and a look at it while it waits."""
    upstream, _ = videos.veo(rig, clip_bytes=100_000, latency_ms=LONG, more=google.text_rules(rig.new_folder()))
    folder = rig.new_folder()
    process = rig.product(base_of(upstream), folder=folder, more=_settings(way, count, more))
    before = _delays(rig, process) if delays else None
    known = jobs_in(folder)
    empty, cpu = process.resident_mb(), process.cpu_seconds()
    with _coming(rig, process, way, count):
        states = () if way.queued else ("running",)
        arrival = await_jobs(folder, known + count, *states, patience=ARRIVAL)
        arrival_cpu = process.cpu_seconds() - cpu
        watched = 1.0 if rig.options.quick else 10.0
        time.sleep(watched / 5)
        resident, cpu = process.resident_mb(), process.cpu_seconds()
        time.sleep(watched)
        idle = (process.cpu_seconds() - cpu) / watched
        after = _delays(rig, process) if delays else None
    return Waiting(
        way=way,
        jobs=count,
        arrival=arrival,
        arrival_cpu_ms=1000 * arrival_cpu / count,
        empty_mb=empty,
        kb_each=1000 * (resident - empty) / count,
        idle=idle,
        before=before,
        after=after,
    )


def answered(rig: Rig, way: Way, count: int) -> tuple[float, float, int, int]:
    """A crowd that gets its videos: seconds from Google's end to the last byte (median, p90), answers, submits.

    The seconds have also what lies between the request and Google's start of the job.
    """
    latency = 5.0 + count / 50
    upstream, _ = videos.veo(rig, clip_bytes=400_000, latency_ms=int(latency * 1000))
    process = rig.product(base_of(upstream), more=_settings(way, count, {"video": {"polls-per-minute": 60_000}}))
    sent = Contender(name=way.name, process=process, sent=rig.written(way.request), options={"least": 500_000})
    sample = rig.run(sent, callers=count, most=count, ramp=RAMP_US, seconds=latency + ARRIVAL)
    seen = sample.seen.whole
    return seen.p50 / 1000 - latency, seen.p90 / 1000 - latency, sample.seen.all_answers, _submits(upstream)


def _settings(way: Way, count: int, more: dict[str, Any] | None) -> dict[str, Any]:
    """Limits that let everyone in at once, or one."""
    at_google = 1 if way.queued else 2 * count + 1000
    return {
        "jobs": {"concurrency": at_google, "submits-per-minute": 1_000_000, "queue-length": 2 * count + 1000},
        **(more or {}),
    }


@contextmanager
def _coming(rig: Rig, process: Process, way: Way, count: int) -> Iterator[None]:
    sent = Contender(name=way.name, process=process, sent=rig.written(way.request), options={})
    patience = 10 * ARRIVAL
    working = rig.start_callers(
        sent, callers=count, most=count, ramp=RAMP_US, seconds=patience, patience=patience, status=200
    )
    try:
        yield
    finally:
        working.kill()
        working.communicate()


def _delays(rig: Rig, process: Process) -> Delays:
    times = []
    for request, most in ((CREATED.request, 30), (chat.posted(chat.text()), 100)):
        asked = Contender(name="", process=process, sent=rig.written(request), options={"most": most})
        seconds = 2 * rig.options.seconds
        times.append(rig.run(asked, callers=1, seconds=seconds, patience=ARRIVAL).seen.whole.p50)
    return Delays(created=times[0], text=times[1])


def _submits(upstream: Process) -> int:
    """How many operations the fake Google began: the number of a further one says it."""
    connection = HTTPConnection("127.0.0.1", upstream.port)
    connection.request("POST", f"/v1beta/models/{google.VIDEO_MODEL}:predictLongRunning", "{}")
    name: str = json.loads(connection.getresponse().read())["name"]
    connection.close()
    return int(name.rpartition("n")[2]) - 1
