"""Bodies whose pictures are read beside the parser: Google gets the same bytes, the caller the same errors."""

import base64
import json
import os
from typing import Any

import pytest
from aiohttp import web

from proxy.credentials import load
from proxy.routes.large_body import LARGE
from tests.proxy.jobs.bench import entry, google_key
from translators.chat.parse import parse_chat_completion
from translators.errors import BadRequest

MODEL = "gemini-2.5-flash"
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + os.urandom(LARGE)).decode()
URI = f"data:image/png;base64,{PICTURE}"


def asked(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"model": MODEL, "messages": [{"role": "user", "content": [{"type": "text", "text": "See?"}, *parts]}]}


def shown(url: str = URI) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def inline(google) -> list[str]:
    body = google.requests_for("generateContent")[-1].body
    return [part["inlineData"]["data"] for part in body["contents"][0]["parts"] if "inlineData" in part]


async def posted(proxy, content: bytes, path: str = "/v1/chat/completions"):
    return await proxy.client.post(path, content=content, headers={"content-type": "application/json"})


@pytest.mark.parametrize("escape", ["/", "\\/", "\\u002f"])
async def test_pictures_arrive_as_they_were_sent(start, escape: str) -> None:
    """Two of them, however their slashes are written."""
    google, proxy = await start(lambda google: [google_key(google)])
    second = PICTURE[::-1].replace("=", "A")
    content = json.dumps(asked(shown(), shown(f"data:image/png;base64,{second}"))).replace("/", escape).encode()
    answer = await posted(proxy, content)
    assert answer.status_code == 200, answer.text
    assert inline(google) == [PICTURE, second]


async def test_the_other_protocols_too(start) -> None:
    """Responses, Messages, and Google's own."""
    google, proxy = await start(lambda google: [google_key(google)])
    source = {"type": "base64", "media_type": "image/png", "data": PICTURE}
    bodies = {
        "/v1/responses": {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": URI}]}]},
        "/v1/messages": {
            "max_tokens": 100,
            "messages": [{"role": "user", "content": [{"type": "image", "source": source}]}],
        },
    }
    for path, body in bodies.items():
        answer = await posted(proxy, json.dumps({"model": MODEL, **body}).encode(), path)
        assert answer.status_code == 200, answer.text
        assert inline(google) == [PICTURE]
    native = {"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": PICTURE}}]}]}
    answer = await posted(proxy, json.dumps(native).encode(), f"/v1beta/models/{MODEL}:generateContent")
    assert answer.status_code == 200, answer.text
    assert google.requests_for("generateContent")[-1].body == native


WRONG = {
    "a wrong type": json.dumps(asked(shown(), {"type": "image_url", "image_url": 7})),
    "an unknown part": json.dumps(asked(shown(), {"type": "hologram"})),
    "a picture for a type": json.dumps(asked({"type": URI})),
    "a picture for a number": json.dumps({**asked(), "n": URI}),
    "a text of a picture's size for a number": json.dumps({**asked(shown()), "temperature": "hot"}),
    "no number": json.dumps({**asked(shown()), "temperature": float("nan")}),
    "a control character": json.dumps(asked(shown())).replace(PICTURE, PICTURE[:-4] + "\n" + PICTURE[-4:]),
    "an escape that is none": json.dumps(asked(shown())).replace(PICTURE, PICTURE[:-4] + "\\x"),
    "half a body": json.dumps(asked(shown()))[:-200],
    "too much": json.dumps(asked(shown())) + "}",
    "no messages": json.dumps({"model": MODEL, "input": URI}),
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
async def test_what_is_wrong_is_said_of_the_whole_body(start, body: str) -> None:
    """Word for word what the parser says of it; nothing is sent."""
    google, proxy = await start(lambda google: [google_key(google)])
    with pytest.raises(BadRequest) as told:
        parse_chat_completion(body.encode())
    answer = await posted(proxy, body.encode())
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["message"], error["param"], error["code"]) == (
        told.value.message,
        told.value.param,
        told.value.code,
    )
    assert not google.requests_for("generateContent")


NO_BASE64 = [PICTURE[:-1], PICTURE[:-1] + "é", PICTURE + "\n", PICTURE + "====", f"{PICTURE[:-9]}-aaaaaaaa"]


@pytest.mark.parametrize("data", NO_BASE64, ids=["cut", "foreign", "line break", "padding", "url-safe"])
async def test_what_is_no_base64_is_refused_as_ever(start, data: str) -> None:
    """At its place, and nothing is sent."""
    google, proxy = await start(lambda google: [google_key(google)])
    answer = await posted(proxy, json.dumps(asked(shown(f"data:image/png;base64,{data}"))).encode())
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "messages[0].content[1].image_url.url"
    assert "not valid base64" in answer.json()["error"]["message"]
    assert not google.requests_for("generateContent")


@pytest.mark.parametrize("stream", [False, True])
async def test_a_large_picture_comes_back_whole_either_way(start, serve, stream: bool) -> None:
    """As one JSON and as one event, to the last character."""
    part = {"inlineData": {"mimeType": "image/png", "data": PICTURE}}
    told = json.dumps({"candidates": [{"content": {"parts": [part]}, "finishReason": "STOP", "index": 0}]})

    async def handle(request: web.Request) -> web.StreamResponse:
        await request.read()
        if "stream" not in request.path:
            return web.Response(text=told, content_type="application/json")
        return web.Response(text=f"data: {told}\r\n\r\n", content_type="text/event-stream")

    upstream = await serve(handle)
    _, proxy = await start(
        lambda google: [entry(load.gemini_api_key(google.api_key, base_url=upstream), simulated=True)]
    )
    body = {"model": "gemini-nano-banana-2.1", "messages": [{"role": "user", "content": "a tree"}]}
    if stream:
        chunks = [chunk for chunk in await proxy.chunks({**body, "stream": True}) if isinstance(chunk, dict)]
        images = [image for chunk in chunks for image in chunk["choices"][0]["delta"].get("images", [])]
    else:
        images = (await proxy.ask(body)).json()["choices"][0]["message"]["images"]
    assert [image["image_url"]["url"] for image in images] == [URI]
