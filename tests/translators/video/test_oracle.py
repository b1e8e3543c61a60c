"""google-genai as oracle for videos: what it sends for each call it can express is the body on file (and so ours).

google-genai 3.4 speaks Veo in Vertex mode, and Interactions on both surfaces. The last version that spoke Veo to the
Gemini API is 2.19: it is installed apart from ours and run in a process of its own.
"""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from google.genai import types

from tests.clients.install import OLD_GOOGLE_GENAI
from tests.golden_cases import GoldenCase, golden_cases, read_cases
from tests.google_genai_listener import Listener, listening, posted

# Its own doing: how it wraps aiohttp, and that generate_videos is to end one day.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The generate_videos method is deprecated"),
]

ROOT = Path(__file__).parents[3]
OLD_VERSION = "2.19.0"
FOLDER = "video/requests"


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A base URL on loopback, and the bodies that were posted to it."""
    async with listening() as listener:
        yield listener


def is_asked_of(case: GoldenCase, surface: str) -> bool:
    return "sdk" in case.more and case.more["surface"] == surface


def chosen(surface: str) -> list[Any]:
    return [parameter for parameter in golden_cases(FOLDER) if is_asked_of(parameter.values[0], surface)]


@pytest.mark.parametrize("case", chosen("vertex"))
async def test_generate_videos_on_vertex(case: GoldenCase, listener: Listener) -> None:
    """The SDK's predictLongRunning body is the one on file."""
    sdk = case.more["sdk"]
    body = await posted(
        listener,
        "vertex",
        lambda aio: aio.models.generate_videos(
            model=case.openai["model"],
            source=types.GenerateVideosSource.model_validate_json(json.dumps(sdk["source"])),
            config=types.GenerateVideosConfig.model_validate_json(json.dumps(sdk["config"])),
        ),
    )

    assert body == case.google


@pytest.mark.parametrize("case", [case for case in golden_cases(FOLDER) if case.values[0].more.get("oracle")])
async def test_interactions(case: GoldenCase, listener: Listener) -> None:
    """The SDK knows each member of our interaction, and sends exactly them."""
    body = await posted(listener, case.more["surface"], lambda aio: aio.interactions.create(**case.google))

    assert body == case.google


def test_generate_videos_on_the_gemini_api() -> None:
    """The body that the last SDK with Veo on the Gemini API sends is the one on file, for each case."""
    cases = [case for case in read_cases(FOLDER) if is_asked_of(case, "gemini")]
    calls = [{"model": case.openai["model"], **case.more["sdk"]} for case in cases]

    answer = subprocess.run(
        [sys.executable, "-W", "ignore", str(ROOT / "tests" / "old_google_genai.py")],
        input=json.dumps(calls),
        env={**os.environ, "PYTHONPATH": str(OLD_GOOGLE_GENAI.installed())},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )

    told = json.loads(answer.stdout)
    assert told["version"] == OLD_VERSION
    assert dict(zip([case.name for case in cases], told["bodies"], strict=True)) == {
        case.name: case.google for case in cases
    }


def test_every_kind_of_request_has_an_oracle() -> None:
    """A case without an oracle is one that the SDK cannot express: our own size mapping, or a folder of our own."""
    silent = {case.name for case in read_cases(FOLDER) if "sdk" not in case.more and not case.more.get("oracle")}

    assert silent == {"vertex-openai-size", "vertex-storage-asked"}
