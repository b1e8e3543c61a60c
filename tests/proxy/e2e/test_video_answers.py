"""The main job: a chat completion that comes back as a video, from every backend, whole and streamed."""

import base64
import os

import pytest

from proxy.simulator import Fault, Filtered
from tests.proxy.e2e.serving import VEO_PREVIEW, Decoded, a_video, decode, golden, stable
from tests.proxy.jobs.bench import BUCKET, OMNI, google_key, relay, vertex

UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"
"""Write the golden files anew instead of comparing; then read the diff."""

BACKENDS = {
    "relay": (relay, VEO_PREVIEW),
    "vertex-inline": (vertex, "veo-3.1-generate-001"),
    "vertex-bucket": (lambda google: vertex(google, storage_uri=BUCKET), "veo-3.1-generate-001"),
    "omni-gemini": (google_key, OMNI),
    "omni-vertex": (vertex, OMNI),
    "retired-gemini": (google_key, VEO_PREVIEW),
    "retired-vertex": (vertex, VEO_PREVIEW),
}
POLLS = {"getOperation", "fetchPredictOperation", "getInteraction"}


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_whole_answer(start, backend) -> None:
    """The answer's exact shape, the exact paid request, one submit, and an MP4 as it was asked for."""
    entry, model = BACKENDS[backend]
    google, proxy = await start(lambda google: [entry(google)])
    answer = await proxy.ask(a_video(model))

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"].startswith("req_")
    [paid] = [request for request in google.requests if request.accepted]
    told = stable({"path": paid.path, "google": paid.body, "answer": answer.json()})
    assert told == golden(f"whole-{backend}", told, update=UPDATE)
    [video] = answer.json()["choices"][0]["message"]["videos"]
    assert decode(video["video_url"]["url"]) == Decoded(seconds=4, width=1280, height=720, audio=True)
    assert len(google.submits) == 1


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_streamed_answer(start, backend) -> None:
    """Role, progress, text, videos, the end with usage and cost, [DONE]; comments keep the line alive."""
    entry, model = BACKENDS[backend]
    config = {"streaming": {"keepalive-seconds": 0.05}}
    google, proxy = await start(lambda google: [entry(google)], config=config, video_latency=0.4)
    events = await proxy.chunks(a_video(model))

    assert events[-1] == "[DONE]"
    assert ": keep-alive" in events
    chunks = [event for event in events[:-1] if not isinstance(event, str)]
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    progress = [delta["reasoning_content"] for delta in deltas if delta["reasoning_content"]]
    assert (deltas[0]["role"], deltas[0]["content"]) == ("assistant", "")
    assert progress
    assert all("video_" in sentence for sentence in progress)
    said = [chunk for chunk in chunks if not chunk["choices"][0]["delta"]["reasoning_content"]]
    told = stable(said)
    assert told == golden(f"stream-{backend}", told, update=UPDATE)
    [video] = said[2]["choices"][0]["delta"]["videos"]
    assert decode(video["video_url"]["url"]) == Decoded(seconds=4, width=1280, height=720, audio=True)
    assert len(google.submits) == 1


SHAPES = [
    ("9:16", "720p", 6, True, Decoded(seconds=6, width=720, height=1280, audio=True)),
    ("16:9", "1080p", 8, False, Decoded(seconds=8, width=1920, height=1080, audio=False)),
    ("16:9", "720p", 4, False, Decoded(seconds=4, width=1280, height=720, audio=False)),
]


@pytest.mark.parametrize(("ratio", "resolution", "seconds", "audio", "expected"), SHAPES)
async def test_the_video_is_what_was_asked_for(start, ratio, resolution, seconds, audio, expected) -> None:
    """Duration, pixels, ratio and sound."""
    _, proxy = await start(lambda google: [vertex(google)])
    asked = a_video(
        "veo-3.1-generate-001",
        duration_seconds=seconds,
        aspect_ratio=ratio,
        resolution=resolution,
        generate_audio=audio,
    )
    answer = (await proxy.ask(asked)).json()

    assert decode(answer["choices"][0]["message"]["videos"][0]["video_url"]["url"]) == expected


async def test_four_at_once(start) -> None:
    """`n` videos in one answer, their indices in order; withheld ones are told in `warnings`."""
    google, proxy = await start(lambda google: [vertex(google)])
    google.faults.add(Fault(verb="predictLongRunning", action=Filtered(count=2)))
    answer = (await proxy.ask({**a_video("veo-3.1-generate-001"), "n": 4})).json()

    assert [video["index"] for video in answer["choices"][0]["message"]["videos"]] == [0, 1]
    assert any("2 of 4 videos were made" in warning for warning in answer["warnings"])
    assert answer["usage"]["cost"] == pytest.approx(0.40 * 4 * 2)


async def test_a_first_frame(start) -> None:
    """A data URI beside the text becomes the first frame."""
    google, proxy = await start(lambda google: [relay(google)])
    picture = await proxy.ask(
        {
            "model": "gemini-nano-banana-2.1",
            "messages": [{"role": "user", "content": "a kite"}],
            "modalities": ["image"],
        }
    )
    url = picture.json()["choices"][0]["message"]["images"][0]["image_url"]["url"]
    asked = a_video(duration_seconds=8)
    asked["messages"] = [
        {
            "role": "user",
            "content": [{"type": "text", "text": "it flies"}, {"type": "image_url", "image_url": {"url": url}}],
        }
    ]
    answer = await proxy.ask(asked)

    assert answer.status_code == 200, answer.text
    [paid] = [request for request in google.requests if request.accepted]
    assert paid.body["instances"][0]["image"]["bytesBase64Encoded"] == url.partition(",")[2]
    assert base64.b64decode(url.partition(",")[2])[:4] == b"\x89PNG"


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/chat/completions"])
async def test_the_model_alone_is_enough(start, path) -> None:
    """No modalities, no video_config: a video model makes videos; with and without /v1."""
    _, proxy = await start(lambda google: [relay(google)])
    body = {"model": VEO_PREVIEW, "messages": [{"role": "user", "content": "a kite"}]}
    answer = (await proxy.client.post(path, json=body)).json()

    assert decode(answer["choices"][0]["message"]["videos"][0]["video_url"]["url"]).seconds == 8


@pytest.mark.parametrize(("policy", "status"), [("reject", 404), ("pass", 404), ("redirect", 200)])
async def test_a_retired_model(start, policy, status) -> None:
    """`reject` names the successor and sends nothing; `pass` lets Google say so; `redirect` uses the successor."""
    google, proxy = await start(
        lambda google: [google_key(google)], config={"retired_models": policy}, alive_veo_on_gemini=False
    )
    answer = await proxy.ask(a_video())

    assert answer.status_code == status
    asked_google = [request.verb for request in google.requests if request.verb not in POLLS]
    match policy:
        case "reject":
            assert "gemini-omni-1.2-flash" in answer.json()["error"]["message"]
            assert asked_google == []
        case "pass":
            assert answer.json()["error"]["code"] == "model_not_found"
            assert asked_google == ["predictLongRunning"]
        case _:
            assert answer.json()["model"] == "gemini-omni-1.2-flash"
            assert "gemini-omni-1.2-flash was used instead" in answer.json()["warnings"][0]
    assert len(google.submits) == int(status == 200)


@pytest.mark.parametrize("explicit", [True, False])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_front_ends_own_prompt_is_never_paid_for(start, stream, explicit) -> None:
    """`### Task:` gets a few words of text, no job and no call."""
    google, proxy = await start(lambda google: [relay(google)])
    body = a_video(prompt='### Task:\nGenerate a title.\n### Output:\nJSON format: { "title": "your title" }')
    if not explicit:
        del body["modalities"], body["video_config"]
    if stream:
        events = await proxy.chunks(body)
        assert events[0]["choices"][0]["delta"]["content"] == '{"title": "Video"}'
        assert events[-1] == "[DONE]"
    else:
        answer = (await proxy.ask(body)).json()
        assert answer["choices"][0]["message"]["content"] == '{"title": "Video"}'
        assert "videos" not in answer["choices"][0]["message"]

    assert google.requests == []


@pytest.mark.parametrize("stream", [False, True])
async def test_the_same_wish_after_its_answer_is_a_new_one(start, stream) -> None:
    """Also by a client that closes the connection with the last byte, as curl and urllib do."""
    google, proxy = await start(lambda google: [vertex(google)], video_latency=0.0)
    for _ in range(3):
        answer = await proxy.ask({**a_video("veo-3.1-generate-001"), "stream": stream}, connection="close")
        assert answer.status_code == 200, answer.text
    assert len(google.submits) == 3
