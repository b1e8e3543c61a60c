"""AI SDK with OpenRouter's provider gets its videos from `/api/v1/videos` (measured with 7.0.173 and 3.1.0)."""

import base64
import io
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from proxy.simulator import Fault, Filtered
from tests.clients.conftest import folder_of
from tests.clients.driver import Driver
from tests.clients.install import OPENROUTER_AI_SDK, ROOT
from tests.clients.media import Clip, decoded_video
from tests.clients.script import run
from tests.clients.serving import Mediashim

Start = Callable[..., Any]

VEO = "veo-3.1-generate-001"
UPRIGHT = Clip(width=720, height=1280, seconds=4.0, frames=96, audio=True)
AS_DATA = {"providerOptions": {"openrouter": {"delivery": "data"}}}
"""AI SDK's download refuses private addresses, where this proxy is; the provider passes its options on as they are."""


def order(**fields: Any) -> dict[str, Any]:
    """Four seconds, upright, 720p, unless told otherwise."""
    return {"model": VEO, "prompt": "waves", "duration": 4, "resolution": "720x1280", **fields}


def root(shim: Mediashim) -> str:
    """The base URL that OpenRouter's provider wants."""
    return f"{shim.origin}/api/v1"


def clip_of(outcome: dict[str, Any]) -> Clip:
    """The one video, every frame decoded."""
    assert "videos" in outcome, outcome
    (video,) = outcome["videos"]
    assert video["media_type"] == "video/mp4"
    return decoded_video(base64.b64decode(video["content"], validate=True))


async def test_delivered_as_data(openrouter_ai_sdk: Driver, shim: Mediashim) -> None:
    """One line of `providerOptions`, and the video is there, as asked and paid for once; so is what it cost."""
    outcome = await openrouter_ai_sdk.call("video", root(shim), order(**AS_DATA))
    assert clip_of(outcome) == UPRIGHT
    assert outcome["metadata"]["cost"] > 0
    assert outcome["metadata"]["generationId"].startswith("video_")
    assert len(shim.google.submits) == 1


async def test_the_example(shim: Mediashim, tmp_path: Path) -> None:
    """What docs/videos.md shows works as it stands, except that the proxy is on another port."""
    page = (ROOT / "docs" / "videos.md").read_text(encoding="utf-8")
    example = page.partition("```js\n")[2].partition("```")[0].replace("http://127.0.0.1:8317", shim.origin)
    (tmp_path / "example.mjs").write_text(example, encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(Path(folder_of(OPENROUTER_AI_SDK)) / "node_modules")
    await run("node", "example.mjs", folder=tmp_path)
    clip = decoded_video((tmp_path / "video.mp4").read_bytes())
    assert (clip.width, clip.height, clip.seconds) == (1280, 720, 4.0)
    assert len(shim.google.submits) == 1


async def test_delivered_as_data_by_the_key(openrouter_ai_sdk: Driver, start: Start) -> None:
    """With `delivery: data` of its key the client says nothing."""
    key = secrets.token_urlsafe(12)
    shim = await start({"api-keys": [{"key": key, "delivery": "data"}]})
    assert clip_of(await openrouter_ai_sdk.call("video", root(shim), order(), api_key=key)) == UPRIGHT
    assert len(shim.google.submits) == 1


async def test_a_link_to_a_private_address(openrouter_ai_sdk: Driver, shim: Mediashim) -> None:
    """Without either AI SDK refuses the link, and orders nothing anew; the link works for everybody else."""
    error = (await openrouter_ai_sdk.call("video", root(shim), order()))["error"]
    assert error["name"] == "AI_DownloadError"
    assert f"{shim.origin}/media/" in error["url"]
    assert len(shim.google.submits) == 1


async def test_a_first_frame(openrouter_ai_sdk: Driver, shim: Mediashim) -> None:
    """The picture of a prompt reaches Google as its bytes."""
    content = io.BytesIO()
    Image.new("RGB", (180, 320), "teal").save(content, "PNG")
    frame = base64.b64encode(content.getvalue()).decode()
    asked = order(prompt={"text": "it moves", "image": frame}, **AS_DATA)
    assert clip_of(await openrouter_ai_sdk.call("video", root(shim), asked)) == UPRIGHT
    (submit,) = shim.google.requests_for("predictLongRunning")
    assert submit.body["instances"][0]["image"] == {"mimeType": "image/png", "bytesBase64Encoded": frame}


async def test_a_new_order_after_a_timeout(openrouter_ai_sdk: Driver, start: Start) -> None:
    """AI SDK orders anew when its polling took too long; under an `idempotency-key` it is the same job.

    Without one each order is paid, three by default: nothing in them tells a repeat from a second wish.
    """
    shim = await start(video_latency=1.0)
    impatient = {"pollIntervalMs": 1, "maxPollTimeMs": 1}
    asked = order(settings=impatient, headers={"idempotency-key": secrets.token_hex(8)}, **AS_DATA)
    assert clip_of(await openrouter_ai_sdk.call("video", root(shim), asked)) == UPRIGHT
    assert len(shim.google.submits) == 1


async def test_a_withheld_video(openrouter_ai_sdk: Driver, shim: Mediashim) -> None:
    """The provider's error has Google's reason; it is not ordered again."""
    shim.google.faults.add(Fault(verb="predictLongRunning", action=Filtered()))
    error = (await openrouter_ai_sdk.call("video", root(shim), order(**AS_DATA)))["error"]
    assert error["name"] == "AI_APICallError"
    assert "filter" in error["message"]
    assert len(shim.google.submits) == 1


async def test_a_length_that_google_does_not_make(openrouter_ai_sdk: Driver, shim: Mediashim) -> None:
    """The error is a 400 with our words; nothing is sent."""
    error = (await openrouter_ai_sdk.call("video", root(shim), order(duration=5)))["error"]
    assert (error["name"], error["status"]) == ("AI_APICallError", 400)
    assert "4, 6, 8 seconds" in error["message"]
    assert shim.google.submits == []
