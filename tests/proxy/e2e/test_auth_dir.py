"""CLIProxyAPI's credential files, as they lie in its folder, to an answered chat and a video."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.config import load_config
from proxy.simulator import RunningSimulator, SimulatorSettings, running_simulator
from proxy.wiring import entries_of
from tests.proxy.e2e.serving import RunningProxy, a_video, decode, running_proxy

VEO = "veo-3.1-generate-001"
CHAT = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Say hello"}]}


def wrapper(google: RunningSimulator) -> dict[str, Any]:
    """A service account as `-vertex-import` writes it (v7.2.140)."""
    account = google.service_account()
    return {
        "service_account": account,
        "project_id": google.project,
        "email": account["client_email"],
        "location": "us-central1",
        "type": "vertex",
        "label": f"{google.project} ({account['client_email']})",
        "base_url": google.base_url,
    }


def login(google: RunningSimulator) -> dict[str, Any]:
    """A login of the Gemini CLI (until v7.2.19), its tokens below `token`."""
    (document,) = (each for each in google.auth_files().values() if each["type"] == "gemini")
    return document


def flat_login(google: RunningSimulator) -> dict[str, Any]:
    """The same as it lies after a refresh at run time: tokens beside the rest, too."""
    document = login(google)
    token = document["token"]
    flat = {name: token[name] for name in ("access_token", "refresh_token", "token_type", "expiry")}
    return {**document, **flat, "type": "gemini-cli"}


FILES = [
    pytest.param("vertex-simulated-project.json", wrapper, id="vertex"),
    pytest.param("gemini-me@simulated.example-simulated-project.json", login, id="gemini"),
    pytest.param("me@simulated.example-simulated-project.json", flat_login, id="gemini-cli-flat"),
]


@asynccontextmanager
async def serving(
    folder: Path, name: str, document: Callable[[RunningSimulator], dict[str, Any]], **config: Any
) -> AsyncIterator[tuple[RunningSimulator, RunningProxy]]:
    """A proxy whose one credential is this file."""
    async with running_simulator(SimulatorSettings(video_latency=0.05)) as google:
        auths = folder / "auths"
        auths.mkdir()
        (auths / name).write_text(json.dumps(document(google)))
        entries = entries_of(load_config(None, {}, {"auth-dir": str(auths), "data-dir": str(folder), **config}).config)
        async with running_proxy(folder, google, entries) as proxy:
            yield google, proxy


@pytest.mark.parametrize(("name", "document"), FILES)
async def test_a_file_answers_a_chat_and_makes_a_video(name: str, document: Any, tmp_path: Path) -> None:
    """On Vertex AI, by a token from the endpoint that the file names; the video is paid for once."""
    async with serving(tmp_path, name, document) as (google, proxy):
        answer = await proxy.ask(CHAT)
        video = await proxy.ask(a_video(VEO))

        assert answer.status_code == 200, answer.text
        assert answer.json()["choices"][0]["message"]["content"]
        assert video.status_code == 200, video.text
        url = video.json()["choices"][0]["message"]["videos"][0]["video_url"]["url"]
        assert decode(url).seconds == 4
        assert [submit.model for submit in google.submits] == [VEO]
        assert {request.surface for request in google.requests if request.verb != "token"} == {"vertex"}
        assert google.world.tokens.issued == 1


async def test_a_login_that_cannot_be_used_is_named_in_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a refresh token and OAuth client nothing is served, whether or not Code Assist is on."""

    def spent(google: RunningSimulator) -> dict[str, Any]:
        document = login(google)
        return {**document, "token": {"access_token": document["token"]["access_token"]}}

    async with serving(tmp_path, "gemini-old.json", spent, **{"code-assist": True}) as (google, proxy):
        answer = await proxy.ask(CHAT)

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "model_not_found")
        assert google.requests == []
    (line,) = (record.getMessage() for record in caplog.records if "gemini-old.json" in record.getMessage())
    assert "without refresh token and OAuth client" in line
    assert "mediashim login" in line
