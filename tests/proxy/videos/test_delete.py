"""Deleting what is still going on: stopped where that is possible, refused with the reason where it is not."""

import asyncio

from proxy.simulator import Fault, Status

from .conftest import AT_ONCE, OMNI, VEO, Proxy, Start


async def running(proxy: Proxy, model: str) -> str:
    """The address of a job that Google works on."""
    created = await proxy.client.post("/v1/videos", json={"model": model, "prompt": "a kite"})
    path = f"/v1/videos/{created.json()['id']}"
    async with asyncio.timeout(20):
        while "operation" not in await proxy.json(path):  # noqa: ASYNC110 -- see conftest.ended
            await asyncio.sleep(0.05)
    return path


async def test_a_waiting_job(start: Start) -> None:
    """It is cancelled before anything is sent."""
    proxy = await start(latency=60)
    paths = [await running(proxy, VEO) for _ in range(AT_ONCE)]
    created = await proxy.client.post("/v1/videos", json={"model": VEO, "prompt": "one too many"})
    waiting = await proxy.json(f"/v1/videos/{created.json()['id']}")
    assert (waiting["status"], waiting["queue_position"]) == ("queued", 0)
    deleted = await proxy.client.delete(f"/v1/videos/{waiting['id']}")
    assert (deleted.status_code, deleted.json()["deleted"]) == (200, True)
    assert (await proxy.client.get(f"/v1/videos/{waiting['id']}")).status_code == 404
    assert len(proxy.google.submits) == len(paths)


async def test_omnis_work_is_cancelled(start: Start) -> None:
    """Google offers it for interactions."""
    proxy = await start(latency=60)
    path = await running(proxy, OMNI)
    assert (await proxy.client.delete(path)).status_code == 200
    assert (await proxy.client.get(path)).status_code == 404
    assert [request.path.rpartition("/")[2] for request in proxy.google.requests].count("cancel") == 1


async def test_veos_work_goes_on(start: Start) -> None:
    """Google cannot stop it, it is paid, and the answer says so."""
    proxy = await start(latency=60)
    path = await running(proxy, VEO)
    answer = await proxy.client.delete(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "video_in_progress")
    assert "cannot cancel Veo's work" in answer.json()["error"]["message"]
    assert (await proxy.json(path))["status"] == "in_progress"


async def test_too_late_to_cancel(start: Start) -> None:
    """Google has finished meanwhile, though nobody has asked it yet: the video is kept."""
    proxy = await start(latency=0.01, video={"poll-min-interval": 20, "poll-max-interval": 20})
    path = await running(proxy, OMNI)
    answer = await proxy.client.delete(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "video_in_progress")
    assert "Google has finished it" in answer.json()["error"]["message"]
    assert (await proxy.json(path))["status"] == "in_progress"


async def test_a_cancel_that_google_refuses(start: Start) -> None:
    """Its reason is the answer, and the job goes on."""
    proxy = await start(latency=60)
    path = await running(proxy, OMNI)
    proxy.google.faults.add(Fault(path="*/cancel", action=Status(status=503)))
    answer = await proxy.client.delete(path)
    assert answer.status_code == 503, answer.text
    assert (await proxy.json(path))["status"] == "in_progress"


async def test_who_waits_for_a_deleted_job_is_let_go(start: Start) -> None:
    """A chat completion ends with an error that names the job."""
    proxy = await start(latency=60)
    body = {"model": OMNI, "messages": [{"role": "user", "content": "a kite"}]}
    waiting = asyncio.create_task(proxy.client.post("/v1/chat/completions", json=body))
    async with asyncio.timeout(20):
        while not (jobs := (await proxy.json("/v1/videos"))["data"]) or "operation" not in jobs[0]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert (await proxy.client.delete(f"/v1/videos/{jobs[0]['id']}")).status_code == 200
    answer = await asyncio.wait_for(waiting, 30)
    assert answer.status_code in (404, 409), answer.text
    assert answer.json()["error"]["code"] in ("job_deleted", "job_cancelled")
    assert answer.json()["error"]["job_id"] == jobs[0]["id"]
