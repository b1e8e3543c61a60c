"""Each way of asking for a video, by a chat completion, on each backend that has it: one submit, and a whole MP4."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from proxy.credentials import load
from proxy.simulator import RunningSimulator
from proxy.wiring import Entry
from tests.clients.media import small_clip
from tests.proxy.e2e.serving import VEO_PREVIEW, decode
from tests.proxy.jobs.bench import OMNI, VEO, entry, google_key, relay, vertex
from tests.video_requests import PNG, PNG_URI

VEO_2 = "veo-2.0-generate-001"
JPEG_URI = (
    "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsO"
    "CwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="
)


def gateway(google: RunningSimulator) -> Entry:
    """Vertex AI behind a base URL of its own, where Veo 2 lives on."""
    return entry(load.from_google_json(google.service_account(), base_url=google.base_url))


BACKENDS: Mapping[str, tuple[Callable[[RunningSimulator], Entry], str]] = {
    "gemini": (relay, VEO_PREVIEW),
    "vertex": (vertex, VEO),
    "vertex-veo-2": (gateway, VEO_2),
    "omni-gemini": (google_key, OMNI),
    "omni-vertex": (vertex, OMNI),
}
SECONDS = {"gemini": 8, "vertex": 8, "vertex-veo-2": 8, "omni-gemini": 3, "omni-vertex": 3}


def picture(url: str = PNG_URI, **extra: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}, **extra}


def clip() -> str:
    """A video that somebody made elsewhere, long enough to go on from."""
    return f"data:video/mp4;base64,{base64.b64encode(small_clip(seconds=2)).decode()}"


EVERYWHERE = ("gemini", "vertex", "omni-gemini", "omni-vertex")
COPIES = ("vertex", "omni-gemini", "omni-vertex")
ASKED: Mapping[str, tuple[tuple[str, ...], list[dict[str, Any]], dict[str, Any]]] = {
    "text": (EVERYWHERE, [], {}),
    "image": (EVERYWHERE, [picture()], {}),
    "image-config": (EVERYWHERE, [], {"image": PNG_URI}),
    "image-openai": (EVERYWHERE, [], {"input_reference": {"image_url": PNG_URI}}),
    "first-last": (EVERYWHERE, [picture(), picture(JPEG_URI)], {}),
    "first-last-roles": (EVERYWHERE, [picture(role="last_frame"), picture(JPEG_URI, frame_type="first_frame")], {}),
    "first-last-openrouter": (
        EVERYWHERE,
        [],
        {"frame_images": [picture(), picture(JPEG_URI, frame_type="last_frame")]},
    ),
    "references": (EVERYWHERE, [picture(role="reference")] * 3, {}),
    "references-config": (EVERYWHERE, [], {"reference_images": [PNG_URI, {"image": JPEG_URI, "type": "asset"}]}),
    "references-openrouter": (EVERYWHERE, [], {"input_references": [picture(), picture(JPEG_URI)]}),
    "style": (("vertex-veo-2",), [], {"reference_images": [{"image": PNG_URI, "type": "style"}]}),
    "extension": (COPIES, [], {"video": "CLIP", "task": "extend"}),
    "extension-part": (COPIES, [{"type": "video_url", "video_url": {"url": "CLIP"}}], {}),
    "edit": (("omni-gemini", "omni-vertex"), [], {"video": "CLIP", "task": "edit"}),
    "insert": (("vertex-veo-2",), [], {"video": "CLIP", "mask": PNG_URI, "mask_mode": "insert"}),
    "remove": (("vertex-veo-2",), [picture(role="mask")], {"video": "CLIP", "mask_mode": "remove"}),
}
"""Name -> the backends that have it, the parts beside the text, and the members of `video_config`."""
BESIDE = {"input_reference", "frame_images", "input_references"}
CASES = [(name, backend) for name, (backends, _, _) in ASKED.items() for backend in backends]


def filled(value: Any) -> Any:
    """The same with the clip in it."""
    match value:
        case "CLIP":
            return clip()
        case dict():
            return {name: filled(member) for name, member in value.items()}
        case list():
            return [filled(member) for member in value]
        case _:
            return value


def request_of(name: str, backend: str) -> dict[str, Any]:
    _, parts, config = ASKED[name]
    content = [{"type": "text", "text": "a red kite over the sea"}, *filled(parts)]
    small = {"resolution": "360p"} if backend.startswith("omni") else {}
    return {
        "model": BACKENDS[backend][1],
        "messages": [{"role": "user", "content": content}],
        "video_config": {"duration": SECONDS[backend], **small, **filled(config)},
    }


@pytest.mark.parametrize(("name", "backend"), CASES)
async def test_a_mode_on_a_backend(start, name, backend) -> None:
    """Paid once, made whole; the mode is in the job, and Google got no more than was said."""
    make, _ = BACKENDS[backend]
    google, proxy = await start(lambda google: [make(google)], revived=frozenset({VEO_2}))
    answer = await proxy.ask(request_of(name, backend))

    assert answer.status_code == 200, answer.text
    assert "warnings" not in answer.json() or not any("no effect" in told for told in answer.json()["warnings"])
    [video] = answer.json()["choices"][0]["message"]["videos"]
    assert decode(video["video_url"]["url"]).seconds >= 2
    assert len(google.submits) == 1


@pytest.mark.parametrize("name", [name for name in ASKED if BESIDE & set(ASKED[name][2])])
async def test_at_the_top_of_the_request(start, name) -> None:
    """What neighbouring protocols put there is the same body for Google, wherever it stands."""
    google, proxy = await start(lambda google: [vertex(google)])
    within = request_of(name, "vertex")
    said = {member: within["video_config"][member] for member in BESIDE & set(within["video_config"])}
    config = {member: value for member, value in within["video_config"].items() if member not in said}
    for body in (within, {**within, "video_config": config, **said}):
        answer = await proxy.ask(body)
        assert answer.status_code == 200, answer.text

    one, other = [request.body for request in google.requests if request.verb == "predictLongRunning"]
    assert one == other
    assert PNG in str(one)


REFUSED: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("style", "gemini", "video_config.reference_images", ("the Gemini API", VEO_2)),
    ("style", "vertex", "video_config.reference_images", ("Vertex AI", VEO_2)),
    ("style", "omni-gemini", "video_config.reference_images", ("the Gemini API", VEO_2)),
    ("style", "omni-vertex", "video_config.reference_images", ("Vertex AI", VEO_2)),
    *((name, backend, param, (VEO_2, "until 2026-06-30"))
      for name, param in (("insert", "video_config.mask"), ("remove", "messages[0].content[1].image_url"))
      for backend in ("gemini", "vertex", "omni-gemini", "omni-vertex")),
    ("edit", "gemini", "video_config.video", (OMNI,)),
    ("edit", "vertex", "video_config.video", ("Send `model` with one that can", OMNI)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "backend", "param", "says"), REFUSED)
async def test_a_mode_that_a_backend_lacks(start, name, backend, param, says) -> None:
    """A 400 that names the field and who can; nothing is sent and nothing is paid."""
    make, _ = BACKENDS[backend]
    google, proxy = await start(lambda google: [make(google)])
    answer = await proxy.ask(request_of(name, backend))

    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert (error["param"], error["code"]) == (param, "model_not_supported")
    assert all(word in error["message"] for word in says), error["message"]
    assert google.requests == []


@pytest.mark.parametrize(
    ("backend", "says"),
    [("gemini", "1 video a request"), ("omni-gemini", "1 video a request"), ("vertex", "1 to 4 videos")],
)
async def test_more_videos_than_the_model_makes(start, backend, says) -> None:
    """A 400 that names the limit, by either name; Vertex AI makes several."""
    make, model = BACKENDS[backend]
    google, proxy = await start(lambda google: [make(google)])
    for said in ({"video_config": {"number_of_videos": 5}}, {"n": 5}):
        answer = await proxy.ask({"model": model, "messages": [{"role": "user", "content": "a kite"}], **said})
        assert (answer.status_code, says in answer.text) == (400, True)
    assert google.requests == []


@pytest.mark.parametrize("said", [{"n": True}, {"seed": True}, {"seed": 1, "n": False}])
async def test_true_is_no_number(start, said) -> None:
    """A 400 that names the field."""
    google, proxy = await start(lambda google: [vertex(google)])
    answer = await proxy.ask({"model": VEO, "messages": [{"role": "user", "content": "a kite"}], **said})

    error = answer.json()["error"]
    assert answer.status_code == 400
    assert error["param"] in said
    assert "must be a number, not true or false" in error["message"]
    assert google.requests == []
