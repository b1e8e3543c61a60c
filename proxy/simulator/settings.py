"""How a simulated Google behaves: everything a test or a command line may choose, with the real Google as default."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from proxy.simulator.faults import Fault

Clock: TypeAlias = Callable[[], datetime]
Latency: TypeAlias = float | Callable[[str], float]
"""Seconds from acceptance to completion, or a function from the model's id to such seconds."""

CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


def new_api_key() -> str:
    """A key with the look of Google's (`AIza` and 35 characters) that no Google has ever issued."""
    return "AIza" + "Sim" + secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorSettings:
    """One Google. Times are seconds unless they are `timedelta`; `now` must return aware datetimes.

    Clients sign their OAuth assertions by their own clock, so a test that sets `now` far from the wall clock sets
    `token_now` as well, or gets Google's "reasonable timeframe" refusal.
    """

    api_keys: tuple[str, ...] = field(default_factory=lambda: (new_api_key(),), repr=False)
    project: str = "simulated-project"
    projects: tuple[str, ...] | None = None
    """The projects of the account that signs in; None: `project` alone."""
    account_email: str = "someone@simulated.example"
    now: Clock = utc_now
    token_now: Clock | None = None

    video_latency: Latency = 4.0
    file_latency: float = 0.0
    """How long a generated file stays PROCESSING after its interaction completed."""
    upload_latency: float = 0.0
    """How long an uploaded file stays PROCESSING."""
    answer_latency: float = 0.0
    """Wall-clock seconds before a text or image answer."""
    render_ahead: bool = False
    """Encode a clip as soon as its job is accepted, rather than when someone asks for it."""

    alive_veo_on_gemini: bool = False
    """Veo lives on the API-key route, as it does on relays with a base URL of their own."""
    code_assist_images: bool = True
    """Code Assist draws; off, its image models are 404, as users see it since 2025-11 (CLIProxyAPI issue 203)."""
    retired: frozenset[str] = frozenset()
    """Further model ids that are gone on every surface."""
    revived: frozenset[str] = frozenset()
    """Veo ids that live on Vertex although Google has retired them there, as behind a gateway of one's own."""
    express_videos: bool = False
    """API keys without a project run long jobs on Vertex, as some users see it; else they are refused."""
    disabled_services: frozenset[str] = frozenset()
    """`generativelanguage.`, `aiplatform.`, `cloudaicompanion.googleapis.com`: each call is a 403 SERVICE_DISABLED."""

    token_lifetime: timedelta = timedelta(hours=1)
    file_retention: timedelta = timedelta(days=2)
    operation_retention: timedelta = timedelta(days=2)
    inline_limit: int = 4 * 1024 * 1024
    """Largest video, in bytes, that an interaction on the Gemini API delivers inline."""

    payload_limit: int = 20 * 1024 * 1024
    """Largest body, in bytes, of generateContent and of an interaction ("Request payload size exceeds the limit")."""

    buckets: frozenset[str] = frozenset({"simulated-bucket"})
    objects: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """What the buckets hold at the start: `bucket/object name` -> bytes."""

    separate_download_host: bool = False
    """Redirect downloads to a second port, another origin, as Google may redirect to its storage host."""
    journal: Path | None = None
    """Every accepted paid job is appended to this file, one JSON object a line, synced before the answer leaves."""
    faults: tuple[Fault, ...] = ()
    requests_kept: int = 10_000

    def video_seconds(self, model: str) -> float:
        """How long a video of this model takes, in seconds."""
        return self.video_latency(model) if callable(self.video_latency) else self.video_latency
