"""The whole proxy on a real port, in front of a simulated Google, and the few questions tests ask of it."""

import asyncio
import base64
import io
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import httpx2
from starlette.applications import Starlette

from proxy.app import Surroundings, create_app
from proxy.config import load_config
from proxy.server import listening, server_for
from proxy.simulator import RunningSimulator
from proxy.wiring import Entry

QUICK = {"video": {"poll-min-interval": 0.05, "poll-max-interval": 0.05, "polls-per-minute": 6000}}
VEO_PREVIEW = "veo-3.1-generate-preview"
GOLDEN = Path(__file__).parents[2] / "golden" / "e2e"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningProxy:
    """A proxy that listens, and a client of it."""

    app: Starlette
    client: httpx2.AsyncClient
    base_url: str
    data_dir: Path

    async def ask(self, body: Mapping[str, Any], **headers: str) -> httpx2.Response:
        """POST a chat completion and wait for all of the answer."""
        return await self.client.post("/v1/chat/completions", json=body, headers=headers)

    async def chunks(self, body: Mapping[str, Any], **headers: str) -> list[Any]:
        """A streamed chat completion: chunks as objects, comments as text with their colon, `[DONE]` as it is."""
        answer = await self.ask({**body, "stream": True}, **headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/event-stream")
        return read_events(answer.text)


def read_events(text: str) -> list[Any]:
    """What stands in a stream, in order."""
    lines = [line for line in text.split("\n") if line]
    return [line if line.startswith(":") else _event(line.removeprefix("data: ")) for line in lines]


def _event(data: str) -> Any:
    return data if data == "[DONE]" else json.loads(data)


async def until(happened: Callable[[], Awaitable[Any]]) -> Any:
    """What `happened` returns, once it is something; a test's own time limit ends it."""
    while not (seen := await happened()):  # noqa: ASYNC110 - it happens behind HTTP
        await asyncio.sleep(0.01)
    return seen


@asynccontextmanager
async def running_proxy(
    folder: Path, google: RunningSimulator, entries: Sequence[Entry], **settings: Any
) -> AsyncIterator[RunningProxy]:
    """Serve with these credentials until the block ends; `settings` are config.yaml's, underscores for dashes."""
    config = load_config(
        None,
        {},
        {"port": 0, "data-dir": str(folder), **QUICK, **{k.replace("_", "-"): v for k, v in settings.items()}},
    ).config
    app = create_app(config, Surroundings(entries=entries, storage_base_url=google.base_url))
    with listening(config) as listener:
        begun = asyncio.Event()
        server = server_for(app, config, on_start=begun.set)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        waiting = asyncio.create_task(begun.wait())
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        assert begun.is_set()
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            async with httpx2.AsyncClient(base_url=base_url, timeout=60) as client:
                yield RunningProxy(app=app, client=client, base_url=base_url, data_dir=folder)
        finally:
            app.state.services.stop()
            server.should_exit = True
            await serving


def a_video(model: str = VEO_PREVIEW, prompt: str = "a red kite over the sea", **config: Any) -> dict[str, Any]:
    """A video request as the README has it."""
    return {
        "model": model,
        "messages": [{"role": "user", "content": prompt}],
        "modalities": ["video", "text"],
        "video_config": {"duration_seconds": "4", "aspect_ratio": "16:9", "resolution": "720p", **config},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """An MP4, as a player sees it."""

    seconds: float
    width: int
    height: int
    audio: bool


def decode(data_uri: str) -> Decoded:
    """Decode a video's data URI with FFmpeg, every frame of it."""
    head, _, text = data_uri.partition(",")
    assert head == "data:video/mp4;base64"
    with av.open(io.BytesIO(base64.b64decode(text, validate=True))) as container:
        stream = container.streams.video[0]
        frames = sum(1 for _ in container.decode(stream))
        assert stream.average_rate is not None
        return Decoded(
            seconds=float(frames / stream.average_rate),
            width=stream.width,
            height=stream.height,
            audio=bool(container.streams.audio),
        )


_UNSTABLE = (
    (re.compile(r"chatcmpl-[0-9a-f]{24}"), "chatcmpl-ID"),
    (re.compile(r"video_[0-9a-f]{32}"), "video_ID"),
    (re.compile(r"data:video/mp4;base64,[A-Za-z0-9+/=]+"), "data:video/mp4;base64,BYTES"),
    (re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+"), "data:image/png;base64,BYTES"),
    (re.compile(r'"created": ?\d+'), '"created": 0'),
    (re.compile(r"(vertex|gemini)-[0-9a-f]{8}"), r"\1-ID"),
    (re.compile(r"http://127\.0\.0\.1:\d+"), "http://HOST"),
)


def stable(answer: Any) -> Any:
    """An answer with everything that differs from run to run replaced by a word."""
    text = json.dumps(answer, ensure_ascii=False)
    for pattern, word in _UNSTABLE:
        text = pattern.sub(word, text)
    return json.loads(text)


def golden(name: str, told: Any, *, update: bool) -> Any:
    """What the file of this name says; `update` writes it first."""
    path = GOLDEN / f"{name}.json"
    if update:
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return json.loads(path.read_text())
