"""Paid video jobs of either kind: when they end, and how. Nothing runs: a job's state follows from the clock."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from proxy.simulator.call import Call
from proxy.simulator.faults import Empty, Error, Filtered, JobOutcome, Stuck
from proxy.simulator.ledger import Ledger, fingerprint
from proxy.simulator.media.recipe import VideoRecipe
from proxy.simulator.media.studio import Studio
from proxy.simulator.orders import VideoOrder
from proxy.simulator.refusals import refusal_of
from proxy.simulator.settings import SimulatorSettings


class Phase(StrEnum):
    """Where a job is."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(slots=True, kw_only=True)
class VideoJob:
    """One accepted order. `outcome` None means that it ends well."""

    name: str
    order: VideoOrder
    accepted_at: datetime
    ends_at: datetime
    outcome: JobOutcome | None
    cancelled: bool = False
    delivered: list[str] = field(default_factory=list)
    """Where the finished clips are: file ids or `gs://` URIs, in order."""

    def phase(self, now: datetime) -> Phase:
        """What a poll sees now."""
        if self.cancelled:
            return Phase.CANCELLED
        if isinstance(self.outcome, Stuck) or now < self.ends_at:
            return Phase.RUNNING
        return Phase.DONE

    def withheld(self) -> int:
        """How many of the clips asked for were filtered."""
        match self.outcome:
            case Filtered(count=count):
                return self.order.samples if count is None else min(count, self.order.samples)
            case Empty() | Error() | Stuck():
                return 0
            case None:
                return 0

    def clips(self) -> list[VideoRecipe]:
        """What comes out in the end."""
        if self.outcome is not None and not isinstance(self.outcome, Filtered):
            return []
        return [self.order.recipe(sample) for sample in range(self.order.samples - self.withheld())]


class VideoJobs:
    """Takes orders and remembers them."""

    def __init__(self, settings: SimulatorSettings, ledger: Ledger, studio: Studio) -> None:
        self._settings = settings
        self._ledger = ledger
        self._studio = studio
        self._jobs: dict[str, VideoJob] = {}

    def accept(self, call: Call, order: VideoOrder, name: str) -> VideoJob:
        """Take the order on: from here on it is paid for, whatever the caller gets to hear."""
        now = self._settings.now()
        refusal = refusal_of(order.prompt)
        job = VideoJob(
            name=name,
            order=order,
            accepted_at=now,
            ends_at=now + timedelta(seconds=self._settings.video_seconds(order.model)),
            outcome=call.outcome or (refusal.job if refusal else None),
        )
        self._jobs[name] = job
        self._ledger.accept(
            at=now,
            surface=call.surface,
            model=order.model,
            name=name,
            prompt=order.prompt,
            seconds=order.seconds,
            samples=order.samples,
            body_sha256=fingerprint(call.content),
        )
        call.accepted = True
        if self._settings.render_ahead:
            for recipe in job.clips():
                self._studio.start_ahead(recipe)
        return job

    def find(self, name: str) -> VideoJob | None:
        """A job that Google still remembers."""
        job = self._jobs.get(name)
        if job is None or self._settings.now() >= job.ends_at + self._settings.operation_retention:
            return None
        return job

    def finish(self, name: str) -> None:
        """End a job now, stuck or not, whatever its latency."""
        job = self._jobs[name]
        job.ends_at = self._settings.now()
        if isinstance(job.outcome, Stuck):
            job.outcome = None


def new_operation_id() -> str:
    """The tail of an operation name."""
    return secrets.token_hex(8)
