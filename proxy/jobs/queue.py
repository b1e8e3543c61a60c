"""Who may be submitted next, and by which credential. Pure: the ledger runs it inside the transaction of a claim."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from proxy.config.schema import Strategy
from proxy.jobs.job import Claimed, Ended, Job, JobError, JobState, JobTarget
from proxy.jobs.ledger import RATE_WINDOW, Load


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One credential as the queue sees it at this moment."""

    credential_id: str
    order: int
    priority: int = 0
    weight: int = 1
    concurrency: int | None = None
    """Jobs at Google at once, for each model; None: no limit."""
    per_minute: int | None = None
    """Submissions within any 60 seconds, for each model; None: no limit."""
    storage_uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The rule of a claim: bind it to the lanes of the moment and hand it to `Ledger.claim`."""

    lanes: Mapping[str, Lane]
    rests: Callable[[str, str], float]
    """(credential, upstream model) -> seconds for which Google wants to be left alone."""
    strategy: Strategy
    owner: str
    lease: timedelta

    def choose(self, waiting: Sequence[Job], load: Load, now: datetime) -> tuple[Job, Claimed | Ended] | None:
        """The first waiting job that some credential may carry now, and its claim; a job none can ever carry ends."""
        for job in waiting:
            known = [target for target in job.targets if self._takes_part(target)]
            if not known:
                return job, Ended(JobState.FAILED, no_credential(job))
            free = [target for target in self._worth_trying(job, known) if self._free(target, load, now)]
            if free:
                return job, self._claim(job, self._best(job, free, load), now)
        return None

    def next_free(self, target: JobTarget, load: Load, now: datetime) -> datetime | None:
        """When a target that is held back by time alone may go; None if it waits for another job to end."""
        lane = self.lanes[target.credential_id]
        key = (target.credential_id, target.upstream_id)
        if lane.concurrency is not None and load.active(key) >= lane.concurrency:
            return None
        rested = now + timedelta(seconds=self.rests(*key))
        in_the_way = None if lane.per_minute is None else load.submitted_at(key, lane.per_minute)
        return rested if in_the_way is None else max(rested, in_the_way + RATE_WINDOW)

    def _worth_trying(self, job: Job, known: Sequence[JobTarget]) -> Sequence[JobTarget]:
        """Those that have not just refused the job, as long as one of them is not resting; else all."""
        others = [target for target in known if target.credential_id not in job.refused_by]
        awake = any(self.rests(target.credential_id, target.upstream_id) <= 0 for target in others)
        return others if awake else known

    def _free(self, target: JobTarget, load: Load, now: datetime) -> bool:
        when = self.next_free(target, load, now)
        return when is not None and when <= now

    def _takes_part(self, target: JobTarget) -> bool:
        """A weight of zero or less takes a credential out of the weighted rotation."""
        lane = self.lanes.get(target.credential_id)
        return lane is not None and (self.strategy is not Strategy.WEIGHTED_ROUND_ROBIN or lane.weight > 0)

    def _best(self, job: Job, free: Sequence[JobTarget], load: Load) -> JobTarget:
        """The preferred one; where there is no choice, the load is not asked for."""
        if len(free) == 1:
            return free[0]
        return min(free, key=lambda target: (target.credential_id != job.inputs_at, *self._preference(target, load)))

    def _preference(self, target: JobTarget, load: Load) -> tuple[float, ...]:
        """Priority first; then the least busy (long jobs make turns pointless), or the first in order."""
        lane = self.lanes[target.credential_id]
        key = (target.credential_id, target.upstream_id)
        match self.strategy:
            case Strategy.FILL_FIRST:
                return (-lane.priority, lane.order)
            case Strategy.WEIGHTED_ROUND_ROBIN:
                weight = lane.weight
            case Strategy.ROUND_ROBIN:
                weight = 1
        return (-lane.priority, load.active(key) / weight, load.submitted(key) / weight, lane.order)

    def _claim(self, job: Job, target: JobTarget, now: datetime) -> Claimed:
        storage = job.parameters.get("storage_uri") or self.lanes[target.credential_id].storage_uri
        prefix = f"{str(storage).rstrip('/')}/{job.id}" if storage and target.surface.value == "vertex" else None
        return Claimed(owner=self.owner, lease_until=now + self.lease, target=target, storage_prefix=prefix)


def no_credential(job: Job) -> JobError:
    """Why a waiting job whose credentials have left the configuration ends."""
    names = ", ".join(target.credential_id for target in job.targets)
    return JobError(
        type="Unavailable",
        message=f"None of the credentials this job could use is configured any more ({names}). Nothing was sent.",
        code="no_credential",
    )
