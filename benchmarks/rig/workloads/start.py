"""From nothing to the first answer, and what an idle process needs."""

import time
from collections.abc import Callable
from http.client import HTTPConnection
from statistics import median

from benchmarks.rig import machine
from benchmarks.rig.processes import Process
from benchmarks.rig.rig import Options, Rig, opened
from benchmarks.rig.tables import Column, Row, Table


def measure(rig: Rig) -> list[Table]:
    """Each server started anew every time, in turn."""
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in STARTS}
    for number in range(rig.options.rounds + 1):
        for name, start in STARTS.items():
            figures = _started(rig.options, start)
            if number:
                found[name].append(figures)
    rows: list[Row] = [
        {
            "server": name,
            "first": median(first for first, _, _ in figures),
            "rss": median(rss for _, rss, _ in figures),
            "cpu": median(cpu for _, _, cpu in figures),
        }
        for name, figures in found.items()
    ]
    return [
        Table(
            title="Start",
            note="From the start of the process to its first 200 (GET /healthz), files in the page cache, bytecode "
            f"compiled. Python {machine.described()['python']}.",
            columns={
                "server": Column(title="server"),
                "first": Column(title="first 200 after, s", format="figures"),
                "cpu": Column(title="CPU s until then", format="figures"),
                "rss": Column(title="resident then, MB", format="figures"),
            },
            rows=rows,
        )
    ]


NOBODY = "http://127.0.0.1:9"
"""An upstream that is never called."""

STARTS: dict[str, Callable[[Rig], Process]] = {
    "floor": lambda rig: rig.floor(NOBODY),
    "product": lambda rig: rig.product(NOBODY),
}


def _started(options: Options, start: Callable[[Rig], Process]) -> tuple[float, float, float]:
    with opened(options) as rig:
        process = start(rig)
        began = time.monotonic()
        connection = HTTPConnection("127.0.0.1", process.port, timeout=10)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        answered = time.monotonic() - began
        connection.close()
        return process.start_seconds + answered, process.resident_mb(), process.cpu_seconds()
