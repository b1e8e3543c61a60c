"""A jobs room on a bench: real ledger, media store and HTTP, a simulated Google, and a clock that never waits."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from proxy.config import load_config
from proxy.config.schema import Strategy
from proxy.credentials import load
from proxy.credentials.credential import Credential
from proxy.credentials.pool import CredentialPool
from proxy.credentials.tokens import Tokens
from proxy.google_files.uploads import UploadLimits, Uploads
from proxy.jobs.board import Board
from proxy.jobs.fetch import Fetcher
from proxy.jobs.google import Google
from proxy.jobs.history import History
from proxy.jobs.job import Job, JobState
from proxy.jobs.look import Looker
from proxy.jobs.poll import Poller
from proxy.jobs.queue import Lane, Queue
from proxy.jobs.runner import Runner
from proxy.jobs.sqlite import SqliteLedger
from proxy.jobs.submit import Submitter
from proxy.jobs.targets import job_targets
from proxy.media.store import MediaStore
from proxy.simulator import RunningSimulator, SimulatorSettings, running_simulator
from proxy.simulator.settings import utc_now
from proxy.upstream import Upstream
from proxy.wiring import Entry, lanes_of, offers_of, read_catalog
from tests.proxy.jobs.fake_clock import FakeClock
from translators.resolve import resolve
from translators.video.spec import VideoSpec

VEO = "veo-3.1-generate-001"
OMNI = "gemini-omni-1.2-flash"
BUCKET = "gs://simulated-bucket/videos"
LEASE = timedelta(seconds=30)

Entries = Callable[[RunningSimulator], Sequence[Entry]]


def relay(google: RunningSimulator, **settings: Any) -> Entry:
    """An API key with a base URL of its own: a relay on which Veo lives."""
    return entry(load.gemini_api_key(google.api_key, base_url=google.base_url, **settings))


def google_key(google: RunningSimulator, **settings: Any) -> Entry:
    """An API key of Google's own Gemini API."""
    return entry(load.gemini_api_key(google.api_key, base_url=google.base_url, **settings), simulated=True)


def vertex(google: RunningSimulator, **settings: Any) -> Entry:
    """A service account."""
    return entry(load.from_google_json(google.service_account(), base_url=google.base_url, **settings), simulated=True)


def two_accounts(google: RunningSimulator, **settings: Any) -> list[Entry]:
    """One service account in two credentials; the first comes first."""
    document = google.service_account()
    made = [load.from_google_json(document, base_url=google.base_url, priority=p, **settings) for p in (9, 0)]
    return [entry(credential, simulated=True) for credential in made]


def nowhere(google: RunningSimulator) -> Entry:
    """A relay at an address where nobody listens."""
    return entry(load.gemini_api_key(google.api_key, base_url="http://127.0.0.1:9"))


def entry(credential: Credential, *, simulated: bool = False) -> Entry:
    """A credential without limits."""
    return Entry(credential=credential, concurrency=None, per_minute=None, simulated=simulated)


@dataclass(slots=True, kw_only=True)
class Bench:
    """The room's parts, and the few steps that a test takes with them."""

    simulator: RunningSimulator
    clock: FakeClock
    ledger: SqliteLedger
    media: MediaStore
    media_folder: Path
    google: Google
    history: History
    entries: Sequence[Entry]
    runner: Runner
    lanes: dict[str, Lane]
    strategy: Strategy = Strategy.ROUND_ROBIN
    owner: str = "this-process"

    async def job(self, model: str = VEO, *, job_id: str = "video_1", prompt: str = "a red kite", **wish: Any) -> Job:
        """A waiting job, as the desk writes it."""
        spec = VideoSpec(prompt=prompt, **{"duration": 4, **wish})
        resolution = resolve(self.google.catalog, model, offers_of(self.entries, load_config(None, {}, {}).config))
        now = self.clock.now()
        job = Job(
            id=job_id,
            caller="alice",
            created_at=now,
            not_before=now,
            fingerprint=spec.fingerprint(model),
            asked_model=model,
            prompt=prompt,
            parameters=spec.parameters(),
            targets=job_targets(spec, resolution),
            timeout=timedelta(minutes=15),
        )
        return await self.ledger.create(job, spec.to_json())

    @property
    def queue(self) -> Queue:
        """The rule of a claim."""
        return Queue(
            lanes=self.lanes,
            rests=self.google.pool.resting_seconds,
            strategy=self.strategy,
            owner=self.owner,
            lease=LEASE,
        )

    async def claim(self) -> Job:
        """The next job, claimed."""
        claimed = await self.ledger.claim(self.queue.choose, self.clock.now())
        assert claimed is not None
        return claimed

    async def row(self, job_id: str = "video_1") -> Job:
        """The job as the ledger has it."""
        row = await self.ledger.get(job_id)
        assert row is not None
        return row

    async def carry(self, job_id: str = "video_1") -> Job:
        """Claim and run until the job has ended, waiting where the queue would."""
        for _ in range(40):
            claimed = await self.ledger.claim(self.queue.choose, self.clock.now())
            if claimed is None:
                await self.clock.sleep(1.0)
            elif not claimed.ended:
                await self.runner.run(claimed)
            row = await self.row(job_id)
            if row.ended:
                return row
        raise AssertionError(f"{job_id} never ended; it is {row.state}")

    async def adopted(self) -> Job:
        """The only job without an owner, taken over by another process."""
        [job] = await self.ledger.adopt("next-process", lambda _: False, self.clock.now() + LEASE, self.clock.now())
        return job

    async def stored(self, job: Job) -> bytes:
        """The first video of a completed job."""
        assert job.state is JobState.COMPLETED, job.error
        return (await self.media.open(job.media[0].name)).path.read_bytes()

    def files(self) -> list[str]:
        """Everything in the media folder that is a video."""
        return [path.name for path in self.media_folder.rglob("*") if path.suffix in (".mp4", ".part")]


@asynccontextmanager
async def a_bench(
    folder: Path,
    entries: Entries = lambda google: [relay(google)],
    *,
    max_polls: int = 400,
    limits: UploadLimits | None = None,
    **settings: Any,
) -> AsyncIterator[Bench]:
    """A bench with these credentials; `settings` are the simulator's."""
    clock = FakeClock()
    chosen = {"alive_veo_on_gemini": True, "video_latency": 60.0, "now": clock.now, "token_now": utc_now, **settings}
    async with AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(running_simulator(SimulatorSettings(**chosen)))
        wanted = list(entries(simulator))
        credentials = list(load.distinct(entry.credential for entry in wanted).values())
        made = [replace(entry, credential=credential) for entry, credential in zip(wanted, credentials, strict=True)]
        tokens = Tokens(now=utc_now)
        stack.push_async_callback(tokens.close)
        upstream = Upstream(tokens=tokens, clock=time.monotonic, storage_base_url=simulator.base_url)
        await upstream.open()
        stack.push_async_callback(upstream.close)
        pool = CredentialPool(credentials, clock=lambda: clock.now().timestamp())
        google = Google(upstream=upstream, pool=pool, catalog=read_catalog(load_config(None, {}, {}).config))
        uploads = Uploads(upstream, clock, limits or UploadLimits())
        stack.push_async_callback(uploads.close)
        ledger = SqliteLedger.open(folder / "jobs.sqlite3")
        stack.push_async_callback(ledger.close)
        media = MediaStore(folder / "media", now=clock.now)
        history = History(polls_per_minute=6000)
        runner = Runner(
            ledger=ledger,
            submitter=Submitter(google, ledger, clock, uploads=uploads, timeout=20.0),
            poller=Poller(google, media, history, clock, max_polls=max_polls, timeout=20.0),
            fetcher=Fetcher(google, media, clock, timeout=20.0, retention=timedelta(days=7)),
            looker=Looker(google, clock),
            board=Board(),
            clock=clock,
        )
        yield Bench(
            simulator=simulator,
            clock=clock,
            ledger=ledger,
            media=media,
            media_folder=folder / "media",
            google=google,
            history=history,
            entries=made,
            runner=runner,
            lanes=dict(lanes_of(made)),
        )
