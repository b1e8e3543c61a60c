"""/media/<name>, and chat completions that answer with such links."""

from typing import Any

from .conftest import OMNI, Proxy, Start


async def chat(proxy: Proxy, **config: Any) -> dict[str, Any]:
    """The message of a chat completion that is a small video."""
    answer = await proxy.client.post(
        "/v1/chat/completions",
        json={
            "model": OMNI,
            "messages": [{"role": "user", "content": "a kite"}],
            "video_config": {"duration": 3, "resolution": "360p", **config},
        },
    )
    assert answer.status_code == 200, answer.text
    message: dict[str, Any] = answer.json()["choices"][0]["message"]
    return message


async def test_a_link_needs_no_key(start: Start) -> None:
    """GET, HEAD and ranges, for any page; the name cannot be guessed."""
    proxy = await start()
    url = (await chat(proxy, delivery="url"))["videos"][0]["video_url"]["url"]
    assert url.startswith(f"{proxy.base_url}/media/")
    assert url.endswith(".mp4")
    assert len(url.rpartition("/")[2]) >= 32
    nobody = {"authorization": "", "origin": "https://chat.example"}
    whole = await proxy.client.get(url, headers=nobody)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert whole.headers["access-control-allow-origin"] == "*"
    head = await proxy.client.head(url, headers=nobody)
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole.content)))
    part = await proxy.client.get(url, headers={**nobody, "range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert (await proxy.client.get(url, headers={"if-none-match": whole.headers["etag"]})).status_code == 304


async def test_links_expire(start: Start) -> None:
    """After `media.url-lifetime`; names that never were are 404 too."""
    proxy = await start()
    url = (await chat(proxy, delivery="url"))["videos"][0]["video_url"]["url"]
    proxy.later(days=2)
    expired = await proxy.client.get(url)
    assert (expired.status_code, expired.json()["error"]["code"]) == (404, "media_link_expired")
    for name in ("x.mp4", "..%2Fjobs.sqlite3", f"{'a' * 32}.mp4"):
        assert (await proxy.client.get(f"/media/{name}")).status_code == 404
    assert proxy.stored() != []


async def test_a_callers_own_delivery(start: Start) -> None:
    """The key's setting beats the server's, and the request beats the key's."""
    proxy = await start(alice={"delivery": "url"})
    assert (await chat(proxy))["videos"][0]["video_url"]["url"].startswith("http://")
    assert (await chat(proxy, delivery="data"))["videos"][0]["video_url"]["url"].startswith("data:video/mp4;base64,")


async def test_the_servers_delivery(start: Start) -> None:
    """`video.delivery: url` under `public-base-url`."""
    proxy = await start(
        **{
            "video": {"delivery": "url", "poll-min-interval": 0.05, "poll-max-interval": 0.3},
            "public-base-url": "https://media.example/",
        }
    )
    assert (await chat(proxy))["videos"][0]["video_url"]["url"].startswith("https://media.example/media/")


async def test_markdown_for_chat_front_ends(start: Start) -> None:
    """A link that NextChat plays and a block that Open WebUI plays; the file stays in `videos`."""
    proxy = await start(chat={"video-content": "markdown"})
    message = await chat(proxy)
    content = message["content"]
    url = content.partition("](")[2].partition(")")[0]
    assert url.startswith(f"{proxy.base_url}/media/")
    assert f"[video.mp4]({url})\n\n" in content
    assert f'<video controls src="{url}">\n{url}\n</video>' in content
    assert (await proxy.client.get(url, headers={"authorization": ""})).status_code == 200
    assert message["videos"][0]["video_url"]["url"].startswith("data:")
