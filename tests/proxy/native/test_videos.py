"""A video from google-genai's request to the file, through jobs like all others."""

import asyncio
import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from google.genai import types

from proxy.simulator import Error, Fault, Filtered
from tests.clients.install import OLD_GOOGLE_GENAI
from tests.proxy.e2e.serving import decode, until
from tests.proxy.jobs.bench import google_key, relay, vertex

from .conftest import OMNI, VEO, Both, Start

pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The generate_videos method is deprecated"),
]
PREVIEW = "veo-3.1-generate-preview"
SHORT = {"durationSeconds": 4}
PLACE = "/v1beta1/projects/p/locations/us-central1/publishers/google"


def body(prompt: str = "a red kite", **instance: Any) -> dict[str, Any]:
    return {"instances": [{"prompt": prompt, **instance}], "parameters": SHORT}


def decoded(data: bytes) -> Any:
    return decode("data:video/mp4;base64," + base64.b64encode(data).decode())


async def ended(both: Both, name: str, who: str = "alice") -> dict[str, Any]:
    """The operation, once it is done."""

    async def done() -> Any:
        told = (await both.get(f"/v1beta/{name}", who)).json()
        return told if told.get("done") else None

    told: dict[str, Any] = await until(done)
    return told


@pytest.mark.parametrize("source", ["relay", "omni"])
async def test_old_google_genai(start: Start, source: str) -> None:
    """2.19 with an API key: generate_videos, operations.get, files.download; where Veo is gone, Omni makes it."""
    both = await start(lambda google: [relay(google) if source == "relay" else google_key(google)])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("old_sdk_client.py")),
        both.proxy.base_url,
        PREVIEW,
        env={**os.environ, "PYTHONPATH": str(OLD_GOOGLE_GENAI.installed()), "CALLER_KEY": both.keys["alice"]},
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    told = json.loads(out)
    assert (told["version"], told["head"]) == ("2.19.0", "ftyp")
    assert told["uri"].startswith(f"{both.proxy.base_url}/v1beta/files/")
    assert len(both.google.submits) == 1


@pytest.mark.parametrize("sync", [False, True])
async def test_google_genai_in_vertex_mode(start: Start, sync: bool) -> None:
    """3.4: predictLongRunning and fetchPredictOperation; the bytes come inline and play."""
    both = await start(lambda google: [vertex(google)])
    client = both.vertex_client()
    config = types.GenerateVideosConfig(duration_seconds=4)
    ask: dict[str, Any] = {"model": VEO, "source": types.GenerateVideosSource(prompt="a red kite"), "config": config}
    async with client.aio as aio:
        if sync:
            operation = await asyncio.to_thread(client.models.generate_videos, **ask)
        else:
            operation = await aio.models.generate_videos(**ask)

        async def done() -> Any:
            latest = (
                await asyncio.to_thread(client.operations.get, operation)
                if sync
                else await aio.operations.get(operation)
            )
            return latest if latest.done else None

        finished = await until(done)
    client.close()
    video = finished.response.generated_videos[0].video
    assert video.mime_type == "video/mp4"
    assert decoded(video.video_bytes).seconds == pytest.approx(4, abs=0.2)
    assert len(both.google.submits) == 1


async def test_the_file(start: Start) -> None:
    """Described, downloaded whole and in part; by nobody else."""
    both = await start(lambda google: [relay(google)])
    submitted = (await both.post(f"/v1beta/models/{VEO}:predictLongRunning", body())).json()
    assert set(submitted) == {"name"}
    told = await ended(both, submitted["name"])
    [sample] = told["response"]["generateVideoResponse"]["generatedSamples"]
    path = sample["video"]["uri"].removeprefix(both.proxy.base_url)
    whole = await both.get(path)
    part = await both.get(path, headers={"range": "bytes=4-7"})
    described = (await both.get(path.partition(":download")[0])).json()
    assert decoded(whole.content).seconds == pytest.approx(4, abs=0.2)
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert described["sizeBytes"] == str(len(whole.content))
    assert (described["state"], described["mimeType"]) == ("ACTIVE", "video/mp4")
    assert described["downloadUri"].endswith(path)
    assert (await both.get(path, "bob")).status_code == 404
    assert (await both.get(f"/v1beta/{submitted['name']}", "bob")).status_code == 404
    assert (await both.get(f"/v1beta/{submitted['name']}".replace(VEO, OMNI))).status_code == 404


@pytest.mark.parametrize("name", ["files/zzz", "files/", f"files/{'0' * 32}0:download", f"files/{'0' * 33}"])
async def test_no_such_file(start: Start, name: str) -> None:
    """404, in Google's shape."""
    both = await start(lambda google: [relay(google)])
    answer = await both.get(f"/v1beta/{name}")
    assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("action", "code", "word"), [(Filtered(), 3, "safety"), (Error(code=13, message="oops"), 13, "oops")]
)
async def test_a_video_that_is_not_made(start: Start, action: Any, code: int, word: str) -> None:
    """A done operation with a google.rpc.Status: a refused prompt is the caller's, a broken Google is not."""
    both = await start(lambda google: [vertex(google)])
    both.google.faults.add(Fault(verb="predictLongRunning", action=action))
    submitted = (await both.post(f"/v1beta/models/{VEO}:predictLongRunning", body())).json()
    told = await ended(both, submitted["name"])
    assert told["error"]["code"] == code
    assert word in told["error"]["message"].lower()
    assert "response" not in told


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"instances": [{"prompt": "x"}], "parameters": {"speed": 2}}, "parameters.speed"),
        ({"instances": [{"prompt": "x"}], "parameters": {"durationSeconds": 5}}, "parameters.durationSeconds"),
        ({"instances": [{"prompt": ""}]}, "instances[0].prompt"),
        ({"instances": [{"prompt": "x", "image": {"gcsUri": "https://10.0.0.1/x.png"}}]}, "instances[0].image"),
    ],
)
async def test_a_wrong_request_costs_nothing(start: Start, asked: Any, field: str) -> None:
    """400 with the caller's own name of the field, before anything is sent."""
    both = await start(lambda google: [vertex(google)])
    answer = await both.post(f"/v1beta/models/{VEO}:predictLongRunning", asked)
    told = answer.json()["error"]
    assert (answer.status_code, told["status"]) == (400, "INVALID_ARGUMENT")
    assert told["details"][0]["metadata"]["field"] == field
    assert not both.google.requests


async def test_an_image_model_makes_no_video(start: Start) -> None:
    """400."""
    both = await start(lambda google: [google_key(google)])
    answer = await both.post("/v1beta/models/gemini-2.5-flash:predictLongRunning", body())
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


async def test_to_a_bucket(start: Start) -> None:
    """Who names a bucket on Vertex AI gets the objects' names."""
    both = await start(lambda google: [vertex(google)])
    asked = {**body(), "parameters": {**SHORT, "storageUri": "gs://simulated-bucket/mine"}}
    name = (await both.post(f"{PLACE}/models/{VEO}:predictLongRunning", asked)).json()["name"]

    async def done() -> Any:
        told = (await both.post(f"{PLACE}/models/{VEO}:fetchPredictOperation", {"operationName": name})).json()
        return told if told.get("done") else None

    told = await until(done)
    assert "error" not in told, told
    [video] = told["response"]["videos"]
    assert video["gcsUri"].startswith("gs://simulated-bucket/mine/")
    assert video["mimeType"] == "video/mp4"


async def test_an_extension_of_our_own_file(start: Start) -> None:
    """The uri that the proxy gave out is the stored video of that job; nobody fetches it over the network."""
    both = await start(lambda google: [vertex(google)])
    first = (await both.post(f"/v1beta/models/{VEO}:predictLongRunning", body())).json()
    told = await ended(both, first["name"])
    uri = told["response"]["generateVideoResponse"]["generatedSamples"][0]["video"]["uri"]
    asked = {"instances": [{"prompt": "on and on", "video": {"uri": uri}}]}
    second = (await both.post(f"/v1beta/models/{VEO}:predictLongRunning", asked)).json()
    assert "error" not in await ended(both, second["name"])
    sent = both.google.requests_for("predictLongRunning")[-1].body["instances"][0]["video"]
    assert (
        base64.b64decode(sent["bytesBase64Encoded"]) == (await both.get(uri.removeprefix(both.proxy.base_url))).content
    )
    stolen = await both.post(f"/v1beta/models/{VEO}:predictLongRunning", asked, who="bob")
    assert stolen.status_code == 404


@pytest.mark.parametrize("told", [{}, {"operationName": 3}, {"operationName": "x"}])
async def test_no_operation_name(start: Start, told: Any) -> None:
    """400."""
    both = await start(lambda google: [vertex(google)])
    assert (await both.post(f"{PLACE}/models/{VEO}:fetchPredictOperation", told)).status_code == 400
