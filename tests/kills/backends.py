"""The ways to a video that are killed along: which model, which Google, and the credentials of the configuration."""

import base64
import io
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from proxy.simulator import RunningSimulator, SimulatorSettings

LATENCY = 0.3
"""Seconds a simulated video takes."""

Credentials = Callable[[RunningSimulator, Path], dict[str, Any]]


def _gemini_key(google: RunningSimulator, folder: Path) -> dict[str, Any]:
    return {"gemini-api-key": [{"api-key": google.api_key, "base-url": google.base_url}]}


def _service_account(google: RunningSimulator, folder: Path, **more: str) -> dict[str, Any]:
    account = folder / "service-account.json"
    if not account.exists():
        account.write_text(json.dumps(google.service_account()), encoding="utf-8")
    return {"vertex": [{"credentials-file": str(account), "base-url": google.base_url, **more}]}


def _service_account_with_bucket(google: RunningSimulator, folder: Path) -> dict[str, Any]:
    return _service_account(google, folder, **{"storage-uri": "gs://simulated-bucket/videos"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """One way to a video."""

    name: str
    model: str
    credentials: Credentials
    simulator: Mapping[str, Any] = field(default_factory=dict)
    finds_lost_answers: bool = False
    """A job whose answer was lost is looked for under its own prefix."""
    latency: float = LATENCY
    timeout: float = 60.0
    """Seconds until a job's clock runs out."""
    picture: str | None = None
    """A data URI that goes along as the first frame."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """What else stands in the configuration file."""

    def settings(self) -> SimulatorSettings:
        """The simulated Google of this backend."""
        return SimulatorSettings(video_latency=self.latency, render_ahead=True, **self.simulator)


def a_picture() -> str:
    """A PNG of about 20 kB, always the same one."""
    file = io.BytesIO()
    Image.frombytes("RGB", (80, 80), random.Random(1).randbytes(80 * 80 * 3)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


BACKENDS = (
    Backend(
        name="gemini relay",
        model="veo-3.1-generate-preview",
        credentials=_gemini_key,
        simulator={"alive_veo_on_gemini": True},
    ),
    Backend(name="vertex inline", model="veo-3.1-generate-001", credentials=_service_account),
    Backend(
        name="vertex bucket",
        model="veo-3.1-generate-001",
        credentials=_service_account_with_bucket,
        finds_lost_answers=True,
        # A job that Google never got is looked for until its clock runs out: here, not for long.
        timeout=8.0,
    ),
    Backend(name="omni", model="gemini-omni-1.2-flash", credentials=_gemini_key),
    Backend(
        name="omni upload",
        model="gemini-omni-1.2-flash",
        credentials=_gemini_key,
        simulator={"payload_limit": 10_000},
        picture=a_picture(),
        config={"uploads": {"inline-limit": 10_000}},
    ),
)


def configuration(backend: Backend, google: RunningSimulator, folder: Path) -> dict[str, Any]:
    """The configuration file of a proxy with its data in `folder`: quick polls, no limit that would hold a job back."""
    return {
        "host": "127.0.0.1",
        "port": 0,
        "data-dir": str(folder / "data"),
        "video": {
            "timeout": backend.timeout,
            "poll-min-interval": 0.05,
            "poll-max-interval": 0.05,
            "polls-per-minute": 100_000,
        },
        "jobs": {"submits-per-minute": 10_000},
        **backend.config,
        **backend.credentials(google, folder),
    }
