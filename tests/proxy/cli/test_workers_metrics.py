"""`mediashim serve --workers 2`: one scrape is of all workers, and what was counted stays when one is killed."""

import asyncio
import os
import signal
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest

from proxy.simulator import SimulatorSettings, running_simulator
from tests.proxy.cli.test_serve import WAIT, base_url, mediashim
from tests.proxy.cli.test_workers import PATIENCE, configured, until_replaced, workers_of
from tests.proxy.metrics.scraped import Sample, of, sample, samples

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="workers are found through /proc")

VEO = "veo-3.1-generate-preview"
ASKED = 24
SERVED = sample("http_requests_total", route="/v1/models", method="GET", status="200")
COMPLETED = sample("mediashim_jobs_ended_total", backend="gemini", model=VEO, state="completed")
SPENT = sample("mediashim_spent_dollars_total", backend="gemini", model=VEO)


async def scrape(client: httpx2.AsyncClient) -> Mapping[Sample, float]:
    answer = await client.get("/metrics", headers={"connection": "close"})
    assert answer.status_code == 200, answer.text
    return samples(answer.text)


async def until_told(client: httpx2.AsyncClient, **least: tuple[Sample, float]) -> Mapping[Sample, float]:
    """A scrape in which the figures are that high: the other worker writes its own every two seconds."""
    async with asyncio.timeout(WAIT):
        while True:
            figures = await scrape(client)
            if all(figures.get(figure, 0) >= count for figure, count in least.values()):
                return figures
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_a_scrape_is_of_all_workers_and_never_goes_down(tmp_path: Path) -> None:
    """Exact counts over both, after one is killed, and after another has taken its place."""
    async with (
        running_simulator(SimulatorSettings(video_latency=0.2, alive_veo_on_gemini=True)) as google,
        mediashim(*configured(google, tmp_path)) as process,
    ):
        url = await base_url(process)
        async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE) as client:

            async def ask() -> None:
                assert (await client.get("/v1/models", headers={"connection": "close"})).status_code == 200

            await asyncio.gather(*(ask() for _ in range(ASKED)))
            body = {"model": "veo-3.1-generate-preview", "messages": [{"role": "user", "content": "a kite"}]}
            video = await client.post("/v1/chat/completions", json=body, headers={"connection": "close"})
            assert video.status_code == 200, video.text
            before = await until_told(client, served=(SERVED, ASKED), completed=(COMPLETED, 1))

            workers = workers_of(process)
            scrapes = [before]
            os.kill(max(workers), signal.SIGKILL)
            scrapes += [await scrape(client) for _ in range(5)]
            after = await until_replaced(process, workers)
            [new] = after - workers
            scrapes.append(await until_told(client, replaced=(sample("process_start_time_seconds", pid=str(new)), 1)))
            await asyncio.gather(*(ask() for _ in range(ASKED)))
            scrapes.append(await until_told(client, served=(SERVED, 2 * ASKED)))
        process.send_signal(signal.SIGTERM)
        await process.communicate()

    assert len(google.submits) == 1
    assert before[SERVED] == ASKED
    assert scrapes[-1][SERVED] == 2 * ASKED
    for earlier, later in pairwise(scrapes):
        for (name, labels), count in earlier.items():
            if name.endswith(("_total", "_count", "_bucket", "_sum")) and not name.startswith("process_"):
                assert later[name, labels] >= count, (name, labels)
    assert scrapes[-1][COMPLETED] == before[COMPLETED] == 1
    assert scrapes[-1][SPENT] == before[SPENT] > 0
    assert len(of(before, "process_start_time_seconds")) == 2
    assert {dict(labels)["pid"] for labels in of(scrapes[-1], "process_start_time_seconds")} == {
        str(pid) for pid in after
    }
    assert [path.name for path in (tmp_path / "data" / "metrics").iterdir()] == ["owners"]


@pytest.mark.slow
async def test_a_new_run_begins_anew(tmp_path: Path) -> None:
    """Also after a supervisor that was killed, whose files are cleared away."""
    counts = []
    async with running_simulator(SimulatorSettings()) as google:
        for _ in range(2):
            async with mediashim(*configured(google, tmp_path)) as process:
                async with httpx2.AsyncClient(base_url=await base_url(process), timeout=PATIENCE) as client:
                    for _ in range(3):
                        await client.get("/v1/models", headers={"connection": "close"})
                    counts.append((await until_told(client, served=(SERVED, 3)))[SERVED])
                runs = {path.name for path in (tmp_path / "data" / "metrics").iterdir()}
                process.kill()
                await process.wait()

    assert counts == [3, 3]
    assert len(runs - {"owners"}) == 1


@pytest.mark.slow
async def test_switched_off_nobody_writes(tmp_path: Path) -> None:
    """Workers that nobody will ask need not tell each other."""
    (tmp_path / "config.yaml").write_text("metrics: {enabled: false}")
    arguments = ("--config", str(tmp_path / "config.yaml"), "--data-dir", str(tmp_path / "data"), "--port", "0")
    async with mediashim("serve", "--simulate", "--workers", "2", *arguments) as process:
        async with httpx2.AsyncClient(base_url=await base_url(process), timeout=PATIENCE) as client:
            assert (await client.get("/metrics")).status_code == 404
        assert not (tmp_path / "data" / "metrics").exists()


async def test_one_worker_leaves_no_file(tmp_path: Path) -> None:
    """There is nobody to tell."""
    async with (
        mediashim("serve", "--simulate", "--port", "0", "--data-dir", str(tmp_path)) as process,
        httpx2.AsyncClient(base_url=await base_url(process), timeout=PATIENCE) as client,
    ):
        figures = await scrape(client)
    assert sample("process_start_time_seconds") in figures
    assert not (tmp_path / "metrics").exists()
