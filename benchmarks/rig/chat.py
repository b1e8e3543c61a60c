"""The chat completions that the workloads send, and who answers them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from benchmarks.rig import peers
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


def posted(
    body: dict[str, Any], *, target: str = "/v1/chat/completions", headers: Mapping[str, str] | None = None
) -> bytes:
    """The request as OpenAI's clients send it."""
    return request("POST", target, body=json.dumps(body).encode(), key=KEY, headers=headers)


def to_upstream(call: str, prompt: str = PROMPT) -> bytes:
    """A request that goes to the fake Google itself: what is left of an answer without any proxy."""
    body = {"contents": [{"role": "user", "parts": [{"text": prompt}]}]}
    return request("POST", f"/v1beta/models/{call}", body=json.dumps(body).encode())


STARTS: dict[str, Callable[[Rig, str], Process]] = {
    "floor": lambda rig, upstream: rig.floor(upstream),
    "floor-httpx2": lambda rig, upstream: rig.floor(upstream, over="httpx2"),
    "product": lambda rig, upstream: rig.product(upstream),
    "nginx": peers.nginx,
    "litellm": peers.litellm,
    "portkey": peers.portkey,
}
"""Every server that a chat can be sent to."""


def contenders(rig: Rig, google: Process, body: dict[str, Any], **options: float | str) -> list[Contender]:
    """The servers that the command line names, each started and with its request. Options as in load.c."""
    return [
        Contender(
            name=name,
            process=STARTS[name](rig, base_of(google)),
            sent=rig.written(sent_to(name, body, base_of(google))),
            options=options,
        )
        for name in rig.options.contenders
    ]


def again(rig: Rig, servers: list[Contender], google: Process, body: dict[str, Any]) -> list[Contender]:
    """The same servers with another request."""
    return [replace(one, sent=rig.written(sent_to(one.name, body, base_of(google)))) for one in servers]


def sent_to(server: str, body: dict[str, Any], upstream: str) -> bytes:
    """One chat as each server takes it: nginx gets Google's own request, Portkey is told where Google is."""
    if server == "nginx":
        call = "streamGenerateContent?alt=sse" if body.get("stream") else "generateContent"
        return to_upstream(f"{body['model']}:{call}", body["messages"][-1]["content"])
    if server == "portkey":
        return posted(body, headers=peers.portkey_headers(upstream))
    return posted(body)
