"""One upload by google-genai: what it sends, where it goes, and where it never does."""

import asyncio
import base64
import subprocess
import sys
from typing import Any

import pytest
from aiohttp import web

from proxy.credentials import load
from proxy.google_files.sender import UploadFailed, send
from proxy.simulator import running_simulator
from tests.proxy.conftest import Serve
from translators.content import Media
from translators.google_errors import Blame

MEDIA = Media(mime_type="image/png", data=base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 100).decode())


async def test_bytes_in_description_out() -> None:
    """Google's own words on the file."""
    async with running_simulator() as google:
        credential = load.gemini_api_key(google.api_key, base_url=google.base_url)
        file = await asyncio.to_thread(send, credential, MEDIA)
        [stored] = google.world.files._files.values()
        assert (file["name"], file["mimeType"], file["state"]) == (f"files/{stored.id}", "image/png", "ACTIVE")
        assert file["uri"] == f"{google.base_url}/v1beta/files/{stored.id}"
        assert stored.media == base64.b64decode(MEDIA.data)


async def test_the_credential_s_version_and_headers(serve: Serve) -> None:
    """A base URL with a version, headers of its own with every request; `$Name` copies nothing, as nobody asks."""
    seen: list[tuple[str, dict[str, str]]] = []

    async def relay(request: web.Request) -> web.Response:
        seen.append((request.path, {name.lower(): value for name, value in request.headers.items()}))
        await request.read()
        file = {"name": "files/a", "uri": "u", "state": "ACTIVE"}
        final = "take" in request.path
        headers = {"x-goog-upload-status": "final" if final else "active", "x-goog-upload-url": f"{base}/take"}
        return web.json_response({"file": file} if final else {}, headers=headers)

    base = await serve(relay)
    headers = {"x-team": "kites", "x-copied": "$X-Caller"}
    credential = load.gemini_api_key("k" * 20, base_url=f"{base}/v1", headers=headers)
    assert (await asyncio.to_thread(send, credential, MEDIA))["name"] == "files/a"
    assert [path for path, _ in seen] == ["/upload/v1/files", "/take"]
    assert all(one["x-team"] == "kites" and "x-copied" not in one for _, one in seen)
    assert seen[0][1]["x-goog-api-key"] == "k" * 20


async def test_the_forward_proxy(serve: Serve) -> None:
    """The credential's own, else the default one."""
    asked: list[str] = []

    async def forward(request: web.Request) -> web.Response:
        asked.append(str(request.raw_path))
        return web.json_response({"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}, status=400)

    proxy_url = await serve(forward)
    own = load.gemini_api_key("k" * 20, base_url="http://far.example", proxy_url=proxy_url)
    for credential, default in ((own, None), (load.gemini_api_key("k" * 20, base_url="http://far.example"), proxy_url)):
        with pytest.raises(UploadFailed):
            await asyncio.to_thread(send, credential, MEDIA, default_proxy_url=default)
    assert len(asked) == 2
    assert all("far.example" in path for path in asked)


@pytest.mark.parametrize("way", ["redirect", "upload address"])
async def test_no_byte_and_no_key_goes_elsewhere(serve: Serve, way: str) -> None:
    """Neither along a redirect nor to the address that an answer names for the bytes."""
    hits: list[Any] = []

    async def elsewhere(request: web.Request) -> web.Response:
        hits.append(request.headers)
        return web.json_response({}, headers={"x-goog-upload-status": "final"})

    stranger = await serve(elsewhere)

    async def relay(_: web.Request) -> web.Response:
        if way == "redirect":
            return web.Response(status=307, headers={"location": f"{stranger}/upload"})
        return web.json_response(
            {}, headers={"x-goog-upload-url": f"{stranger}/take", "x-goog-upload-status": "active"}
        )

    credential = load.gemini_api_key("k" * 20, base_url=await serve(relay))
    with pytest.raises(UploadFailed):
        await asyncio.to_thread(send, credential, MEDIA)
    assert hits == []


async def test_it_is_sent_once(serve: Serve) -> None:
    """A 503 is told and not repeated; a host that is not there is a matter of the way."""
    hits: list[str] = []

    async def busy(request: web.Request) -> web.Response:
        hits.append(request.path)
        error = {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}
        return web.json_response({"error": error}, status=503)

    credential = load.gemini_api_key("k" * 20, base_url=await serve(busy))
    with pytest.raises(UploadFailed) as refused:
        await asyncio.to_thread(send, credential, MEDIA)
    assert (len(hits), refused.value.verdict.error.status) == (1, 503)

    nowhere = load.gemini_api_key("k" * 20, base_url="http://127.0.0.1:9")
    with pytest.raises(UploadFailed) as unreachable:
        await asyncio.to_thread(send, nowhere, MEDIA)
    verdict = unreachable.value.verdict
    assert (verdict.blame, verdict.accepted, verdict.error.code) == (Blame.UPSTREAM, "no", "upload_failed")
    assert "k" * 20 not in str(unreachable.value)


def test_google_genai_is_not_imported_before_it_is_needed() -> None:
    """It takes a second and 50 MB (google-genai 3.4.0)."""
    code = "import proxy.app, sys; sys.exit('google.genai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
