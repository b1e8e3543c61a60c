"""Scripts written for another proxy get their picture and their video here; only their URL differs."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from PIL import Image

from proxy.simulator import RunningSimulator
from tests.clients import orders
from tests.clients.media import Clip, decoded_video, video_in
from tests.clients.script import SCRIPTS, run
from tests.clients.serving import Mediashim, google_itself

Start = Callable[..., Any]
KEY = "ccs-internal-managed"


def relay(google: RunningSimulator) -> dict[str, Any]:
    """A gateway with a base URL of its own, as people paste it."""
    return {"gemini-api-key": [{"api-key": google.api_key, "base-url": f"{google.base_url}/v1beta/"}]}


BACKENDS: Mapping[str, tuple[dict[str, Any], str]] = {
    "Omni by API key": ({"around": lambda google: google_itself(google, account=False)}, "createInteraction"),
    "Veo on Vertex": ({"around": lambda google: google_itself(google, key=False)}, "predictLongRunning"),
    "Veo by relay": ({"around": None, "settings_for": relay, "alive_veo_on_gemini": True}, "predictLongRunning"),
}


@pytest.mark.parametrize(("backend", "verb"), BACKENDS.values(), ids=list(BACKENDS))
async def test_the_feature_request(start: Start, tmp_path: Path, backend: dict[str, Any], verb: str) -> None:
    """The script of the feature request writes eight seconds of 720p, whichever way Google makes videos."""
    shim = await start({"api-keys": [KEY]}, **backend)
    script = SCRIPTS / "feature_request.py"
    await run(sys.executable, script, "wave.mp4", folder=tmp_path, environment={"PROXY_URL": shim.origin})
    clip = decoded_video((tmp_path / "wave.mp4").read_bytes())
    assert clip == Clip(width=1280, height=720, seconds=8.0, frames=192, audio=True)
    assert [request.accepted for request in shim.google.requests_for(verb)] == [True]


async def test_image_script(start: Start, tmp_path: Path) -> None:
    """The picture script writes a 2K picture of the ratio it was told."""
    shim = await start({"api-keys": [KEY]})
    command = (sys.executable, SCRIPTS / "image_gen.py", "a red kite", "--aspect-ratio", "4:3", "--output", "kite.png")
    await run(*command, folder=tmp_path, environment={"PROXY_URL": shim.origin})
    with Image.open(tmp_path / "kite.png") as picture:
        assert picture.width / picture.height == pytest.approx(4 / 3, rel=0.05)
        assert picture.width * picture.height == pytest.approx(2048 * 2048, rel=0.15)


async def test_without_v1(shim: Mediashim, tmp_path: Path) -> None:
    """A base URL without `/v1` works as well."""
    script = (SCRIPTS / "feature_request.py").read_text().replace("/v1/chat", "/chat")
    (tmp_path / "script.py").write_text(script)
    await run(sys.executable, "script.py", "wave.mp4", folder=tmp_path, environment={"PROXY_URL": shim.origin})
    assert decoded_video((tmp_path / "wave.mp4").read_bytes()).seconds == 8.0


async def test_curl_follows_a_stream(shim: Mediashim, tmp_path: Path, curl: str) -> None:
    """curl sees events that are JSON each, keep-alives aside, and `[DONE]` at the end."""
    body = orjson.dumps(orders.video(stream=True)).decode()
    told = await run(curl, "-sSN", f"{shim.base_url}/chat/completions", "-d", body, folder=tmp_path)
    events = [line.removeprefix("data: ") for line in told.splitlines() if line.startswith("data: ")]
    assert events[-1] == "[DONE]"
    (delta,) = [d for event in events[:-1] if (d := orjson.loads(event)["choices"][0]["delta"]).get("videos")]
    assert video_in(delta).seconds == 4.0
