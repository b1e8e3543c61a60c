"""Files through the proxy as google-genai uploads, uses, lists and deletes them, and as the protocol's words say."""

import asyncio
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiohttp import web
from google.genai import errors, types
from PIL import Image

from proxy.credentials import load
from tests.clients.install import OLD_GOOGLE_GENAI
from tests.proxy.conftest import Serve
from tests.proxy.e2e.serving import running_proxy, until
from tests.proxy.jobs.bench import entry, google_key, vertex

from .conftest import OMNI, TEXT, Both, Start

pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    # google-genai 3.4.0 hands aiohttp pieces of 8 MiB.
    pytest.mark.filterwarnings("ignore:Sending a large body directly:ResourceWarning"),
]
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100
START = {
    "x-goog-upload-protocol": "resumable",
    "x-goog-upload-command": "start",
    "x-goog-upload-header-content-type": "image/png",
}


def sent(both: Both, verb: str) -> int:
    return len(both.google.requests_for(verb))


async def uploaded(both: Both, who: str = "alice", data: bytes = PNG, **described: str) -> dict[str, Any]:
    """A file, uploaded in one piece."""
    begun = await both.post("/upload/v1beta/files", {"file": described}, who, **START)
    assert begun.status_code == 200, begun.text
    ended = await both.proxy.client.post(
        begun.headers["x-goog-upload-url"],
        content=data,
        headers={"x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0"},
    )
    assert ended.status_code == 200, ended.text
    assert ended.headers["x-goog-upload-status"] == "final"
    told: dict[str, Any] = ended.json()["file"]
    return told


def asking(uri: str) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": uri}}, {"text": "what is it?"}]}]}


@pytest.mark.parametrize("sync", [False, True])
async def test_google_genai_from_the_upload_to_the_answer(start: Start, sync: bool, tmp_path: Path) -> None:
    """upload, get, list, generate_content, download, delete; the key stays home and the pieces come whole."""
    both = await start(lambda google: [google_key(google)])
    client = both.api_key_client()
    path = tmp_path / "kite.png"
    path.write_bytes(PNG + b"y" * 9 * 2**20)

    def all_of_it() -> tuple[Any, ...]:
        file = client.files.upload(file=path, config={"display_name": "a kite"})
        found = client.files.get(name=file.name)
        names = [one.name for one in client.files.list()]
        text = client.models.generate_content(model=TEXT, contents=["what is it?", file]).text
        with pytest.raises(errors.ClientError):
            client.files.download(file=file.name)
        client.files.delete(name=file.name)
        return file, found, names, text, [one.name for one in client.files.list()]

    async def all_of_it_async() -> tuple[Any, ...]:
        async with client.aio as aio:
            file = await aio.files.upload(file=path, config={"display_name": "a kite"})
            found = await aio.files.get(name=file.name)
            names = [one.name async for one in await aio.files.list()]
            text = (await aio.models.generate_content(model=TEXT, contents=["what is it?", file])).text
            with pytest.raises(errors.ClientError):
                await aio.files.download(file=file.name)
            await aio.files.delete(name=file.name)
            return file, found, names, text, [one.name async for one in await aio.files.list()]

    file, found, names, text, left = await (asyncio.to_thread(all_of_it) if sync else all_of_it_async())
    client.close()

    assert file.uri.startswith(f"{both.proxy.base_url}/v1beta/files/")
    assert (found.size_bytes, found.display_name, found.mime_type) == (path.stat().st_size, "a kite", "image/png")
    assert (names, left) == ([file.name], [])
    assert text
    assert sent(both, "uploadChunk") == 2
    asked = both.google.requests_for("generateContent")[-1]
    assert both.google.base_url in json.dumps(asked.body)
    assert both.proxy.base_url not in json.dumps(asked.body)
    assert both.keys["alice"] not in json.dumps([dict(one.headers) for one in both.google.requests])


async def test_old_google_genai_uploads(start: Start) -> None:
    """2.19: upload, list, generate_content, delete."""
    both = await start(lambda google: [google_key(google)])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("old_sdk_files.py")),
        both.proxy.base_url,
        TEXT,
        env={**os.environ, "PYTHONPATH": str(OLD_GOOGLE_GENAI.installed()), "CALLER_KEY": both.keys["alice"]},
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    told = json.loads(out)
    assert told["version"] == "2.19.0"
    assert told["listed"] == [told["name"]]
    assert told["text"]
    assert told["left"] == []


async def test_the_upload_address_is_the_proxys_and_holds_no_key(start: Start) -> None:
    """Google's own address and everybody's keys stay here; the pieces need no key, as at Google."""
    both = await start(lambda google: [google_key(google)])
    begun = await both.post("/upload/v1beta/files", {"file": {}}, **START)
    address = begun.headers["x-goog-upload-url"]
    assert address.startswith(f"{both.proxy.base_url}/upload/v1beta/files?upload_id=")
    for secret in (both.google.api_key, both.keys["alice"], both.google.base_url):
        assert secret not in str(begun.headers)
    kept = "".join(path.read_text() for path in (both.proxy.data_dir / "uploads").iterdir())
    assert both.google.api_key not in kept
    assert [path.stat().st_mode & 0o777 for path in (both.proxy.data_dir / "uploads").iterdir()] == [0o600]


async def test_pieces_questions_and_giving_up(start: Start) -> None:
    """An upload in two pieces, asked about in between; another one cancelled."""
    both = await start(lambda google: [google_key(google)])
    address = (await both.post("/upload/v1beta/files", {"file": {}}, **START)).headers["x-goog-upload-url"]

    async def command(words: str, content: bytes = b"", offset: int = 0, to: str = address) -> Any:
        headers = {"x-goog-upload-command": words, "x-goog-upload-offset": str(offset)}
        return await both.proxy.client.put(to, content=content, headers=headers)

    first = await command("upload", b"a" * 262144)
    asked = await command("query")
    wrong = await command("upload", b"b", 7)
    last = await command("upload, finalize", b"b", 262144)
    again = await command("query")
    other = (await both.post("/upload/v1beta/files", {}, **START)).headers["x-goog-upload-url"]
    cancelled = await command("cancel", to=other)

    assert (first.status_code, first.headers["x-goog-upload-status"]) == (200, "active")
    assert asked.headers["x-goog-upload-size-received"] == "262144"
    assert wrong.status_code == 400
    assert last.json()["file"]["sizeBytes"] == "262145"
    assert again.status_code == 404
    assert cancelled.headers["x-goog-upload-status"] == "cancelled"
    assert (await command("upload", to=other)).status_code == 404
    assert (await command("dance")).status_code in (400, 404)


@pytest.mark.parametrize("by", ["header", "query"])
async def test_multipart(start: Start, by: str) -> None:
    """The description, then the bytes, in one request; the wanted name is the caller's own and not Google's."""
    both = await start(lambda google: [google_key(google)])
    described = json.dumps({"file": {"name": "files/my-kite", "displayName": "a kite"}}).encode()
    body = (
        b"--=_b\r\nContent-Type: application/json; charset=utf-8\r\n\r\n" + described
        + b"\r\n--=_b\r\nContent-Type: image/png\r\n\r\n" + PNG + b"\r\n--=_b--"
    )  # fmt: skip
    headers = {**both.headers(), "content-type": "multipart/related; boundary==_b"}
    if by == "header":
        headers["x-goog-upload-protocol"] = "multipart"
    params = {"uploadType": "multipart"} if by == "query" else {}
    answer = await both.proxy.client.post("/upload/v1beta/files", content=body, headers=headers, params=params)
    assert answer.status_code == 200, answer.text
    file = answer.json()["file"]
    assert (file["name"], file["mimeType"], file["sizeBytes"]) == ("files/my-kite", "image/png", str(len(PNG)))
    assert not any("my-kite" in name for name in both.google.world.files._files)
    assert (await both.get("/v1beta/files/my-kite")).json()["displayName"] == "a kite"
    asked = await both.post(f"/v1beta/models/{TEXT}:generateContent", asking(file["uri"]))
    assert asked.status_code == 200, asked.text


async def test_raw(start: Start) -> None:
    """The bytes alone."""
    both = await start(lambda google: [google_key(google)])
    headers = {**both.headers(), "x-goog-upload-protocol": "raw", "x-goog-upload-header-content-type": "image/png"}
    answer = await both.proxy.client.post("/upload/v1beta/files", content=PNG, headers=headers)
    assert answer.json()["file"]["sizeBytes"] == str(len(PNG))


async def test_a_caller_meets_its_own_files_alone(start: Start) -> None:
    """Another caller's file is not listed, shown, deleted, downloaded or read by a model, by whatever name."""
    both = await start(lambda google: [google_key(google)])
    file = await uploaded(both)
    [google_id] = list(both.google.world.files._files)
    before = len(both.google.requests)
    assert (await both.get("/v1beta/files", "bob")).json() == {}
    assert (await both.get(f"/v1beta/{file['name']}", "bob")).status_code == 404
    assert (await both.get(f"/v1beta/{file['name']}:download?alt=media", "bob")).status_code == 404
    deleted = await both.proxy.client.delete(f"/v1beta/{file['name']}", headers=both.headers("bob"))
    assert deleted.status_code == 404
    names = (
        file["uri"], file["name"], f"https://generativelanguage.googleapis.com/v1beta/files/{google_id}",
        f"{both.google.base_url}/v1beta/files/{google_id}",
    )  # fmt: skip
    for uri in names:
        answer = await both.post(f"/v1beta/models/{TEXT}:generateContent", asking(uri), "bob")
        assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT"), uri
    assert len(both.google.requests) == before


async def test_two_callers_may_choose_one_name(start: Start) -> None:
    """Nobody learns that another has it; the same caller twice is told."""
    both = await start(lambda google: [google_key(google)])
    assert {(await uploaded(both, who, name="files/logo"))["name"] for who in ("alice", "bob")} == {"files/logo"}
    again = await both.post("/upload/v1beta/files", {"file": {"name": "files/logo"}}, **START)
    assert (again.status_code, again.json()["error"]["status"]) == (409, "ABORTED")


async def test_a_file_goes_with_its_credential(start: Start) -> None:
    """Two keys: every request that names the file is made by the one that uploaded it, whoever's turn it is."""
    both = await start(
        lambda google: [
            entry(load.gemini_api_key(key, base_url=google.base_url), simulated=True)
            for key in google.settings.api_keys
        ],
        api_keys=("AIzaSimFirstKeyOfTwo", "AIzaSimOtherKeyOfTwo"),
    )
    file = await uploaded(both)
    for _ in range(4):
        answer = await both.post(f"/v1beta/models/{TEXT}:generateContent", asking(file["uri"]))
        assert answer.status_code == 200, answer.text
    chat = {
        "model": TEXT,
        "messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": file["name"]}}]}],
    }
    for _ in range(4):
        assert (await both.proxy.ask(chat, **both.headers())).status_code == 200


async def test_pages(start: Start) -> None:
    """The newest first, so many at a time."""
    both = await start(lambda google: [google_key(google)])
    made = [(await uploaded(both))["name"] for _ in range(3)]
    first = (await both.get("/v1beta/files?pageSize=2")).json()
    second = (await both.get(f"/v1beta/files?pageSize=2&pageToken={first['nextPageToken']}")).json()
    assert [file["name"] for file in (*first["files"], *second["files"])] == made[::-1]
    assert "nextPageToken" not in second
    for query in ("pageSize=x", "pageSize=101", "pageToken=x"):
        assert (await both.get(f"/v1beta/files?{query}")).status_code == 400


async def test_a_file_that_google_keeps_no_longer(start: Start) -> None:
    """404, and it is listed no more."""
    both = await start(lambda google: [google_key(google)])
    file = await uploaded(both)
    [google_id] = list(both.google.world.files._files)
    both.google.world.files.expire(google_id)
    assert (await both.get(f"/v1beta/{file['name']}")).status_code == 404
    assert (await both.get("/v1beta/files")).json() == {}


async def test_vertex_has_no_file_api(start: Start) -> None:
    """Said at once, with the way out."""
    both = await start(lambda google: [vertex(google)])
    answer = await both.post("/upload/v1beta/files", {"file": {}}, **START)
    assert answer.status_code == 400
    assert "gs://" in answer.json()["error"]["message"]
    assert not both.google.requests


async def test_what_is_too_large_is_refused(start: Start) -> None:
    """By its stated length before anything is sent, and by its bytes while they come."""
    both = await start(lambda google: [google_key(google)], config={"uploads": {"max-file-bytes": 200}})
    stated = await both.post("/upload/v1beta/files", {}, **START, **{"x-goog-upload-header-content-length": "201"})
    assert stated.status_code == 413
    assert not both.google.requests
    address = (await both.post("/upload/v1beta/files", {}, **START)).headers["x-goog-upload-url"]

    async def pieces() -> Any:
        for _ in range(3):
            yield b"x" * 100

    headers = {"x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0"}
    streamed = await both.proxy.client.post(address, content=pieces(), headers=headers)
    assert streamed.status_code == 413
    # The proxy's own limit is no sign of a dead host.
    assert (await both.post("/upload/v1beta/files", {}, **START)).status_code == 200


async def test_an_address_elsewhere_gets_nothing(start: Start, serve: Serve) -> None:
    """A relay that names another host for the pieces: nothing is sent there, least of all the key."""
    hits: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        hits.append(request.path)
        return web.json_response({})

    stranger = await serve(elsewhere)

    async def relay(_: web.Request) -> web.Response:
        return web.json_response(
            {}, headers={"x-goog-upload-url": f"{stranger}/take", "x-goog-upload-status": "active"}
        )

    base = await serve(relay)
    both = await start(lambda google: [entry(load.gemini_api_key(google.api_key, base_url=base))])
    begun = await both.post("/upload/v1beta/files", {}, **START)
    headers = {"x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0"}
    answer = await both.proxy.client.post(begun.headers["x-goog-upload-url"], content=PNG, headers=headers)
    assert answer.status_code == 502
    assert hits == []


async def test_memory_stays_flat(start: Start, serve: Serve) -> None:
    """A piece passes through while it comes: Google has its beginning before the caller has sent its end."""
    first = asyncio.Event()

    async def google(request: web.Request) -> web.Response:
        if request.query.get("session"):
            async for _ in request.content.iter_any():
                first.set()
            file = {"name": "files/abc", "uri": f"{base}/v1beta/files/abc", "mimeType": "image/png"}
            return web.json_response({"file": file}, headers={"x-goog-upload-status": "final"})
        address = f"{base}/upload/v1beta/files?session=1"
        return web.json_response({}, headers={"x-goog-upload-url": address, "x-goog-upload-status": "active"})

    base = await serve(google)
    both = await start(lambda google: [entry(load.gemini_api_key(google.api_key, base_url=base))])
    address = (await both.post("/upload/v1beta/files", {}, **START)).headers["x-goog-upload-url"]

    async def pieces() -> Any:
        yield b"x" * 100_000
        await first.wait()
        yield b"x" * 100_000

    headers = {"x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0"}
    async with asyncio.timeout(20):
        answer = await both.proxy.client.post(address, content=pieces(), headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["file"]["uri"].startswith(both.proxy.base_url)


async def test_the_bodies_of_videos_take_an_upload(start: Start) -> None:
    """By the file's address or its name, in every form of asking: Omni is given Google's address."""
    both = await start(lambda google: [google_key(google), vertex(google)])
    picture = io.BytesIO()
    Image.new("RGB", (64, 36)).save(picture, "PNG")
    file = await uploaded(both, data=picture.getvalue())
    for image in (file["uri"], file["name"], {"file_id": file["name"]}):
        body = {
            "model": OMNI,
            "messages": [{"role": "user", "content": f"let it fly {image}"}],
            "video_config": {"image": image, "duration_seconds": 3},
        }
        answer = await both.proxy.ask(body, **both.headers())
        assert answer.status_code == 200, answer.text
    interaction = {
        "model": OMNI,
        "background": True,
        "input": [{"type": "image", "uri": file["uri"], "mime_type": "image/png"}, {"type": "text", "text": "fly"}],
        "response_format": {"type": "video", "duration": "3s"},
        "generation_config": {"video_config": {"task": "image_to_video"}},
    }
    assert (await both.post("/v1beta/interactions", interaction)).status_code == 200
    created = await both.post(
        "/v1/videos", {"model": OMNI, "prompt": "fly", "input_reference": {"file_id": file["name"]}}
    )
    assert created.status_code == 200, created.text
    made = both.google.requests_for("createInteraction")
    assert all(both.google.base_url in json.dumps(one.body) and one.surface == "gemini" for one in made)

    refused = await both.proxy.ask(
        {**body, "model": "veo-3.1-generate-001", "video_config": {"image": file["name"]}}, **both.headers()
    )
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "video_config.image")
    foreign = await both.proxy.ask(body, **both.headers("bob"))
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (400, "file_not_found")


@pytest.mark.parametrize("link", ["file_id", "file_url", "image_url"])
async def test_a_chat_completion_names_a_file(start: Start, link: str) -> None:
    """By name or address; where its credential does not serve the model, a 400 says why."""
    both = await start(lambda google: [google_key(google, excluded_models=("gemini-3*",)), vertex(google)])
    file = await uploaded(both)
    part: dict[str, Any] = {
        "file_id": {"type": "file", "file": {"file_id": file["name"]}},
        "file_url": {"type": "file", "file": {"file_url": file["uri"]}},
        "image_url": {"type": "image_url", "image_url": {"url": file["uri"]}},
    }[link]
    body = {"model": TEXT, "messages": [{"role": "user", "content": [part, {"type": "text", "text": "what is it?"}]}]}
    answer = await both.proxy.ask(body, **both.headers())
    assert answer.status_code == 200, answer.text
    data = both.google.requests_for("generateContent")[-1].body["contents"][0]["parts"][0]["fileData"]
    assert data["fileUri"].startswith(both.google.base_url)
    assert data["mimeType"] == "image/png"
    elsewhere = await both.proxy.ask({**body, "model": "gemini-3-flash-preview"}, **both.headers())
    assert elsewhere.status_code == 400, elsewhere.text
    foreign = await both.proxy.ask(body, **both.headers("bob"))
    assert foreign.status_code == 400
    assert foreign.json()["error"]["param"].startswith("messages[0].content[0]")


async def test_the_register_outlives_a_restart(start: Start, tmp_path: Path) -> None:
    """Another proxy on the same data directory knows the file, and an upload that had begun goes on there."""
    both = await start(lambda google: [google_key(google)])
    file = await uploaded(both)
    address = (await both.post("/upload/v1beta/files", {}, **START)).headers["x-goog-upload-url"]
    callers = [{"key": key, "name": who} for who, key in both.keys.items()]
    async with running_proxy(tmp_path, both.google, [google_key(both.google)], api_keys=callers) as other:
        shown = await other.client.get(f"/v1beta/{file['name']}", headers=both.headers())
        headers = {"x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0"}
        ended = await other.client.post(
            address.replace(both.proxy.base_url, other.base_url), content=PNG, headers=headers
        )
    assert shown.json()["name"] == file["name"]
    assert ended.status_code == 200


async def test_a_video_of_a_job_is_not_deleted_as_a_file(start: Start) -> None:
    """It goes with its job, and the refusal says how."""
    both = await start(lambda google: [google_key(google)])
    job_id, name = await _video(both)
    answer = await both.proxy.client.delete(f"/v1beta/{name}", headers=both.headers())
    assert answer.status_code == 400
    assert job_id in answer.json()["error"]["message"]
    assert (await both.get(f"/v1beta/{name}")).json()["state"] == types.FileState.ACTIVE


async def _video(both: Both) -> tuple[str, str]:
    """A finished job's id, and the name of its video in the Files API."""
    created = (await both.post("/v1/videos", {"model": OMNI, "prompt": "fly", "seconds": "4"})).json()

    async def done() -> bool:
        return bool((await both.get(f"/v1/videos/{created['id']}")).json()["status"] == "completed")

    await until(done)
    return created["id"], f"files/{created['id'].removeprefix('video_')}0"


async def test_a_name_means_an_upload_or_a_jobs_video(start: Start) -> None:
    """Whichever the caller has under it, by name or address, in every form of asking; the job's bytes go along."""
    both = await start(lambda google: [google_key(google)])
    job_id, video = await _video(both)
    upload = (await uploaded(both))["name"]
    address = f"{both.proxy.base_url}/v1beta/{video}"

    for named in (video, address):
        native = await both.post(f"/v1beta/models/{TEXT}:generateContent", asking(named))
        assert native.status_code == 200, native.text
        part = both.google.requests_for("generateContent")[-1].body["contents"][0]["parts"][0]
        assert part["inlineData"]["mimeType"] == "video/mp4"
        file = {"type": "file", "file": {"file_id" if named == video else "file_url": named}}
        chat = {"model": TEXT, "messages": [{"role": "user", "content": [file, {"type": "text", "text": "what?"}]}]}
        told = await both.proxy.ask(chat, **both.headers())
        assert told.status_code == 200, told.text
        part = both.google.requests_for("generateContent")[-1].body["contents"][0]["parts"][0]
        assert part["inlineData"]["mimeType"] == "video/mp4"
        edited = await both.post("/v1/videos", {"model": OMNI, "prompt": "slower", "video": named})
        assert edited.status_code == 200, edited.text
        assert edited.json()["remixed_from_video_id"] == job_id

    native = await both.post(f"/v1beta/models/{TEXT}:generateContent", asking(upload))
    assert native.status_code == 200, native.text
    part = both.google.requests_for("generateContent")[-1].body["contents"][0]["parts"][0]
    assert part["fileData"]["fileUri"].startswith(both.google.base_url)


@pytest.mark.parametrize("name", ["files/nothing", "files/" + "0" * 33, "files/NONE"])
async def test_a_name_of_nothing_says_so(start: Start, name: str) -> None:
    """And another caller's is nothing; in every form, before anything is sent."""
    both = await start(lambda google: [google_key(google)])
    file = {"type": "file", "file": {"file_id": name}}
    asked = [
        (f"/v1beta/models/{TEXT}:generateContent", asking(name)),
        ("/v1beta/interactions", {"model": TEXT, "input": [{"type": "image", "uri": name}]}),
        ("/v1/chat/completions", {"model": TEXT, "messages": [{"role": "user", "content": [file]}]}),
        ("/v1/videos", {"model": OMNI, "prompt": "slower", "video": name}),
        (
            "/v1beta/interactions",
            {
                "model": OMNI,
                "input": [{"type": "video", "uri": name}, {"type": "text", "text": "slower"}],
                "generation_config": {"video_config": {"task": "edit"}},
            },
        ),
    ]
    for path, body in asked:
        answer = await both.post(path, body)
        assert answer.status_code in (400, 404), (path, answer.text)
        assert name in answer.text or "video_" in answer.text
    assert sent(both, "generateContent") == sent(both, "createInteraction") == 0


async def test_another_callers_names_are_nobodys(start: Start) -> None:
    """An upload's and a video's alike."""
    both = await start(lambda google: [google_key(google)])
    _, video = await _video(both)
    upload = (await uploaded(both))["name"]
    for name in (video, upload):
        answer = await both.post(f"/v1beta/models/{TEXT}:generateContent", asking(name), "bob")
        assert answer.status_code in (400, 404), answer.text
    assert sent(both, "generateContent") == 0


async def test_an_interaction_without_video_names_files(start: Start) -> None:
    """Passed on with Google's own address of an upload, by the credential that has it."""
    both = await start(lambda google: [google_key(google)])
    upload = await uploaded(both)
    for named in (upload["name"], upload["uri"]):
        body = {"model": TEXT, "input": [{"type": "image", "uri": named}, {"type": "text", "text": "what is it?"}]}
        answer = await both.post("/v1beta/interactions", body)
        assert answer.status_code == 200, answer.text
        entry_sent = both.google.requests_for("createInteraction")[-1].body["input"][0]
        assert entry_sent["uri"].startswith(both.google.base_url)
        assert entry_sent["mime_type"] == "image/png"


async def test_openais_files_are_not_google_s(start: Start) -> None:
    """`/v1/files` is Google's list for Google's clients; OpenAI's are told where files go."""
    both = await start(lambda google: [google_key(google)])
    await uploaded(both)
    bearer = {"authorization": f"Bearer {both.keys['alice']}"}
    assert len((await both.get("/v1/files")).json()["files"]) == 1
    for method in ("GET", "POST"):
        answer = await both.proxy.client.request(method, "/v1/files", headers=bearer)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_url")
        assert "/upload/v1beta/files" in answer.json()["error"]["message"]


async def test_the_responses_api_names_a_file(start: Start) -> None:
    """`input_file.file_id`."""
    both = await start(lambda google: [google_key(google)])
    file = await uploaded(both)
    body = {
        "model": TEXT,
        "input": [{"role": "user", "content": [
            {"type": "input_file", "file_id": file["name"]}, {"type": "input_text", "text": "what is it?"},
        ]}],
    }  # fmt: skip
    answer = await both.proxy.client.post("/v1/responses", json=body, headers=both.headers())
    assert answer.status_code == 200, answer.text
    asked = both.google.requests_for("generateContent")[-1]
    assert "fileData" in json.dumps(asked.body)


async def test_callers_who_hang_up_are_no_sign_of_a_dead_host(start: Start) -> None:
    """Many uploads that break off, and the next request is served: the circuit to Google stays closed."""
    both = await start(lambda google: [google_key(google)])
    for _ in range(8):
        address = (await both.post("/upload/v1beta/files", {}, **START)).headers["x-goog-upload-url"]
        parts = httpx2.URL(address)
        reader, writer = await asyncio.open_connection(parts.host, parts.port)
        head = f"POST {parts.raw_path.decode()} HTTP/1.1\r\nhost: {parts.host}\r\ncontent-length: 1000000\r\n"
        writer.write(f"{head}x-goog-upload-command: upload, finalize\r\n\r\n".encode() + b"x" * 1000)
        await writer.drain()
        await asyncio.sleep(0.02)  # the beginning is on its way
        writer.close()
        del reader
    answer = await both.post(f"/v1beta/models/{TEXT}:generateContent", asking("gs://b/x.png"))
    assert answer.status_code == 200, answer.text
    assert (await both.get("/v1beta/files")).json() == {}
