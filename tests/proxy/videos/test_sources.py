"""Building on a video made here: how it gets to each backend, and what is said where none can take it."""

import pytest

from .conftest import OMNI, SMALL, VEO, Proxy, Start


async def made(proxy: Proxy, model: str) -> str:
    """The id of a finished video."""
    created = await proxy.client.post("/v1/videos", json={"model": model, "prompt": "a kite", **SMALL[model]})
    assert created.status_code == 200, created.text
    video_id: str = created.json()["id"]
    assert (await proxy.ended(f"/v1/videos/{video_id}"))["status"] == "completed"
    return video_id


async def test_veo_on_vertex_extends_the_stored_copy(start: Start) -> None:
    """OpenAI's `{"id": ...}`; the model is the one that made it."""
    proxy = await start()
    video_id = await made(proxy, VEO)
    answer = await proxy.client.post("/v1/videos/extensions", json={"prompt": "and on", "video": {"id": video_id}})
    assert answer.status_code == 200, answer.text
    assert answer.json()["remixed_from_video_id"] == video_id
    ended = await proxy.ended(f"/v1/videos/{answer.json()['id']}")
    assert ended["status"] == "completed", ended
    instance = proxy.sent("predictLongRunning")[-1]["instances"][0]
    assert instance["video"]["mimeType"] == "video/mp4"
    assert instance["video"]["bytesBase64Encoded"]


async def test_veo_on_the_gemini_api_extends_googles_own_file(start: Start) -> None:
    """By its address, and by no copy."""
    proxy = await start(veo_on_gemini=True)
    video_id = await made(proxy, VEO)
    answer = await proxy.client.post("/v1/videos/extensions", json={"prompt": "and on", "video": video_id})
    assert answer.status_code == 200, answer.text
    assert (await proxy.ended(f"/v1/videos/{answer.json()['id']}"))["status"] == "completed"
    video = proxy.sent("predictLongRunning")[-1]["instances"][0]["video"]
    assert set(video) == {"uri"}
    assert "/files/" in video["uri"]


async def test_after_two_days_the_gemini_api_has_no_file_to_extend(start: Start) -> None:
    """The answer says why and what would work, and nothing is paid."""
    proxy = await start(veo_on_gemini=True)
    video_id = await made(proxy, VEO)
    proxy.later(days=3)
    answer = await proxy.client.post("/v1/videos/extensions", json={"prompt": "and on", "video": video_id})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "source_expired")
    assert "Veo on Vertex AI" in answer.json()["error"]["message"]
    assert len(proxy.google.submits) == 1


async def test_a_model_that_cannot_edit(start: Start) -> None:
    """The answer names those that can, and one of them does it."""
    proxy = await start()
    video_id = await made(proxy, VEO)
    refused = await proxy.client.post(f"/v1/videos/{video_id}/remix", json={"prompt": "make it night"})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "model")
    assert f"{VEO} cannot edit a video. Send `model` with one that can: {OMNI}" in refused.json()["error"]["message"]
    body = {"prompt": "make it night", "model": OMNI, "size": "640x360"}
    accepted = await proxy.client.post(f"/v1/videos/{video_id}/remix", json=body)
    assert (await proxy.ended(f"/v1/videos/{accepted.json()['id']}"))["status"] == "completed"


@pytest.mark.parametrize("path", ["/v1/videos/edits", "/v1/videos/extensions"])
async def test_a_source_that_is_not_there(start: Start, path: str) -> None:
    """404 that names the field; one that is not finished is a conflict."""
    proxy = await start(latency=60)
    missing = await proxy.client.post(path, json={"prompt": "x", "video": {"id": "video_unknown"}})
    assert (missing.status_code, missing.json()["error"]["param"]) == (404, "video")
    created = await proxy.client.post("/v1/videos", json={"model": OMNI, "prompt": "a kite"})
    early = await proxy.client.post(path, json={"prompt": "x", "video": {"id": created.json()["id"]}})
    assert (early.status_code, early.json()["error"]["code"]) == (409, "video_not_completed")


async def test_a_source_whose_file_is_gone(start: Start) -> None:
    """404 that says so."""
    proxy = await start()
    video_id = await made(proxy, OMNI)
    for file in proxy.media_folder.iterdir():
        file.unlink()
    answer = await proxy.client.post(f"/v1/videos/{video_id}/remix", json={"prompt": "make it night"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "video_expired")


@pytest.mark.parametrize(("model", "what"), [(OMNI, "edit"), (VEO, "extend")])
async def test_openrouters_previous_job(start: Start, model: str, what: str) -> None:
    """An edit where the model can, else an extension; and the caller is told which."""
    proxy = await start()
    video_id = await made(proxy, model)
    body = {"model": model, "prompt": "and on", "previous_job_id": video_id}
    answer = await proxy.client.post("/api/v1/videos", json=body)
    assert answer.status_code == 202, answer.text
    assert f"taken as a request to {what}" in answer.json()["warnings"][-1]
    assert (await proxy.ended(f"/api/v1/videos/{answer.json()['id']}"))["status"] == "completed"
