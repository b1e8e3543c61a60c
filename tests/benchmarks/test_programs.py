"""The callers and the fake Google, compiled and in Python: the same words, the same answers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.rig import google
from benchmarks.rig.callers import WrongAnswers, call, request
from benchmarks.rig.google import Rule, write_rules
from benchmarks.rig.once import Refused, answered
from benchmarks.rig.pinning import usable_cores
from benchmarks.rig.processes import Process, running
from benchmarks.rig.programs import command_of, compiler

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the rig reads /proc")
CORES = frozenset(usable_cores())


@pytest.fixture(params=[True, False], ids=["compiled", "in Python"])
def compiled(request: pytest.FixtureRequest) -> bool:
    if request.param and compiler() is None:
        pytest.skip("no C compiler")
    return request.param


@pytest.fixture
def upstream(tmp_path: Path, compiled: bool):
    for name, content in (
        ("whole", b"x" * 300_000),
        ("running", b'{"name":"operations/{operation}"}'),
        ("done", b"{}"),
    ):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "stream").write_bytes(b"".join(b'data: {"n":%d}\r\n\r\n' % number for number in range(40)))
    rules = [
        Rule(target="/whole", body="other", files=(tmp_path / "done",)),
        Rule(target="/whole", files=(tmp_path / "whole",)),
        Rule(target="/slow", kind="events", type="text/event-stream", number=1000, files=(tmp_path / "stream",)),
        Rule(target="/stream", kind="events", type="text/event-stream", files=(tmp_path / "stream",)),
        Rule(target="/begin", kind="begin", number=600_000, files=(tmp_path / "running",)),
        Rule(target="/over", kind="begin", files=(tmp_path / "running",)),
        Rule(target="/operations/", kind="poll", files=(tmp_path / "running", tmp_path / "done")),
        Rule(target="/fetch", kind="poll", files=(tmp_path / "running", tmp_path / "done")),
    ]
    command = [*command_of("upstream", compiled=compiled), str(write_rules(tmp_path, rules))]
    with running(command, cores=CORES, log=tmp_path / "log") as process:
        yield process


def asked(tmp_path: Path, target: str, body: bytes = b"{}") -> Path:
    path = tmp_path / "request"
    path.write_bytes(request("POST", target, body=body))
    return path


def test_whole_answers_are_counted_and_measured(upstream: Process, tmp_path: Path, compiled: bool):
    sent = asked(tmp_path, "/whole")
    seen = call(upstream.port, sent, CORES, compiled=compiled, callers=3, most=12, seconds=60, length=300_000)
    assert seen.all_answers == seen.answers == 12
    assert seen.bytes == 12 * 300_000
    assert 0 < seen.first.p50 <= seen.whole.p50 <= seen.whole.max


def test_a_rule_may_depend_on_the_body(upstream: Process, tmp_path: Path, compiled: bool):
    sent = asked(tmp_path, "/whole", b'{"other":1}')
    assert call(upstream.port, sent, CORES, compiled=compiled, most=1, seconds=60, length=2).answers == 1


@pytest.mark.parametrize("target", ["/stream", "/slow"])
def test_events_come_in_chunks_and_are_counted_over_their_seams(
    upstream: Process, tmp_path: Path, compiled: bool, target: str
):
    options = {"callers": 2, "most": 4, "seconds": 60, "count": 'data: {"n', "first": '"n":0'}
    seen = call(upstream.port, asked(tmp_path, target), CORES, compiled=compiled, **options)
    assert seen.counted == 4 * 40
    assert seen.first.p50 <= seen.whole.p50


def test_a_wrong_answer_is_never_a_figure(upstream: Process, tmp_path: Path, compiled: bool):
    for target, options in (("/whole", {"length": 7}), ("/nothing", {}), ("/whole", {"least": 400_000})):
        with pytest.raises(WrongAnswers):
            call(upstream.port, asked(tmp_path, target), CORES, compiled=compiled, most=2, seconds=60, **options)


def test_requests_are_numbered_and_callers_come_one_after_the_other(upstream: Process, tmp_path: Path, compiled: bool):
    sent = asked(tmp_path, "/whole", b'{"n":"#NUMBER###"}')
    options = {"callers": 5, "most": 5, "ramp": 100, "seconds": 60}
    assert call(upstream.port, sent, CORES, compiled=compiled, **options).answers == 5


def test_an_operation_knows_when_it_is_done(upstream: Process):
    names = {}
    for target in ("/begin", "/begin", "/over"):
        names.setdefault(target, json.loads(answered(upstream, "POST", target, {})[1])["name"])
    running, over = names["/begin"], names["/over"]
    assert json.loads(answered(upstream, "GET", f"/v1/{running}")[1])["name"] == running
    assert answered(upstream, "POST", "/fetch", {"operationName": running})[1] != b"{}"
    assert answered(upstream, "GET", f"/v1/{over}")[1] == b"{}"
    assert answered(upstream, "POST", "/fetch", {"operationName": over})[1] == b"{}"


def test_what_no_rule_answers_is_not_there(upstream: Process):
    with pytest.raises(Refused, match="404"):
        answered(upstream, "POST", "/nothing", {})


def test_the_compiler_has_nothing_to_say(tmp_path: Path):
    if (found := compiler()) is None:
        pytest.skip("no C compiler")
    for name in ("upstream", "load"):
        source = Path(google.__file__).parent / f"{name}.c"
        command = [found, "-O2", "-Wall", "-Wextra", "-Werror", "-std=gnu11", "-o", str(tmp_path / name), str(source)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
