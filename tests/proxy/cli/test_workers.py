"""`mediashim serve --workers N`: one address and data folder; workers die and are replaced, and stop together."""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import Process
from collections import Counter
from pathlib import Path

import httpx2
import pytest
import yaml

from proxy.simulator import RunningSimulator, SimulatorSettings, running_simulator
from tests.proxy.cli.test_serve import WAIT, base_url, ended, mediashim

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="workers are found through /proc")

PATIENCE = httpx2.Timeout(WAIT)


def workers_of(process: Process) -> set[int]:
    """The processes that the supervisor has started."""
    children = Path(f"/proc/{process.pid}/task").glob("*/children")
    return {int(pid) for path in children for pid in path.read_text().split()}


def living(pids: set[int]) -> list[int]:
    """Those of them that are still there."""
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def configured(google: RunningSimulator, folder: Path, *, concurrency: int = 100) -> list[str]:
    """The command line of a proxy in front of this simulator."""
    settings = {
        "port": 0,
        "workers": 2,
        "data-dir": str(folder / "data"),
        "gemini-api-key": [{"api-key": google.api_key, "base-url": google.base_url, "concurrency": concurrency}],
        "jobs": {"submits-per-minute": 10_000, "queue-length": 1000},
        "video": {"polls-per-minute": 60_000},
        "fetch": {"allow-hosts": ["127.0.0.1"]},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(settings))
    return ["serve", "--config", str(folder / "config.yaml")]


async def until_replaced(process: Process, before: set[int]) -> set[int]:
    """The workers, once there are as many as before and none that has died."""
    async with asyncio.timeout(WAIT):
        while len(now := workers_of(process)) < len(before) or now == before:  # noqa: ASYNC110 - /proc rings no bell
            await asyncio.sleep(0.05)
    return now


async def test_a_killed_worker_is_replaced_and_all_stop_together(tmp_path: Path) -> None:
    """Another process serves meanwhile; SIGTERM ends all of them, with exit code 0."""
    async with mediashim(
        "serve", "--simulate", "--workers", "2", "--port", "0", "--data-dir", str(tmp_path)
    ) as process:
        url = await base_url(process)
        before = workers_of(process)
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE) as client:
            alive = [(await client.get("/healthz", headers={"connection": "close"})).status_code for _ in range(10)]
        after = await until_replaced(process, before)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(WAIT):
            _, err = await process.communicate()

    assert len(before) == 2
    assert alive == [200] * 10
    assert victim not in after
    assert b"has died (signal 9); another takes its place" in err
    assert process.returncode == 0
    assert living(after) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_while_the_workers_start(tmp_path: Path, number: signal.Signals) -> None:
    """It does not wait until all serve, and leaves nobody behind."""
    async with mediashim("serve", "--workers", "3", "--port", "0", "--data-dir", str(tmp_path)) as process:
        async with asyncio.timeout(WAIT):
            while b"worker 1 serves" not in await process.stderr.readline():
                pass
        begun = workers_of(process)
        process.send_signal(number)
        async with asyncio.timeout(WAIT):
            await process.communicate()

    assert process.returncode == {signal.SIGTERM: 0, signal.SIGINT: 130}[number]
    assert living(begun) == []


async def test_workers_do_not_outlive_their_supervisor(tmp_path: Path) -> None:
    """Killed outright, it can tell nobody; they see its pipe end, and leave the address to the next start."""
    async with mediashim("serve", "--workers", "2", "--port", "0", "--data-dir", str(tmp_path)) as process:
        await base_url(process)
        left = workers_of(process)
        process.kill()
        async with asyncio.timeout(WAIT):
            while living(left):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)

    assert len(left) == 2


async def test_workers_that_cannot_start_end_the_program(tmp_path: Path) -> None:
    """With the exit code that one process alone would have, and the reason once."""
    config = tmp_path / "config.yaml"
    config.write_text(
        yaml.safe_dump(
            {"port": 0, "data-dir": str(tmp_path), "vertex": [{"project": "p", "credentials-file": "missing.json"}]}
        )
    )
    alone = await ended("serve", "--config", str(config))
    code, _, err = await ended("serve", "--config", str(config), "--workers", "3")

    assert (code, alone[0]) == (2, 2)
    assert err.count("missing.json") == alone[2].count("missing.json")
    assert "Traceback" not in err


async def test_a_data_folder_that_is_no_folder(tmp_path: Path) -> None:
    """What fails when the first worker opens its rooms is a failure of the whole."""
    (tmp_path / "data").write_text("in the way")
    code, _, _ = await ended("serve", "--port", "0", "--workers", "2", "--data-dir", str(tmp_path / "data"))

    assert code != 0


@pytest.mark.parametrize("workers", ["0", "-1", "many"])
async def test_a_number_of_workers_that_is_none(tmp_path: Path, workers: str) -> None:
    """Refused before anything is opened."""
    code, _, err = await ended("serve", "--port", "0", "--data-dir", str(tmp_path / "data"), "--workers", workers)

    assert code == 2
    assert "workers" in err
    assert not (tmp_path / "data").exists()


async def test_equal_requests_to_all_workers_are_one_job(tmp_path: Path) -> None:
    """Thirty keys, eight requests each, all at once over connections of their own: thirty jobs, thirty submits."""
    async with running_simulator(SimulatorSettings(video_latency=0.2, alive_veo_on_gemini=True)) as google:
        async with mediashim(*configured(google, tmp_path)) as process:
            url = await base_url(process)
            limits = httpx2.Limits(max_connections=40, max_keepalive_connections=0)
            async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits) as client:

                async def ask(number: int, marked: bool) -> tuple[int, str]:
                    key = {"x-stainless-retry-count": "1"} if marked else {"idempotency-key": f"order-{number}"}
                    body = {"model": "veo-3.1-generate-preview", "prompt": f"kite {number}", "seconds": "4"}
                    answer = await client.post("/v1/videos", json=body, headers={**key, "connection": "close"})
                    assert answer.status_code == 200, answer.text
                    return number, answer.json()["id"]

                asked = await asyncio.gather(*(ask(number, number % 2 == 0) for number in range(30) for _ in range(8)))
                ids = {job_id for _, job_id in asked}
                async with asyncio.timeout(WAIT):
                    while len(google.submits) < 30:  # noqa: ASYNC110 - another process submits
                        await asyncio.sleep(0.05)
                statuses = {(await client.get(f"/v1/videos/{job_id}")).status_code for job_id in ids}
            process.send_signal(signal.SIGTERM)
            _, err = await process.communicate()
        served = Counter(line.split()[0] for line in err.decode().splitlines() if "POST /v1/videos" in line)

    assert len({(number, job_id) for number, job_id in asked}) == 30
    assert statuses == {200}
    assert sorted(Counter(submit.prompt for submit in google.submits).values()) == [1] * 30
    assert served


@pytest.mark.slow
async def test_callers_wait_at_one_worker_for_what_another_carries(tmp_path: Path) -> None:
    """More chat callers than Google takes at once: each has its own video in the end, whoever carried it."""
    settings = SimulatorSettings(video_latency=0.2, alive_veo_on_gemini=True)
    async with (
        running_simulator(settings) as google,
        mediashim(*configured(google, tmp_path, concurrency=3)) as process,
    ):
        url = await base_url(process)
        async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE) as client:

            async def ask(number: int) -> int:
                body = {
                    "model": "veo-3.1-generate-preview",
                    "messages": [{"role": "user", "content": f"kite {number}"}],
                    "video_config": {"duration": 4},
                    "stream": number % 2 == 0,
                }
                answer = await client.post("/v1/chat/completions", json=body, headers={"connection": "close"})
                assert "data:video/mp4;base64," in answer.text, answer.text[:500]
                return answer.status_code

            codes = await asyncio.gather(*(ask(number) for number in range(7)))

    assert codes == [200] * 7
    assert len(google.submits) == 7


@pytest.mark.slow
async def test_a_callback_is_made_once(tmp_path: Path) -> None:
    """Whichever worker dies: those that are left and those that come make each owed callback once."""
    heard: Counter[str] = Counter()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heard[head.split()[1].decode()] += 1
        writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(hear, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    settings = SimulatorSettings(video_latency=8.0, alive_veo_on_gemini=True)
    async with running_simulator(settings) as google, mediashim(*configured(google, tmp_path)) as process:
        url = await base_url(process)
        async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE) as client:
            for number in range(12):
                body = {
                    "model": "veo-3.1-generate-preview",
                    "prompt": f"kite {number}",
                    "duration": 4,
                    "callback_url": f"http://127.0.0.1:{port}/{number}",
                }
                answer = await client.post("/api/v1/videos", json=body, headers={"connection": "close"})
                assert answer.status_code < 300, answer.text
        async with asyncio.timeout(WAIT):
            while len(google.submits) < 12:  # noqa: ASYNC110 - another process submits
                await asyncio.sleep(0.05)
        before = workers_of(process)
        os.kill(min(before), signal.SIGKILL)
        await until_replaced(process, before)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT):
                while len(heard) < 12:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    listener.close()

    assert heard == {f"/{number}": 1 for number in range(12)}
    assert len(google.submits) == 12
