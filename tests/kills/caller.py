"""A client that asks for one video, again and again if it must, as SDKs do."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import httpx2

PROMPT = "a red kite over the sea"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came back: a video, an error, or neither (the connection broke)."""

    video: bytes | None = None
    job_id: str | None = None
    error: dict[str, Any] | None = None

    @property
    def broken(self) -> bool:
        """Nothing that means anything came."""
        return self.video is None and self.error is None


def body(model: str, *, stream: bool) -> dict[str, Any]:
    """The request, the same each time."""
    return {
        "model": model,
        "messages": [{"role": "user", "content": PROMPT}],
        "modalities": ["video"],
        "video_config": {"duration": 4, "resolution": "720p"},
        "stream": stream,
    }


async def ask(base_url: str, model: str, *, stream: bool, retry: int) -> Said:
    """Send it, with the count that OpenAI's SDKs put on their repeats (0: the first try)."""
    headers = {"x-stainless-retry-count": str(retry)}
    async with httpx2.AsyncClient(base_url=base_url, timeout=60.0, headers=headers) as client:
        try:
            answer = await client.post("/v1/chat/completions", json=body(model, stream=stream))
        except httpx2.TransportError:
            return Said()
    return _streamed(answer.text) if stream and answer.status_code == 200 else _whole(answer.json())


def _whole(answer: dict[str, Any]) -> Said:
    if "error" in answer:
        return Said(error=answer["error"])
    return _delivered(answer["choices"][0]["message"]["videos"], answer)


def _streamed(text: str) -> Said:
    events = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
    chunks = [json.loads(event) for event in events if event != "[DONE]"]
    failed = next((chunk["error"] for chunk in chunks if "error" in chunk), None)
    if failed is not None:
        return Said(error=failed)
    [videos] = [chunk["choices"][0]["delta"]["videos"] for chunk in chunks if "videos" in chunk["choices"][0]["delta"]]
    return _delivered(videos, chunks[-1])


def _delivered(videos: list[dict[str, Any]], told: dict[str, Any]) -> Said:
    [video] = videos
    data = video["video_url"]["url"].removeprefix("data:video/mp4;base64,")
    return Said(video=base64.b64decode(data, validate=True), job_id=told["job_id"])
