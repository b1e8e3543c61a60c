"""/api/v1/videos, as OpenRouter's clients use it."""

from .conftest import OMNI, SMALL, VEO, Start

SMALL_OMNI = {"model": OMNI, "prompt": "a kite", "duration": 3, "resolution": "360p", "aspect_ratio": "16:9"}


async def test_create_poll_and_download(start: Start) -> None:
    """202 with the address to poll; then the files, which need no key, and the cost."""
    proxy = await start()
    created = await proxy.client.post("/api/v1/videos", json=SMALL_OMNI)
    assert created.status_code == 202, created.text
    assert created.json()["status"] == "pending"
    assert created.json()["polling_url"] == f"{proxy.base_url}/api/v1/videos/{created.json()['id']}"
    ended = await proxy.ended(created.json()["polling_url"])
    assert ended["status"] == "completed", ended
    assert ended["usage"]["cost"] > 0
    [url] = ended["unsigned_urls"]
    without_key = await proxy.client.get(url, headers={"authorization": ""})
    assert (without_key.status_code, without_key.content[4:8]) == (200, b"ftyp")
    content = await proxy.client.get(f"/api/v1/videos/{ended['id']}/content?index=0")
    assert content.content == without_key.content
    assert (await proxy.json(f"/v1/videos/{ended['id']}"))["status"] == "completed"


async def test_the_video_itself_instead_of_its_address(start: Start) -> None:
    """AI SDK's download takes no private address, but data URIs."""
    proxy = await start()
    created = await proxy.client.post("/api/v1/videos", json={**SMALL_OMNI, "delivery": "data"})
    ended = await proxy.ended(f"/api/v1/videos/{created.json()['id']}")
    assert ended["unsigned_urls"][0].startswith("data:video/mp4;base64,")


async def test_a_key_of_which_every_video_comes_as_data(start: Start) -> None:
    """Clients that can say nothing have it said by their key; what the request says goes before it."""
    proxy = await start(alice={"delivery": "data"})
    for said, begins in (({}, "data:video/mp4;base64,"), ({"delivery": "url"}, f"{proxy.base_url}/media/")):
        created = await proxy.client.post("/api/v1/videos", json={**SMALL_OMNI, **said})
        ended = await proxy.ended(f"/api/v1/videos/{created.json()['id']}")
        assert ended["unsigned_urls"][0].startswith(begins)


async def test_expired_links_give_way_to_the_content_route(start: Start) -> None:
    """The owner still gets the file, with the key."""
    proxy = await start(media={"url-lifetime": "1s", "retention": "7d"})
    created = await proxy.client.post("/api/v1/videos", json=SMALL_OMNI)
    path = f"/api/v1/videos/{created.json()['id']}"
    link = (await proxy.ended(path))["unsigned_urls"][0]
    proxy.later(seconds=2)
    gone = await proxy.client.get(link, headers={"authorization": ""})
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "media_link_expired")
    [url] = (await proxy.json(path))["unsigned_urls"]
    assert url == f"{proxy.base_url}{path}/content?index=0"
    assert (await proxy.client.get(url)).status_code == 200


async def test_errors_are_openrouters(start: Start) -> None:
    """A number for a code, the rest under `metadata`."""
    proxy = await start()
    refused = await proxy.client.post("/api/v1/videos", json={"model": VEO, "prompt": "a kite", "duration": 5})
    error = refused.json()["error"]
    assert (refused.status_code, error["code"], error["metadata"]["param"]) == (400, 400, "duration")
    missing = await proxy.client.get("/api/v1/videos/video_unknown")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, 404)


async def test_models(start: Start) -> None:
    """Video models only, with what they can do."""
    proxy = await start()
    entries = {entry["id"]: entry for entry in (await proxy.json("/api/v1/videos/models"))["data"]}
    assert entries[VEO]["supported_durations"] == [4, 6, 8]
    assert OMNI in entries
    assert not any("image" in name for name in entries)


async def test_both_forms_show_the_same_jobs(start: Start) -> None:
    """One ledger."""
    proxy = await start()
    created = await proxy.client.post("/v1/videos", json={"model": OMNI, "prompt": "a kite", **SMALL[OMNI]})
    ended = await proxy.ended(f"/api/v1/videos/{created.json()['id']}")
    assert (ended["status"], ended["generation_id"]) == ("completed", created.json()["id"])
