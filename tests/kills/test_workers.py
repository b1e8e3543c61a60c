"""A proxy of several workers under load, whose workers are killed: nothing is lost, nothing is paid for twice."""

import asyncio
import os
import random
import signal
from asyncio.subprocess import Process
from collections import Counter
from pathlib import Path

import httpx2
import pytest

from proxy.jobs.job import JobState
from proxy.simulator import SimulatorSettings, running_simulator
from tests.kills.disk import damage, jobs_on_disk
from tests.proxy.cli.test_serve import base_url, mediashim
from tests.proxy.cli.test_workers import configured, until_replaced, workers_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SEED = 20261121
JOBS = 80
KILLS = 6
LONGEST = 240.0
"""Seconds for everything; the machine may be busy."""


async def ask(url: str, number: int) -> str:
    """Place a job under a key of its own; who is cut off asks again, as every client with a key may."""
    body = {"model": "veo-3.1-generate-preview", "prompt": f"kite {number}", "seconds": "4"}
    headers = {"idempotency-key": f"order-{number}", "connection": "close"}
    while True:
        try:
            async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
                answer = await client.post("/v1/videos", json=body, headers=headers)
        except httpx2.HTTPError:
            await asyncio.sleep(0.1)
            continue
        if answer.status_code == 200:
            return str(answer.json()["id"])
        assert answer.status_code in (429, 503), answer.text
        await asyncio.sleep(0.2)


async def kill_now_and_then(process: Process, dice: random.Random) -> int:
    """Kill one worker after the other, each time when all are back."""
    for _ in range(KILLS):
        await asyncio.sleep(dice.uniform(0.2, 1.5))
        before = workers_of(process)
        os.kill(dice.choice(sorted(before)), signal.SIGKILL)
        await until_replaced(process, before)
    return KILLS


async def test_workers_killed_under_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Jobs in every state, kills at random: each wish has one job, at most one submit, and its video or the truth."""
    dice = random.Random(SEED)
    settings = SimulatorSettings(video_latency=1.0, alive_veo_on_gemini=True)
    async with (
        running_simulator(settings) as google,
        mediashim(*configured(google, tmp_path, concurrency=12)) as process,
        asyncio.timeout(LONGEST),
    ):
        url = await base_url(process)
        killing = asyncio.create_task(kill_now_and_then(process, dice))

        async def wish(number: int) -> str:
            await asyncio.sleep(dice.uniform(0.0, 8.0))
            return await ask(url, number)

        ids = await asyncio.gather(*(wish(number) for number in range(JOBS)))
        await killing
        while not all(job.ended for job in jobs_on_disk(tmp_path / "data")):  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.2)
        again = await asyncio.gather(*(ask(url, number) for number in range(JOBS)))
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    jobs = {job.id: job for job in jobs_on_disk(tmp_path / "data")}
    submits = Counter(submit.prompt for submit in google.submits)
    states = Counter(job.state.value for job in jobs.values())
    with capsys.disabled():
        print(f"\n{KILLS} kills: {dict(states)}, {len(google.submits)} submits")  # noqa: T201 - the figures are the result

    assert again == ids
    assert sorted(jobs) == sorted(ids)
    assert max(submits.values()) == 1
    assert set(states) <= {"completed", "uncertain"}
    assert states["completed"] >= JOBS - KILLS * 12
    assert all(submits[job.prompt] == 1 for job in jobs.values() if job.state is JobState.COMPLETED)
    assert process.returncode == 0
    assert await damage(tmp_path / "data") == []
