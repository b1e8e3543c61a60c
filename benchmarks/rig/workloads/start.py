"""From nothing to the first answer, what an idle process needs, and what its first chat costs."""

import compileall
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib.util import find_spec
from statistics import median

from benchmarks.rig import chat, google, machine
from benchmarks.rig.processes import Process
from benchmarks.rig.product import KEY
from benchmarks.rig.rig import Options, Rig, base_of, opened
from benchmarks.rig.tables import Column, Row, Table


@dataclass(frozen=True, slots=True)
class Started:
    """One start: seconds until the first 200, processor time by then, both at rest, and the chats that follow."""

    first: float
    cpu: float
    rested_cpu: float
    rested_mb: float
    first_chat: float
    later_chat: float


def measure(rig: Rig) -> list[Table]:
    """Each server started anew every time, in turn."""
    compile_all()
    found: dict[str, list[Started]] = {name: [] for name in STARTS}
    for number in range(rig.options.rounds + 1):
        for name, start in STARTS.items():
            figures = _started(rig.options, start)
            if number:
                found[name].append(figures)
    rows: list[Row] = [
        {
            "server": name,
            "first": median(one.first for one in figures),
            "cpu": median(one.cpu for one in figures),
            "rested_cpu": median(one.rested_cpu for one in figures),
            "rss": median(one.rested_mb for one in figures),
            "first_chat": median(one.first_chat for one in figures) * 1000,
            "later_chat": median(one.later_chat for one in figures) * 1000,
        }
        for name, figures in found.items()
    ]
    return [
        Table(
            title="Start",
            note="From the start of the process to its first 200 (GET /healthz), files in the page cache, bytecode "
            f"compiled as pip compiles it. At rest: {REST:g} s later, when what was put off is done. "
            f"Python {machine.described()['python']}.",
            columns={
                "server": Column(title="server"),
                "first": Column(title="first 200 after, s", format="figures"),
                "cpu": Column(title="CPU s until then", format="figures"),
                "rested_cpu": Column(title="CPU s until at rest", format="figures"),
                "rss": Column(title="resident at rest, MB", format="figures"),
                "first_chat": Column(title="then the first text, ms", format="figures"),
                "later_chat": Column(title="another one, ms", format="figures"),
            },
            rows=rows,
        )
    ]


REST = 2.0
"""Seconds after the first answer: what a server does after its start, to have it look like less, counts as well."""

STARTS: dict[str, Callable[[Rig, str], Process]] = {
    "floor": lambda rig, upstream: rig.floor(upstream),
    "product": lambda rig, upstream: rig.product(upstream),
}
LATER = 20
"""Chats after the first one."""


def compile_all() -> None:
    """Bytecode for every module of this tree, as an installed program has it.

    A start would leave it behind by itself, but not where PYTHONDONTWRITEBYTECODE is set: there each start compiles
    what was edited since somebody ran without it.
    """
    for package in ("proxy", "translators", "benchmarks"):
        found = find_spec(package)
        for folder in (found and found.submodule_search_locations) or ():
            compileall.compile_dir(folder, quiet=1)


def _started(options: Options, start: Callable[[Rig, str], Process]) -> Started:
    with opened(options) as rig:
        folder = rig.new_folder()
        process = start(rig, base_of(rig.upstream(google.text_rules(folder), folder)))
        began = time.monotonic()
        connection = HTTPConnection("127.0.0.1", process.port, timeout=10)
        _asked(connection, "GET", "/healthz")
        first, cpu = process.start_seconds + time.monotonic() - began, process.cpu_seconds()
        time.sleep(0 if options.quick else REST)
        rested_cpu, rested_mb = process.cpu_seconds(), process.resident_mb()
        chats = [_asked(connection, "POST", "/v1/chat/completions") for _ in range(1 + LATER)]
        connection.close()
        return Started(first, cpu, rested_cpu, rested_mb, chats[0], median(chats[1:]))


def _asked(connection: HTTPConnection, method: str, path: str) -> float:
    """Seconds until the whole answer, which has to be a 200."""
    body = json.dumps(chat.text()) if method == "POST" else None
    began = time.monotonic()
    connection.request(method, path, body, {"authorization": f"Bearer {KEY}", "content-type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    return time.monotonic() - began
