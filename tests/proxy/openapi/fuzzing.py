"""schemathesis against the whole proxy in front of a simulated Google."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.simulator import SimulatorSettings, running_simulator
from tests.proxy.e2e.serving import RunningProxy, running_proxy
from tests.proxy.jobs.bench import google_key, vertex

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
MODELS = (
    "gemini-2.5-flash",
    "gemini-2.5-flash-image",
    "gemini-omni-1.2-flash",
    "veo-3.1-generate-001",
    "imagen-4.0-generate-001",
)
"""One of each kind: of models that nobody has, the first check is the last."""
PLENTY = {"queue-length": 100_000, "concurrency": 50, "vertex-concurrency": 50, "submits-per-minute": 100_000}


@asynccontextmanager
async def fuzzed_proxy(folder: Path) -> AsyncIterator[RunningProxy]:
    """A proxy whose videos take no time, with room for as many jobs as somebody thinks of."""
    settings = SimulatorSettings(video_latency=0.01)
    async with (
        running_simulator(settings) as google,
        running_proxy(folder, google, [google_key(google), vertex(google)], jobs=PLENTY) as proxy,
    ):
        yield proxy


def narrowed(document: Mapping[str, Any], models: Sequence[str] = MODELS) -> dict[str, Any]:
    """The document with each operation once, and with models that exist."""
    kept: dict[str, Any] = json.loads(json.dumps(document))
    known = {"enum": list(models)}
    for schema in kept["components"]["schemas"].values():
        if "model" in schema.get("properties", {}) and "additionalProperties" in schema:
            schema["properties"]["model"] = known
    paths: dict[str, dict[str, Any]] = {}
    for path, methods in kept["paths"].items():
        for method, operation in methods.items():
            if method != "head" and "x-same-as" not in operation:
                paths.setdefault(path, {})[method] = operation
            for parameter in operation["parameters"]:
                if parameter.get("name") == "model":
                    parameter["schema"] = known
    return {**kept, "paths": paths}


async def schemathesis(proxy: RunningProxy, document: Mapping[str, Any], *options: str) -> None:
    """Run it; fails with what it found. The same requests every time."""
    file = proxy.data_dir / "openapi.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    program = Path(sys.executable).with_name("schemathesis")
    run = await asyncio.create_subprocess_exec(
        *(str(program), "run", str(file), "--url", proxy.base_url, "--checks", CHECKS),
        *(
            "--generation-deterministic",
            "--no-shrink",
            "--no-color",
            "--warnings",
            "off",
            "--suppress-health-check",
            "all",
        ),
        *options,
        cwd=proxy.data_dir,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await run.communicate()
    if run.returncode:
        pytest.fail(told.decode(errors="replace")[-20_000:], pytrace=False)
