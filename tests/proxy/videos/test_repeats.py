"""A repeat joins the job of the request that it repeats; a second wish is a second job."""

from typing import Any

from .conftest import VEO, Proxy, Start

BODY = {"model": VEO, "prompt": "a kite", "seconds": "4"}


async def created(proxy: Proxy, headers: dict[str, str] | None = None, **body: Any) -> str:
    """The id of the job that this request gets."""
    answer = await proxy.client.post("/v1/videos", json={**BODY, **body}, headers=headers)
    assert answer.status_code == 200, answer.text
    video_id: str = answer.json()["id"]
    return video_id


async def test_the_same_request_twice_is_two_wishes(start: Start) -> None:
    """Nothing marks the second as a repeat."""
    proxy = await start(latency=60)
    assert await created(proxy) != await created(proxy)


async def test_a_marked_retry_joins(start: Start) -> None:
    """openai-python and openai-node count their own retries."""
    proxy = await start(latency=60)
    first = await created(proxy)
    assert await created(proxy, {"x-stainless-retry-count": "1"}) == first
    assert await created(proxy, {"x-stainless-retry-count": "1"}, prompt="another") != first


async def test_an_idempotency_key_joins(start: Start) -> None:
    """Whatever the spelling; and another request under the same key is a conflict."""
    proxy = await start(latency=60)
    key = {"idempotency-key": "k-1"}
    first = await created(proxy, key)
    assert await created(proxy, key, seconds=4) == first
    other = await proxy.client.post("/v1/videos", json={**BODY, "prompt": "another"}, headers=key)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_key_reused")
    assert other.headers["x-should-retry"] == "false"
    assert len((await proxy.json("/v1/videos"))["data"]) == 1
