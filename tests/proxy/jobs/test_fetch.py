"""Bringing videos home: downloads are repeated, submits never."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from proxy.answer import Reply
from proxy.jobs.errors import raised
from proxy.jobs.job import JobState
from proxy.simulator import Drop, Expired, Fault, Status, Truncated
from tests.proxy.jobs.bench import BUCKET, OMNI, a_bench, google_key, vertex

SUBMITS = ("predictLongRunning", "createInteraction")


def submits(bench) -> int:
    return sum(len(bench.simulator.requests_for(verb)) for verb in SUBMITS)


TROUBLES = {
    "truncated": Fault(verb="downloadContent", times=2, action=Truncated()),
    "dropped": Fault(verb="downloadContent", times=2, action=Drop()),
    "503": Fault(verb="downloadFile", times=2, action=Status(status=503)),
    "429": Fault(verb="downloadFile", times=2, action=Status(status=429)),
    "early 404s": Fault(verb="downloadFile", times=2, action=Expired(status=404)),
    "web pages": Fault(verb="downloadFile", times=9, action=Status(status=404, body="<html>")),
    "empty": Fault(verb="downloadContent", times=2, action=Truncated(fraction=0)),
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_download_is_repeated_until_it_is_whole(tmp_path, trouble) -> None:
    """One submit, one file, every byte."""
    async with a_bench(tmp_path, separate_download_host=True) as bench:
        bench.simulator.faults.add(TROUBLES[trouble])
        await bench.job()
        job = await bench.carry()
        video = await bench.stored(job)

    assert video[4:8] == b"ftyp"
    assert len(video) == job.media[0].size
    assert len(bench.files()) == 1
    assert submits(bench) == 1


@pytest.mark.parametrize("status", [403, 404])
async def test_a_file_that_google_no_longer_has(tmp_path, status) -> None:
    """The video was made and is gone: expired, with its address; nothing is made anew."""
    async with a_bench(tmp_path) as bench:
        bench.simulator.faults.add(Fault(verb="downloadFile", action=Expired(status=status)))
        await bench.job()
        job = await bench.carry()

    assert (job.state, job.error.code) == (JobState.EXPIRED, "video_expired")
    assert "/files/" in job.error.message
    assert (raised(job).status, raised(job).should_retry) == (404, False)
    assert submits(bench) == 1


async def test_a_bucket_that_may_not_be_read_is_tried_until_it_may(tmp_path) -> None:
    """The operator grants the right an hour later, and the video comes home."""
    async with a_bench(tmp_path, lambda google: [vertex(google, storage_uri=BUCKET)]) as bench:
        denied = {"error": {"code": 403, "message": "does not have storage.objects.get access"}}
        bench.simulator.faults.add(Fault(verb="getObject", times=60, action=Status(status=403, body=denied)))
        await bench.job()
        job = await bench.carry()

    assert job.state is JobState.COMPLETED
    assert (job.finished_at - job.done_at) > timedelta(minutes=50)
    assert submits(bench) == 1


async def test_one_of_several_is_gone(tmp_path) -> None:
    """The others are paid for: they are kept, and the loss is told."""
    async with a_bench(tmp_path, lambda google: [vertex(google, storage_uri=BUCKET)]) as bench:
        gone = Fault(verb="getObject", path="*sample_1*", action=Status(status=404))
        bench.simulator.faults.add(gone)
        await bench.job(samples=3)
        job = await bench.carry()

    assert (job.state, len(job.media)) == (JobState.COMPLETED, 2)
    assert any(warning.startswith("One of the 3 videos is missing") for warning in job.warnings)
    assert job.cost == pytest.approx(0.40 * 4 * 3)


async def test_omnis_file_is_waited_for(tmp_path) -> None:
    """PROCESSING for two minutes, then ACTIVE."""
    async with a_bench(tmp_path, lambda google: [google_key(google)], file_latency=120.0) as bench:
        await bench.job(OMNI)
        job = await bench.carry()

    assert job.state is JobState.COMPLETED
    assert len(bench.simulator.requests_for("getFile")) > 1
    assert submits(bench) == 1


@pytest.mark.parametrize("body", [{"error": {"code": 13, "message": "transcoding"}}, {}])
async def test_omnis_file_that_failed(tmp_path, body) -> None:
    """Google made the video and could not prepare its file: the job fails with Google's reason."""
    async with a_bench(tmp_path, lambda google: [google_key(google)]) as bench:
        await bench.job(OMNI)
        bench.google.upstream.call = failing_file(bench.google.upstream.call, body)  # type: ignore[method-assign]
        job = await bench.carry()

    assert (job.state, job.error.code) == (JobState.FAILED, "file_failed")
    assert ("transcoding" in job.error.message) is bool(body)
    assert submits(bench) == 1


def failing_file(call, body):
    """A Files API that says FAILED; the simulator's files never do."""

    async def answered(credential, asked, **more):
        if asked.resource.startswith("files/"):
            return Reply(status=200, headers={}, body=orjson.dumps({"state": "FAILED", **body}))
        return await call(credential, asked, **more)

    return answered


async def test_an_inline_video_that_somebody_removed(tmp_path) -> None:
    """It came with the poll and is gone from the store: expired, truthfully, and not tried for ever."""
    async with a_bench(tmp_path, lambda google: [vertex(google)]) as bench:
        await bench.job()
        job = await bench.runner._step(await bench.runner._submit(await bench.claim()))
        await bench.media.delete(job.results[0].stored)
        await bench.runner.run(job)
        job = await bench.row()

    assert (job.state, job.error.code) == (JobState.EXPIRED, "video_expired")
    assert job.operation in job.error.message
    assert submits(bench) == 1


async def test_a_model_that_left_the_catalogue_meanwhile(tmp_path) -> None:
    """The video is paid for and is kept, at the price that was known when it was asked for."""
    async with a_bench(tmp_path) as bench:
        await bench.job()
        job = await bench.runner._step(await bench.runner._submit(await bench.claim()))
        object.__setattr__(bench.google, "catalog", replace(bench.google.catalog, models={}, patterns=()))
        await bench.runner.run(job)
        job = await bench.row()

    assert job.state is JobState.COMPLETED
    assert job.cost == job.pinned.price


async def test_what_differs_from_the_request_is_told(tmp_path) -> None:
    """A video that is not as long or as large as was asked for is delivered, and says so."""
    async with a_bench(tmp_path) as bench:
        await bench.job(duration=6, resolution="720p")
        claimed = await bench.claim()
        job = await bench.runner._step(await bench.runner._submit(claimed))
        longer = replace(job, parameters={**job.parameters, "duration": 8, "resolution": "1080p"})
        event = await bench.runner._fetcher.fetch(longer)

    assert event.warnings == (
        "Video 0 lasts 6 s; 8 s were asked for.",
        "Video 0 is 1280x720; 1080p was asked for.",
    )


async def test_the_sidecar_tells_what_the_file_is(tmp_path) -> None:
    """Prompt, model, operation and cost, and no credential."""
    async with a_bench(tmp_path) as bench:
        await bench.job(prompt="a red kite over the sea")
        job = await bench.carry()
        told = await bench.media.metadata(job.media[0].name)

    assert (told["job"], told["prompt"], told["operation"]) == (job.id, "a red kite over the sea", job.operation)
    assert bench.simulator.api_key not in str(told)
