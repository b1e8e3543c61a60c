"""Everyone sees their own jobs only."""

from .conftest import VEO, Start


async def test_another_callers_job_is_not_there(start: Start) -> None:
    """Every address of it is 404, in a list it does not stand, and as a source it does not exist."""
    proxy = await start(latency=60)
    created = await proxy.client.post("/v1/videos", json={"model": VEO, "prompt": "a kite"})
    path, bob = f"/v1/videos/{created.json()['id']}", proxy.bearer("bob")
    answers = [
        await proxy.client.get(path, headers=bob),
        await proxy.client.get(f"{path}/content", headers=bob),
        await proxy.client.delete(path, headers=bob),
        await proxy.client.post(f"{path}/remix", headers=bob, json={"prompt": "x"}),
        await proxy.client.get(path.replace("/v1", "/api/v1"), headers=bob),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert (await proxy.json("/v1/videos", "bob"))["data"] == []
    after = await proxy.client.get("/v1/videos", params={"after": created.json()["id"]}, headers=bob)
    assert after.status_code == 400
    assert (await proxy.json(path))["status"] in ("queued", "in_progress")


async def test_without_a_key(start: Start) -> None:
    """401 everywhere but at the files' own links."""
    proxy = await start()
    nobody = {"authorization": ""}
    for method, path in (
        ("POST", "/v1/videos"),
        ("GET", "/v1/videos"),
        ("GET", "/v1/videos/video_1"),
        ("DELETE", "/v1/videos/video_1"),
        ("GET", "/v1/videos/video_1/content"),
        ("POST", "/api/v1/videos"),
        ("GET", "/api/v1/videos/models"),
    ):
        answer = await proxy.client.request(method, path, headers=nobody)
        assert answer.status_code == 401, (method, path)
    assert (await proxy.client.get("/media/nothing.mp4", headers=nobody)).status_code == 404
