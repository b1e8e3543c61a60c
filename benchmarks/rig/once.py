"""Single calls to the product, to set the stage for what is measured."""

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any

from benchmarks.rig.processes import Process
from benchmarks.rig.product import KEY

PATIENCE = 120.0


class Refused(Exception):
    """The answer had another status than 200; the message has it."""


def answered(process: Process, method: str, target: str, body: Any = None) -> tuple[Mapping[str, str], bytes]:
    """Headers (in lower case) and body of one answer. Raises Refused."""
    connection = HTTPConnection("127.0.0.1", process.port, timeout=PATIENCE)
    try:
        headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
        connection.request(method, target, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 202):
            raise Refused(f"{method} {target}: {answer.status} {content[:500]!r}")
        return {name.lower(): value for name, value in answer.getheaders()}, content
    finally:
        connection.close()


def finished_video(process: Process, order: Mapping[str, Any]) -> dict[str, Any]:
    """A job of POST /v1/videos, placed and asked for until it is completed. Raises Refused."""
    job: dict[str, Any] = json.loads(answered(process, "POST", "/v1/videos", order)[1])
    deadline = time.monotonic() + PATIENCE
    while job["status"] != "completed":
        if job["status"] == "failed" or time.monotonic() > deadline:
            raise Refused(f"the video is {job['status']}: {job.get('error')}")
        time.sleep(0.05)
        job = json.loads(answered(process, "GET", f"/v1/videos/{job['id']}")[1])
    return job
