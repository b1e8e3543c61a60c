"""Servers seen from outside: started, watched, stopped; those that do not start say why."""

import os
import sys
from pathlib import Path

import pytest

from benchmarks.rig.ledger import NeverCame, await_jobs, jobs_in
from benchmarks.rig.measure import Contender, Sample, alternated
from benchmarks.rig.peers import nginx
from benchmarks.rig.pinning import pinned, usable_cores
from benchmarks.rig.processes import DidNotStart, Process, running
from benchmarks.rig.rig import Options, Rig, free_port, opened
from tests.benchmarks.test_rig import sample

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the rig reads /proc")
CORES = frozenset(sorted(usable_cores())[:1])
SERVER = """
import os, socket, subprocess, sys, time
while sum(os.times()[:2]) < 0.03:  # counted in ticks of 10 ms, of which a start may take none
    pass
child = subprocess.Popen([sys.executable, "-c", "bytearray(80_000_000); import time; time.sleep(60)"])
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listens on", listener.getsockname()[1], flush=True)
try:
    time.sleep(60)
finally:
    child.kill()
"""


@pytest.mark.parametrize("told", [False, True], ids=["says its port", "is told its port"])
def test_a_server_and_its_children_are_one_family_on_their_cores(tmp_path: Path, told: bool):
    port = free_port() if told else None
    command = [sys.executable, "-c", SERVER, str(port or 0)]
    with running(command, cores=CORES, log=tmp_path / "log", port=port) as process:
        assert process.port == (port or process.port) > 0
        assert len(process.family()) == 2
        assert {frozenset(os.sched_getaffinity(pid)) for pid in process.family()} == {CORES}
        assert process.cpu_seconds() > 0
        assert 5 < process.resident_mb() <= process.peak_mb()
        process.forget_peak()
    assert not Path(f"/proc/{process.pid}").exists()


def test_what_does_not_start_shows_its_last_words(tmp_path: Path):
    command = [sys.executable, "-c", "raise SystemExit('no such thing')"]
    with pytest.raises(DidNotStart, match="no such thing"), running(command, cores=CORES, log=tmp_path / "log"):
        pass


def test_cores_are_given_back():
    before = usable_cores()
    with pinned(CORES):
        assert usable_cores() == CORES
    assert usable_cores() == before


def test_servers_take_turns_and_their_first_runs_do_not_count(tmp_path: Path):
    process = Process(os.getpid(), 0, 0.0, tmp_path / "log")
    servers = [Contender(name=name, process=process, sent=tmp_path, options={}) for name in ("floor", "product")]
    order: list[str] = []

    def run(one: Contender) -> Sample:
        order.append(one.name)
        return sample(cpu=len(order))

    found = alternated(servers, run, rounds=2)
    assert order == ["floor", "product"] * 3
    assert [one.cpu_seconds for one in found["floor"]] == [3, 5]
    assert [one.cpu_seconds for one in found["product"]] == [4, 6]


def test_a_ledger_that_is_not_there_has_no_jobs(tmp_path: Path):
    assert jobs_in(tmp_path) == 0
    with pytest.raises(NeverCame, match="0 of 1 jobs are running after"):
        await_jobs(tmp_path, 1, "running", patience=-1)


def test_a_peer_that_is_not_installed_is_a_server_that_does_not_start(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.which", lambda _: "/bin/false")
    rig: Rig
    with opened(Options(quick=True)) as rig, pytest.raises(DidNotStart):
        nginx(rig, "http://127.0.0.1:9")
