"""Video orders as the workloads send them, a fake Veo that fills them, and jobs that are done."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.rig import google
from benchmarks.rig.callers import request
from benchmarks.rig.processes import Process
from benchmarks.rig.product import KEY
from benchmarks.rig.rig import Rig, free_port

CLIP = "clip.mp4"
NUMBER = "#NUMBER###"
"""What the callers replace, so that no two orders are alike."""


def ordered(prompt: str, *, stream: bool = False) -> dict[str, Any]:
    """A chat completion that is answered with a video."""
    body: dict[str, Any] = {
        "model": google.VIDEO_MODEL,
        "messages": [{"role": "user", "content": prompt}],
        "modalities": ["video"],
        "video_config": {"duration": 4},
    }
    return {**body, "stream": True} if stream else body


def created(prompt: str) -> dict[str, Any]:
    """An order of POST /v1/videos."""
    return {"model": google.VIDEO_MODEL, "prompt": prompt, "seconds": "4"}


def chat_order(prompt: str, *, stream: bool = False, headers: Mapping[str, str] | None = None) -> bytes:
    """The request of a chat completion, as it goes over the wire."""
    body = json.dumps(ordered(prompt, stream=stream)).encode()
    return request("POST", "/v1/chat/completions", body=body, key=KEY, headers=headers)


def veo(rig: Rig, *, clip_bytes: int, latency_ms: int, more: list[google.Rule] | None = None) -> tuple[Process, Path]:
    """A fake Veo on the Gemini API that delivers one and the same clip, and where that clip is."""
    folder, port = rig.new_folder(), free_port()
    (folder / CLIP).write_bytes(google.mp4(clip_bytes))
    rules = google.video_rules(folder, f"http://127.0.0.1:{port}", latency_ms=latency_ms, clip=CLIP)
    return rig.upstream([*(more or []), *rules], folder, port=port), folder / CLIP
