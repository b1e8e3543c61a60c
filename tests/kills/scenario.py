"""One wish for a video, through the deaths of the proxy that was asked: what became of it, and what it cost."""

import asyncio
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from proxy.jobs.job import JobState
from proxy.simulator import RunningSimulator, running_simulator
from proxy.simulator.media.recipe import VideoRecipe
from tests.kills.backends import Backend, configuration
from tests.kills.caller import Said, Source, ask
from tests.kills.crossings import Crossing, read_diary
from tests.kills.disk import adrift, damage, jobs_on_disk
from tests.kills.process import Victim
from tests.kills.victim import Order

SURVIVAL = 60.0
"""Seconds within which a life must come to its end."""

AFTERMATH = 0.5
"""Seconds after the answer in which a crossing may still come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A wish, and where the proxy dies: at crossings, or so many seconds after the request."""

    backend: Backend
    deaths: tuple[Crossing | float, ...]
    source: Source = Source.CHAT
    marked: bool = True
    """A repeat says that it is one, as OpenAI's SDKs do."""

    def __str__(self) -> str:
        deaths = ", ".join(f"{death:.3f} s" if isinstance(death, float) else str(death) for death in self.deaths)
        mark = "" if self.marked else ", unmarked"
        return f"{self.backend.name} ({self.source.value}{mark}) killed at: {deaths or 'never'}"


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of it."""

    scenario: Scenario
    kills: int = 0
    accepted: int = 0
    delivered: bool = False
    uncertain: bool = False
    resumed_after: list[float] = field(default_factory=list)
    """Seconds from a proxy's being ready to the end of the job that it took up."""
    missed: list[Crossing] = field(default_factory=list)
    """Crossings that did not happen: it was killed after its answer."""
    troubles: list[str] = field(default_factory=list)

    @property
    def hit_its_boundary(self) -> bool:
        """A death at a boundary that every life crosses came there, and not after the answer."""
        return len(self.scenario.deaths) > 1 or all(
            crossing.nth > 1 or (crossing.boundary == "ledger.mark" and self.scenario.source is Source.VIDEOS)
            for crossing in self.missed
        )

    @property
    def paid_twice(self) -> bool:
        return self.accepted > 1

    @property
    def lost(self) -> bool:
        """Paid for, and neither delivered nor truthfully given up."""
        return self.accepted > 0 and not self.delivered and not self.uncertain


class Life:
    """The folder and the Google of one scenario, and the proxies that live and die there."""

    def __init__(self, scenario: Scenario, google: RunningSimulator, folder: Path) -> None:
        self._scenario = scenario
        self._google = google
        self._folder = folder
        self._data = folder / "data"
        self._config = folder / "config.yaml"
        self._config.write_text(yaml.safe_dump(configuration(scenario.backend, google, folder)), encoding="utf-8")
        self._dead_owners: set[str] = set()
        self._inside_the_post = False
        self._tries = 0
        self._job_id: str | None = None
        self.answered: Said | None = None
        """What came before a death: without a mark, the same request again would be a new wish."""
        self.outcome = Outcome(scenario=scenario)

    def start(self, *, deadly: Crossing | None = None, diary: Path | None = None, log: str = "log.txt") -> Victim:
        """A proxy on the folder."""
        return Victim.start(
            Order(
                config=self._config,
                storage_base_url=self._google.base_url,
                log=self._folder / log,
                deadly=deadly,
                diary=diary,
            )
        )

    async def ask(self, base_url: str) -> Said:
        """Send the wish, marked as a repeat from the second time on."""
        retry = self._tries if self._scenario.marked else 0
        self._tries += 1
        scenario = self._scenario
        said = await ask(
            base_url,
            scenario.backend.model,
            scenario.source,
            retry=retry,
            job_id=self._job_id,
            picture=scenario.backend.picture,
        )
        self._job_id = said.job_id or self._job_id
        return said

    async def die(self, death: Crossing | float) -> None:
        """One life that ends by SIGKILL, at a crossing or at a moment, or after the answer if neither came before."""
        proxy = self.start(deadly=death if isinstance(death, Crossing) else None)
        try:
            base_url = await proxy.ready()
            if base_url is not None:
                self._look_for_the_adrift()
                async with asyncio.timeout(SURVIVAL):
                    await self._ask_until_killed(proxy, base_url, death)
        finally:
            await proxy.kill()
        self.outcome.kills += 1
        if proxy.exit_code != -signal.SIGKILL:
            self.outcome.troubles.append(f"the proxy ended by itself, with {proxy.exit_code}: {self._folder}/log.txt")
        self._bury()

    async def _ask_until_killed(self, proxy: Victim, base_url: str, death: Crossing | float) -> None:
        asking = asyncio.create_task(self.ask(base_url))
        dying = asyncio.create_task(proxy.dead())
        longest = death if isinstance(death, float) else None
        await asyncio.wait({asking, dying}, timeout=longest, return_when=asyncio.FIRST_COMPLETED)
        if isinstance(death, Crossing):
            await asyncio.wait({dying}, timeout=AFTERMATH)
            if not dying.done():
                self.outcome.missed.append(death)
        await proxy.kill()
        said, _ = await asyncio.gather(asking, dying)
        if not said.broken and not self._scenario.marked:
            self.answered = said

    async def live(self) -> None:
        """The life after the last death: nothing is in the way, so the wish must come true, or truthfully not."""
        proxy = self.start()
        try:
            async with asyncio.timeout(SURVIVAL):
                await self._live_with(proxy)
        except TimeoutError:
            self.outcome.troubles.append(f"neither video nor truth within {SURVIVAL:g} s")
        finally:
            await proxy.kill()
        self.outcome.accepted = len(self._google.submits)
        self.outcome.troubles += await damage(self._data)

    async def _live_with(self, proxy: Victim) -> None:
        base_url = await proxy.ready()
        if base_url is None:
            self.outcome.troubles.append("the proxy does not start any more")
            return
        self._look_for_the_adrift()
        ready_at, had_job = time.monotonic(), bool(jobs_on_disk(self._data))
        said = self.answered or await self.ask(base_url)
        if had_job:
            self.outcome.resumed_after.append(time.monotonic() - ready_at)
        await self._judge(said)

    def _bury(self) -> None:
        for job in jobs_on_disk(self._data):
            self._inside_the_post |= job.state in (JobState.SUBMITTING, JobState.UNCERTAIN)
            if job.owner is not None:
                self._dead_owners.add(job.owner)

    def _look_for_the_adrift(self) -> None:
        left = adrift(jobs_on_disk(self._data), self._dead_owners)
        self.outcome.troubles += [f"ready, and nobody owns {job_id}" for job_id in left]

    async def _judge(self, said: Said) -> None:
        if said.video is not None:
            self.outcome.delivered = True
            await self._judge_video(said)
        elif said.error is not None and said.error["code"] == "submission_uncertain":
            self.outcome.uncertain = True
            self._judge_uncertain(said.error)
        else:
            self.outcome.troubles.append(f"neither video nor truth: {said.error}")

    async def _judge_video(self, said: Said) -> None:
        made = {await self._google.world.studio.make(clip) for clip in self._clips()}
        if said.video not in made:
            self.outcome.troubles.append("the video is not the one that Google made")
        [job] = [job for job in jobs_on_disk(self._data) if job.state is JobState.COMPLETED] or [None]
        if job is None or job.id != said.job_id:
            self.outcome.troubles.append(f"the answer names {said.job_id}, the ledger {job and job.id}")

    def _judge_uncertain(self, error: dict[str, object]) -> None:
        """Only a death inside the POST may end so, and the words must be true."""
        if not self._inside_the_post:
            self.outcome.troubles.append("uncertain, although the answer to the submit was on disk")
        if self._scenario.backend.finds_lost_answers and self._google.submits:
            self.outcome.troubles.append("uncertain, although the video lies under the job's prefix")
        [job] = jobs_on_disk(self._data)
        if error.get("job_id") != job.id or job.pinned is None or job.pinned.credential_id not in str(error["message"]):
            self.outcome.troubles.append(f"uncertain, and does not say what is known: {error}")

    def _clips(self) -> list[VideoRecipe]:
        return [clip for job in self._google.world.jobs._jobs.values() for clip in job.clips()]


async def play(scenario: Scenario, folder: Path) -> Outcome:
    """Live through all deaths of a scenario and one life more."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    async with running_simulator(scenario.backend.settings()) as google:
        life = Life(scenario, google, folder)
        for death in scenario.deaths:
            if life.answered is None:
                await life.die(death)
        await life.live()
        return life.outcome


async def rehearse(scenario: Scenario, folder: Path) -> tuple[list[Crossing], float]:
    """Let the last life of a scenario keep a diary: its crossings in their order, and how long its answer took."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    diary = folder / "diary.txt"
    async with running_simulator(scenario.backend.settings()) as google:
        life = Life(scenario, google, folder)
        for death in scenario.deaths:
            await life.die(death)
        proxy = life.start(diary=diary)
        try:
            base_url = await proxy.ready()
            assert base_url is not None
            began = time.monotonic()
            await life.ask(base_url)
            took = time.monotonic() - began
        finally:
            await proxy.kill()
        return read_diary(diary), took
