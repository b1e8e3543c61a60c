"""What a start of the server loads and goes through: nothing that is needed by some requests only, nothing twice."""

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from proxy.routes.route import Answering, Later
from proxy.routes.table import routes

HEAVY = (
    "google",
    "requests",
    "httpx2",
    "cryptography",
    "av",
    "PIL",
    "proxy.simulator",
    "proxy.openapi.document",
    "matplotlib",
    "openai",
    "prometheus_client",
    "websockets",
    "proxy.routes.responses",
    "proxy.routes.messages",
    "proxy.routes.completions",
    "translators.wire.anthropic",
    "translators.wire.responses",
)

START = """
import gc, json, os, sys

looked_at = [0]

def count(phase, info):
    if phase == "start":
        young = range(info["generation"] + 1)
        looked_at.append(sum(len(gc.get_objects(generation)) for generation in young))

def tell():
    print(json.dumps({"modules": sorted(sys.modules), "looked_at": max(looked_at)}), flush=True)
    os._exit(0)

gc.callbacks.append(count)
from proxy import collection
collection.settle = tell
from proxy.__main__ import main
main(["serve", "--port", "0", "--data-dir", sys.argv[1]])
"""


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A whole start of `mediashim serve`, asked at the moment at which it listens."""
    folder: Path = tmp_path_factory.mktemp("start")
    plain = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    command = [sys.executable, "-c", START, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=plain)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_a_start_loads_nothing_heavy(start: dict[str, Any]) -> None:
    """Google's libraries alone cost a second and 50 MB; drawing, encoding and webhooks wait for who uses them."""
    loaded = start["modules"]
    assert "proxy.app" in loaded
    assert [name for name in loaded if name in HEAVY or name.startswith(tuple(f"{one}." for one in HEAVY))] == []


def test_a_start_does_not_search_what_it_imported(start: dict[str, Any]) -> None:
    """The imports make more than 100,000 objects; the two collections that would meet them first took 0.1 s."""
    assert start["looked_at"] < 50_000


def test_every_room_that_is_entered_later_is_there() -> None:
    """Nothing but its first request would find out otherwise."""
    endpoints = [route.app.endpoint for route in routes(described=True) if isinstance(route.app, Answering)]
    later = [endpoint for endpoint in endpoints if isinstance(endpoint, Later)]
    assert {endpoint.__name__ for endpoint in later} == {"responses", "messages", "count_tokens", "completions"}
    for endpoint in later:
        assert inspect.iscoroutinefunction(endpoint.entered())
        assert endpoint.entered().__name__ == endpoint.__name__
