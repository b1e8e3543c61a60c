"""The chat completions that the workloads send, and who answers them."""

import json
from typing import Any

from benchmarks.rig.callers import request
from benchmarks.rig.google import IMAGE_MODEL, TEXT_MODEL
from benchmarks.rig.measure import Contender
from benchmarks.rig.processes import Process
from benchmarks.rig.product import KEY
from benchmarks.rig.rig import Rig, base_of

SYSTEM = "You answer in one paragraph, in plain words, and never mention that you are a model."
PROMPT = "Explain to a shopkeeper why a proxy in front of a paid service keeps a ledger of what it ordered."


def text(prompt: str = PROMPT, *, stream: bool = False) -> dict[str, Any]:
    """A chat with text only."""
    body: dict[str, Any] = {
        "model": TEXT_MODEL,
        "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": prompt}],
        "temperature": 0.7,
    }
    return {**body, "stream": True} if stream else body


def image() -> dict[str, Any]:
    """A chat that asks for a picture."""
    return {
        "model": IMAGE_MODEL,
        "messages": [{"role": "user", "content": "A lighthouse in the fog, as a woodcut."}],
        "modalities": ["image", "text"],
    }


def posted(body: dict[str, Any], *, target: str = "/v1/chat/completions") -> bytes:
    """The request as OpenAI's clients send it."""
    return request("POST", target, body=json.dumps(body).encode(), key=KEY)


def to_upstream(call: str) -> bytes:
    """A request that goes to the fake Google itself: what is left of an answer without any proxy."""
    body = {"contents": [{"role": "user", "parts": [{"text": PROMPT}]}]}
    return request("POST", f"/v1beta/models/{call}", body=json.dumps(body).encode())


def contenders(rig: Rig, google: Process, body: dict[str, Any], **options: float | str) -> list[Contender]:
    """The servers that the command line names, each with the same request. Options as in load.c."""
    start = {
        "floor": lambda: rig.floor(base_of(google)),
        "floor-httpx2": lambda: rig.floor(base_of(google), over="httpx2"),
        "product": lambda: rig.product(base_of(google)),
    }
    sent = rig.written(posted(body))
    return [Contender(name=name, process=start[name](), sent=sent, options=options) for name in rig.options.contenders]
