"""A job whose inputs must be uploaded first: it waits in the queue meanwhile, and is submitted once, whoever dies."""

import asyncio
import base64
import io
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from proxy.google_files.uploads import UploadLimits, Uploads
from proxy.jobs.job import Accepted, Due, IllegalTransition, JobState, PutOff, advance
from proxy.jobs.runner import Runner
from proxy.jobs.submit import UPLOAD_HOLD, Submitter
from proxy.jobs.targets import check_size
from proxy.simulator import Fault, Hang, RunningSimulator
from proxy.wiring import Entry
from tests.jobs import NOW, TARGET, KnownLoad, a_claim, a_job
from tests.proxy.e2e.serving import until
from tests.proxy.jobs.bench import OMNI, Bench, a_bench, google_key, vertex
from tests.proxy.jobs.test_queue import lane, queue, wanting
from translators.errors import PayloadTooLarge
from translators.resolve import Backend
from translators.video.spec import VideoMedia, VideoSpec
from translators.wire.call import Surface

SMALL = UploadLimits(inline=2_000, vertex_inline=2_000)
LATER = NOW + timedelta(seconds=15)


def picture() -> VideoMedia:
    """A PNG of some kilobytes."""
    file = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(file, "PNG")
    return VideoMedia(mime_type="image/png", data=base64.b64encode(file.getvalue()).decode())


def key(google: RunningSimulator) -> list[Entry]:
    return [google_key(google)]


def reborn(bench: Bench) -> None:
    """Another process: it knows the ledger, and nothing of what this one has uploaded."""
    uploads = Uploads(bench.google.upstream, bench.clock, SMALL)
    old = bench.runner
    bench.runner = Runner(
        ledger=bench.ledger,
        submitter=Submitter(bench.google, bench.ledger, bench.clock, uploads=uploads, timeout=20.0),
        poller=old._poller,
        fetcher=old._fetcher,
        looker=old._looker,
        board=old._board,
        clock=bench.clock,
    )


def count(bench: Bench, verb: str) -> int:
    return len(bench.simulator.requests_for(verb))


async def test_it_waits_in_the_queue_while_it_is_uploaded(tmp_path) -> None:
    """The first claim puts it off with nothing sent; the second submits it, by the credential that has the bytes."""
    async with a_bench(tmp_path, key, limits=SMALL) as bench:
        await bench.job(OMNI, image=picture())
        claimed = await bench.claim()
        await bench.runner.run(claimed)
        row = await bench.row()
        assert (row.state, row.inputs_at, row.submitted_at) == (JobState.QUEUED, bench.entries[0].credential.id, None)
        assert (count(bench, "startUpload"), count(bench, "createInteraction")) == (1, 0)
        job = await bench.carry()
        assert job.state is JobState.COMPLETED
        assert (count(bench, "startUpload"), len(bench.simulator.submits)) == (1, 1)
        body = bench.simulator.requests_for("createInteraction")[0].body
        assert "data" not in str(body["input"])


async def test_killed_between_the_upload_and_the_submit(tmp_path) -> None:
    """The next process finds a waiting job with its bytes: it uploads them again, and submits once."""
    async with a_bench(tmp_path, key, limits=SMALL) as bench:
        await bench.job(OMNI, image=picture())
        await bench.runner.run(await bench.claim())
        reborn(bench)
        job = await bench.carry()
        assert job.state is JobState.COMPLETED
        assert (count(bench, "startUpload"), len(bench.simulator.submits)) == (2, 1)


async def test_killed_inside_the_upload(tmp_path) -> None:
    """It is left alone while its upload may still be under way, and no longer; then it is submitted once."""
    async with a_bench(tmp_path, key, limits=SMALL) as bench:
        await bench.job(OMNI, image=picture())
        bench.simulator.faults.add(Fault(verb="uploadChunk", action=Hang(), times=1))
        save, dead = bench.ledger.save, False

        async def written_while_alive(job: Any) -> None:
            if not dead:
                await save(job)

        bench.ledger.save = written_while_alive  # type: ignore[method-assign]
        running = asyncio.create_task(bench.runner.run(await bench.claim()))

        async def uploading() -> int:
            return count(bench, "uploadChunk")

        await until(uploading)
        assert (await bench.row()).state is JobState.QUEUED
        assert await bench.ledger.claim(bench.queue.choose, bench.clock.now()) is None
        dead = True
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        dead = False
        bench.simulator.faults.release()
        assert await bench.ledger.claim(bench.queue.choose, bench.clock.now()) is None
        bench.clock.advance(UPLOAD_HOLD.total_seconds())
        reborn(bench)
        job = await bench.carry()
        assert job.state is JobState.COMPLETED
        assert len(bench.simulator.submits) == 1


async def test_stopped_inside_the_upload(tmp_path) -> None:
    """Stopping gives the job back at once: nobody has to wait for the hold to end."""
    async with a_bench(tmp_path, key, limits=SMALL) as bench:
        await bench.job(OMNI, image=picture())
        bench.simulator.faults.add(Fault(verb="uploadChunk", action=Hang(), times=1))
        running = asyncio.create_task(bench.runner.run(await bench.claim()))

        async def uploading() -> int:
            return count(bench, "uploadChunk")

        await until(uploading)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        bench.simulator.faults.release()
        row = await bench.row()
        assert (row.state, row.not_before <= bench.clock.now()) == (JobState.QUEUED, True)
        reborn(bench)
        assert (await bench.carry()).state is JobState.COMPLETED
        assert len(bench.simulator.submits) == 1


async def test_cancelled_inside_the_upload(tmp_path) -> None:
    """It waits, so it can be cancelled; what comes of the upload is nobody's business any more."""
    async with a_bench(tmp_path, key, limits=SMALL, upload_latency=30.0) as bench:
        await bench.job(OMNI, image=picture())
        bench.simulator.faults.add(Fault(verb="uploadChunk", action=Hang(), times=1))
        running = asyncio.create_task(bench.runner.run(await bench.claim()))

        async def uploading() -> int:
            return count(bench, "uploadChunk")

        await until(uploading)
        cancelled = await bench.ledger.cancel_queued("video_1", bench.clock.now())
        assert cancelled is not None
        bench.simulator.faults.release()
        await running
        assert (await bench.row()).state is JobState.CANCELLED
        assert not bench.simulator.submits


def test_putting_off_is_only_for_what_was_not_sent() -> None:
    """From `submitting` back to the queue, once; a job that Google has is neither put off nor moved in its turn."""
    claimed = advance(a_job(refused_by=("key-9",)), a_claim(), NOW)
    waiting = advance(claimed, PutOff(not_before=LATER, inputs_at="key-1"), NOW)
    assert (waiting.state, waiting.inputs_at, waiting.not_before) == (JobState.QUEUED, "key-1", LATER)
    assert (waiting.pinned, waiting.owner, waiting.submitted_at) == (None, None, None)
    assert (waiting.refused_by, waiting.epoch) == (("key-9",), claimed.epoch)
    assert advance(waiting, Due(NOW), NOW).not_before == NOW

    running = advance(claimed, Accepted("operations/1"), NOW)
    for event in (PutOff(not_before=LATER, inputs_at="key-1"), Due(NOW)):
        with pytest.raises(IllegalTransition):
            advance(running, event, NOW)
    with pytest.raises(IllegalTransition):
        advance(claimed, Due(NOW), NOW)


def test_the_credential_with_the_inputs_goes_first() -> None:
    """Before priority and load; where it rests, or has refused the job, another one does."""
    job = wanting("a", "b", inputs_at="b")
    lanes = (lane("a", priority=9), lane("b", order=1))
    nothing = KnownLoad()

    def credential(rule: Any, asked: Any = job) -> str:
        found = rule.choose([asked], nothing, NOW)
        assert found is not None
        return found[1].target.credential_id

    assert credential(queue(*lanes)) == "b"
    assert credential(queue(*lanes, rests={"b": 60.0})) == "a"
    assert credential(queue(*lanes), wanting("a", "b", inputs_at="b", refused_by=("b",))) == "a"


def test_what_no_target_can_carry_is_refused_before_there_is_a_job() -> None:
    """On Vertex AI the bytes alone are too much; a Gemini API key uploads them."""
    spec = VideoSpec(prompt="fly", image=picture())
    on_vertex = replace(TARGET, backend=Backend.OMNI, surface=Surface.VERTEX)
    on_gemini = replace(TARGET, backend=Backend.OMNI, surface=Surface.GEMINI)
    with pytest.raises(PayloadTooLarge):
        check_size(spec, [on_vertex], SMALL)
    check_size(spec, [on_vertex, on_gemini], SMALL)
    check_size(spec, [replace(TARGET, surface=Surface.VERTEX, backend=Backend.VERTEX)], SMALL)
    with pytest.raises(PayloadTooLarge):
        check_size(replace(spec, prompt="x" * 3000), [on_gemini], SMALL)


async def test_on_vertex_too_large_ends_truthfully(tmp_path) -> None:
    """A job of an older day, written before its bound was known: it fails with the way out, and nothing is sent."""
    async with a_bench(tmp_path, lambda google: [vertex(google)], limits=SMALL) as bench:
        await bench.job(OMNI, image=picture())
        job = await bench.carry()
        assert job.state is JobState.FAILED
        assert job.error is not None
        assert "gs://" in job.error.message
        assert count(bench, "createInteraction") == 0
