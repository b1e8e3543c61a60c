"""One new job, awaited by one caller: Google's word, the job's end, the first and the last byte of the answer."""

import json
import re
import time
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPResponse

from benchmarks.rig import once, videos
from benchmarks.rig.processes import Process
from benchmarks.rig.product import KEY

STEP = r'"time":"([^"]+)".*: {} -> {}"'
PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Seconds. The log counts in whole milliseconds, rounded down: what begins with a line of it is up to 1 ms less."""

    home: float
    """From Google's word (the log's `running -> fetching`) until the job's row is `completed`: download and disk."""
    first: float
    """From there to the first byte of the answer (whole), or to the first chunk that has content (streamed)."""
    last: float
    """From there to the last byte."""


def awaited(process: Process, number: int, *, stream: bool) -> Delivery:
    """Ask for a new video, wait for it, and look into the log."""
    connection = HTTPConnection("127.0.0.1", process.port, timeout=once.PATIENCE)
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    body = json.dumps(videos.ordered(f"wave {number}", stream=stream))
    connection.request("POST", "/v1/chat/completions", body, headers)
    answer = connection.getresponse()
    if stream:
        _until_content(answer)
    else:
        answer.read(1)
    first = time.time()
    while answer.read(PIECE):
        pass
    last = time.time()
    connection.close()
    seen, completed = _step(process, "running", "fetching"), _step(process, "fetching", "completed")
    return Delivery(home=completed - seen, first=first - completed, last=last - completed)


def _until_content(answer: HTTPResponse) -> None:
    """Role and progress are no content; the sentence before the videos is."""
    while line := answer.readline():
        if line.startswith(b"data: {") and json.loads(line[6:])["choices"][0]["delta"].get("content"):
            return
    raise once.Refused("the stream ended without content")


def _step(process: Process, before: str, after: str) -> float:
    """When the log's latest such step was."""
    told: str = re.findall(STEP.format(before, after), process.log.read_text())[-1]
    return datetime.fromisoformat(told).timestamp()
