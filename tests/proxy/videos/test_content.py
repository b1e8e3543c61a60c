"""The file of a job: ranges, validators, several videos, and the answers when there is none."""

from .conftest import SMALL, VEO, Proxy, Start


async def made(proxy: Proxy, **body: object) -> str:
    """The address of a finished job."""
    created = await proxy.client.post("/v1/videos", json={"model": VEO, "prompt": "a kite", **SMALL[VEO], **body})
    assert created.status_code == 200, created.text
    path = f"/v1/videos/{created.json()['id']}"
    ended = await proxy.ended(path)
    assert ended["status"] == "completed", ended
    return path


async def test_ranges_and_validators(start: Start) -> None:
    """What a player and a download manager ask for."""
    proxy = await start()
    content = f"{await made(proxy)}/content"
    whole = await proxy.client.get(content, headers={"accept": "application/binary"})
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    size = len(whole.content)
    part = await proxy.client.get(content, headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["content-range"] == f"bytes 4-7/{size}"
    beyond = await proxy.client.get(content, headers={"range": f"bytes={size}-"})
    assert beyond.status_code == 416
    same = await proxy.client.get(content, headers={"if-none-match": whole.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    head = await proxy.client.head(content)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(size), b"")


async def test_pictures_have_validators(start: Start) -> None:
    """They are not drawn again for who has them."""
    proxy = await start()
    content = f"{await made(proxy)}/content?variant=thumbnail"
    first = await proxy.client.get(content)
    assert first.headers["content-type"] == "image/webp"
    again = await proxy.client.get(content, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    wrong = await proxy.client.get(content.replace("thumbnail", "poster"))
    assert (wrong.status_code, wrong.json()["error"]["param"]) == (400, "variant")


async def test_several_videos(start: Start) -> None:
    """`index` tells them apart, and past the last the answer says how many there are."""
    proxy = await start()
    path = await made(proxy, n=2)
    first = await proxy.client.get(f"{path}/content")
    zeroth = await proxy.client.get(f"{path}/content?index=0")
    second = await proxy.client.get(f"{path}/content?index=1")
    third = await proxy.client.get(f"{path}/content?index=2")
    assert first.headers["etag"] == zeroth.headers["etag"] != second.headers["etag"]
    assert (third.status_code, third.json()["error"]["param"]) == (400, "index")
    assert "from 0 to 1" in third.json()["error"]["message"]


async def test_not_ready(start: Start) -> None:
    """At once, with the time to look again, and no automatic retry of the download."""
    proxy = await start(latency=60)
    created = await proxy.client.post("/v1/videos", json={"model": VEO, "prompt": "a kite"})
    answer = await proxy.client.get(f"/v1/videos/{created.json()['id']}/content")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "video_not_ready")
    assert int(answer.headers["openai-poll-after-ms"]) >= 250
    assert answer.headers["x-should-retry"] == "false"

    in_openrouters = await proxy.client.get(f"/api/v1/videos/{created.json()['id']}/content")
    assert (in_openrouters.status_code, in_openrouters.json()["error"]["code"]) == (409, 409)
    assert int(in_openrouters.headers["openai-poll-after-ms"]) >= 250


async def test_no_longer_kept(start: Start) -> None:
    """The job is remembered longer than its file: 404 with the reason, for the content and as a source."""
    proxy = await start()
    path = await made(proxy)
    for file in proxy.media_folder.iterdir():
        file.unlink()
    answer = await proxy.client.get(f"{path}/content")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "video_expired")
    assert "kept until" in answer.json()["error"]["message"]
    assert (await proxy.json(path))["status"] == "completed"
