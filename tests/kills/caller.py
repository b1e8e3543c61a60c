"""A client that asks for one video, again and again if it must, as SDKs do."""

import asyncio
import base64
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never

import httpx2

PROMPT = "a red kite over the sea"


class Source(StrEnum):
    """The ways to ask for a video."""

    CHAT = "chat"
    STREAM = "chat stream"
    VIDEOS = "videos"


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


def body(model: str, *, stream: bool, picture: str | None) -> dict[str, Any]:
    """The request, the same each time."""
    first_frame = {} if picture is None else {"image": picture}
    return {
        "model": model,
        "messages": [{"role": "user", "content": PROMPT}],
        "modalities": ["video"],
        "video_config": {"duration": 4, "resolution": "720p", **first_frame},
        "stream": stream,
    }


async def ask(
    base_url: str, model: str, source: Source, *, retry: int, job_id: str | None = None, picture: str | None = None
) -> Said:
    """Ask by one of the ways, with the count that OpenAI's SDKs put on their repeats (0: the first try).

    `job_id` is what an earlier try has learned: the Videos API asks for that job then.
    """
    headers = {"x-stainless-retry-count": str(retry)}
    async with httpx2.AsyncClient(base_url=base_url, timeout=60.0, headers=headers) as client:
        match source:
            case Source.VIDEOS:
                return await _by_job(client, model, job_id, picture)
            case Source.CHAT | Source.STREAM:
                return await _by_chat(client, body(model, stream=source is Source.STREAM, picture=picture))
            case _:
                assert_never(source)


async def _by_chat(client: httpx2.AsyncClient, asked: dict[str, Any]) -> Said:
    try:
        answer = await client.post("/v1/chat/completions", json=asked)
    except httpx2.TransportError:
        return Said()
    return _streamed(answer.text) if asked["stream"] and answer.status_code == 200 else _whole(answer.json())


async def _by_job(client: httpx2.AsyncClient, model: str, job_id: str | None, picture: str | None) -> Said:
    try:
        if job_id is None:
            asked: dict[str, Any] = {"model": model, "prompt": PROMPT, "seconds": "4", "size": "1280x720"}
            if picture is not None:
                asked["input_reference"] = {"image_url": picture}
            created = (await client.post("/v1/videos", json=asked)).json()
            if "id" not in created:
                return Said(error=created["error"])
            job_id = str(created["id"])
        video = await _ended(client, job_id)
        if video["status"] == "failed":
            return Said(error={**video["error"], "job_id": job_id}, job_id=job_id)
        return Said(video=(await client.get(f"/v1/videos/{job_id}/content")).content, job_id=job_id)
    except httpx2.TransportError:
        return Said(job_id=job_id)


async def _ended(client: httpx2.AsyncClient, job_id: str) -> dict[str, Any]:
    while True:
        video: dict[str, Any] = (await client.get(f"/v1/videos/{job_id}")).json()
        if video["status"] not in ("queued", "in_progress"):
            return video
        await asyncio.sleep(0.05)  # this API is one of polls


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
