"""`mediashim serve` and `mediashim demo` as processes of their own: what they say, and how they end."""

import argparse
import asyncio
import json
import os
import re
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from proxy import logs
from proxy.cli import demo, serve
from proxy.media.probe import probe

ROOT = Path(__file__).parents[3]
WAIT = 40.0
GRACE = 15.0


def environment(**more: str) -> dict[str, str]:
    """This process's environment without any credential."""
    ours = ("GEMINI", "GOOGLE", "MEDIASHIM", "OPENAI")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **more}


@asynccontextmanager
async def mediashim(*arguments: str, **variables: str) -> AsyncIterator[Process]:
    process = await create_subprocess_exec(
        sys.executable, "-m", "proxy", *arguments, stdout=PIPE, stderr=PIPE, cwd=ROOT, env=environment(**variables)
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(*arguments: str, **variables: str) -> tuple[int, str, str]:
    async with mediashim(*arguments, **variables) as process, asyncio.timeout(WAIT):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def base_url(process: Process) -> str:
    """Where it listens, as it says itself."""
    async with asyncio.timeout(WAIT):
        while line := (await process.stderr.readline()).decode():
            if said := re.search(r"mediashim listens on (http://\S+)/v1", line):
                return said[1]
    raise AssertionError("it never said where it listens")


async def test_help_names_the_commands() -> None:
    """And exits with 0."""
    code, out, _ = await ended("--help")

    assert code == 0
    assert all(command in out for command in ("serve", "demo", "simulate"))


def test_it_runs_on_uvloop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half as many instructions for a request as on the standard library's loop."""
    loops: list[str] = []

    async def noted(*_: object, **__: object) -> int:
        loops.append(type(asyncio.get_running_loop()).__module__)
        return 0

    monkeypatch.setattr(serve, "_serve", noted)
    monkeypatch.setattr(logs, "configure", lambda *_: None)
    arguments = argparse.Namespace(
        config=None, host=None, port=0, workers=None, data_dir=str(tmp_path), simulate=False, latency=0
    )
    assert serve.run(arguments) == 0
    assert loops == ["uvloop"]


async def test_a_wrong_configuration(tmp_path) -> None:
    """Exit code 2, and a message that names the key and the nearest one; no traceback."""
    config = tmp_path / "config.yaml"
    config.write_text("prot: 8317\n")
    code, _, err = await ended("serve", "--config", str(config))

    assert code == 2
    assert "prot" in err
    assert "port" in err
    assert "Traceback" not in err


async def test_open_to_the_world_is_refused(tmp_path) -> None:
    """Without keys it listens on loopback only."""
    code, _, err = await ended("serve", "--host", "0.0.0.0", "--port", "0", "--data-dir", str(tmp_path))

    assert code == 2
    assert "api-keys" in err


async def test_a_port_in_use(tmp_path) -> None:
    """Exit code 1 and one line with the port and the way out; nothing is opened before."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, err = await ended("serve", "--port", str(port), "--data-dir", str(tmp_path / "data"))

    assert code == 1
    assert f"port {port}" in err
    assert "--port" in err
    assert "Traceback" not in err
    assert not (tmp_path / "data").exists()


async def test_without_a_credential(tmp_path) -> None:
    """It serves, and says what is missing and how to set it."""
    async with mediashim("serve", "--port", "0", "--data-dir", str(tmp_path)) as process:
        url = await base_url(process)
        async with asyncio.timeout(WAIT):
            line = (await process.stderr.readline()).decode()
        async with httpx2.AsyncClient(base_url=url) as client:
            alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert "no Google credential is configured" in line
    assert "GEMINI_API_KEY" in line
    assert (alive.status_code, ready.status_code) == (200, 503)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_in_the_middle_of_a_video(tmp_path, number) -> None:
    """The caller of a stream is told the job's id, and the process ends well within its grace."""
    async with mediashim(
        "serve", "--simulate", "--latency", "600", "--port", "0", "--data-dir", str(tmp_path)
    ) as process:
        body = {"model": "veo-3.1-generate-001", "messages": [{"role": "user", "content": "a kite"}], "stream": True}
        lines = []
        async with (
            httpx2.AsyncClient(base_url=await base_url(process), timeout=WAIT) as client,
            client.stream("POST", "/v1/chat/completions", json=body) as answer,
        ):
            async for line in answer.aiter_lines():
                lines.append(line)
                if "is at work" in line:
                    began = time.monotonic()
                    process.send_signal(number)
        async with asyncio.timeout(WAIT):
            await process.communicate()
        took = time.monotonic() - began

    last = json.loads([line for line in lines if line.startswith("data: ")][-1].removeprefix("data: "))
    assert last["error"]["code"] == "shutting_down"
    assert last["error"]["job_id"] in last["error"]["message"]
    assert took < GRACE
    assert process.returncode in (0, 130, -number)


async def test_the_demo(tmp_path) -> None:
    """Exit code 0, an image and a video that decode, and how to use a real key."""
    code, out, err = await ended("demo", "--output", str(tmp_path / "demo"), "--latency", "0.2")

    assert code == 0, err
    assert (tmp_path / "demo" / "image.png").read_bytes()[:4] == b"\x89PNG"
    facts = probe(tmp_path / "demo" / "video.mp4")
    assert (facts.duration, facts.width, facts.height) == (4.0, 1280, 720)
    assert "GEMINI_API_KEY=" in out
    assert out.count(" s in all") == 2


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "pass"])
def test_a_demo_whose_script_fails(tmp_path, monkeypatch, capsys, script) -> None:
    """Exit code 1, naming what is missing: also when the script says that all went well, and over an old file."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "video.mp4").write_bytes(b"from yesterday")
    monkeypatch.setattr(logs, "configure", lambda *_: None)
    broken = tmp_path / "script.py"
    broken.write_text(script)
    monkeypatch.setattr(demo, "example_script", lambda: broken)
    code = demo.run(argparse.Namespace(output=tmp_path / "demo", latency=0.1))

    assert code == 1
    assert "video.mp4" in capsys.readouterr().err


async def test_who_asks_for_a_websocket_is_told_where_to_look(tmp_path: Path) -> None:
    """No route is one, so the request is answered as any other to a path that is not there."""
    upgrade = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    async with (
        mediashim("serve", "--port", "0", "--data-dir", str(tmp_path)) as process,
        httpx2.AsyncClient() as client,
    ):
        base = await base_url(process)
        answer = await client.get(f"{base}/v1/realtime", headers=upgrade)
    assert answer.status_code == 404
    assert "GET / names what there is" in answer.json()["error"]["message"]
