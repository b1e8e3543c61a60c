"""`mediashim simulate` runs as its own process, says how to reach it, and stops when told."""

import argparse
import asyncio
import json
import signal
import subprocess
import sys

import httpx2
import pytest

from proxy.cli import simulate
from proxy.simulator import read_journal, running_simulator


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    simulate.add_parser(parser.add_subparsers())
    return parser.parse_args(["simulate", *arguments])


def test_options_become_settings(tmp_path) -> None:
    """Every option reaches the simulator."""
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: [{action: {kind: hang}}]")
    options = ["--latency", "1.5", "--alive-veo", "--rules", str(rules), "--journal", "j", "--api-key", "k"]
    settings = simulate.settings_from(parsed("--port", "0", *options))

    assert settings.video_seconds("any") == 1.5
    assert settings.alive_veo_on_gemini
    assert [fault.action.kind for fault in settings.faults] == ["hang"]
    assert (str(settings.journal), settings.api_keys) == ("j", ("k",))


def test_a_bad_rules_file_is_told(tmp_path, capsys) -> None:
    """Exit code 2 and the reason, no traceback."""
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: [{action: {kind: explode}}]")
    arguments = parsed("--port", "0", "--rules", str(rules))

    assert arguments.run(arguments) == 2
    assert "explode" in capsys.readouterr().err


def test_the_files_of_cliproxyapi_are_written_for_their_owner_alone(tmp_path) -> None:
    """Both kinds, and the greeting says what to do with them."""

    async def written() -> str:
        async with running_simulator() as google:
            simulate.write_auth_dir(tmp_path / "auths", google)
            return simulate.greeting(google, None, tmp_path / "auths")

    greeting = asyncio.run(written())
    files = {path.name: json.loads(path.read_text()) for path in (tmp_path / "auths").iterdir()}

    assert sorted(document["type"] for document in files.values()) == ["gemini", "vertex"]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "auths").iterdir()} == {0o600}
    assert f"auth-dir: {tmp_path / 'auths'}" in greeting
    (login,) = (document for document in files.values() if document["type"] == "gemini")
    assert login["token"]["refresh_token"] not in greeting


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_its_own_process(tmp_path) -> None:
    """Starts, serves, journals a job, writes a key file, ends with 0 on SIGTERM."""
    journal, account = tmp_path / "submits.jsonl", tmp_path / "account.json"
    code = (
        "import argparse, sys; from proxy.cli import simulate; parser = argparse.ArgumentParser();"
        "simulate.add_parser(parser.add_subparsers()); args = parser.parse_args(); sys.exit(args.run(args))"
    )
    options = ["--port", "0", "--alive-veo", "--api-key", "local", "--journal", journal, "--service-account", account]
    command = [sys.executable, "-c", code, "simulate", *map(str, options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3]
        body = {"instances": [{"prompt": "a fox"}]}
        path = f"{url}/v1beta/models/veo-3.1-generate-preview:predictLongRunning"
        answer = httpx2.post(path, json=body, headers={"x-goog-api-key": "local"})
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0

    assert answer.status_code == 200
    assert [submit.name for submit in read_journal(journal)] == [answer.json()["name"]]
    assert account.stat().st_mode & 0o777 == 0o600
