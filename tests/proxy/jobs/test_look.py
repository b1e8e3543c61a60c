"""An uncertain job: its videos are looked for where that is possible, and it is never sent again."""

from dataclasses import replace

import pytest

from proxy.jobs.job import JobState
from proxy.simulator import Drop, Fault, Filtered, Status
from tests.proxy.jobs.bench import BUCKET, OMNI, a_bench, relay, vertex

LOST = Drop(after_accepting=True)


def in_bucket(google):
    return [vertex(google, storage_uri=BUCKET)]


@pytest.mark.parametrize("samples", [1, 3])
async def test_the_videos_are_found_in_the_bucket(tmp_path, samples) -> None:
    """Google accepted, the answer was lost: the job's own folder has them, and one submit paid for them."""
    async with a_bench(tmp_path, in_bucket) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=LOST))
        await bench.job(samples=samples)
        job = await bench.carry()

    assert (job.state, len(job.media)) == (JobState.COMPLETED, samples)
    assert any("found in the job's own folder" in warning for warning in job.warnings)
    assert len(bench.simulator.requests_for("predictLongRunning")) == 1


async def test_fewer_than_asked_are_told(tmp_path) -> None:
    """One of two was withheld: what is there is taken after a second look, with a warning."""
    async with a_bench(tmp_path, in_bucket) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=Filtered(count=1)))
        job = await bench.job(samples=2)
        accepted = await bench.runner._submit(await bench.claim())
        bench.clock.advance(120)
        event = await bench.runner._looker.look(replace(accepted, state=JobState.UNCERTAIN))

    assert len(event.results) == 1
    assert "1 of 2 videos were there." in event.warnings
    assert job.id in event.results[0].uri


async def test_nothing_in_the_bucket(tmp_path) -> None:
    """Google never had it: after the job's time it ends, and says where its videos would be."""
    async with a_bench(tmp_path, in_bucket) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=Drop()))
        await bench.job()
        job = await bench.carry()

    assert (job.state, job.error.code) == (JobState.UNCERTAIN, "submission_uncertain")
    assert f"{BUCKET}/{job.id}" in job.error.message
    assert job.finished_at - job.submitted_at >= job.timeout
    assert len(bench.simulator.requests_for("predictLongRunning")) == 1


@pytest.mark.parametrize("model", ["veo-3.1-generate-001", OMNI])
async def test_without_a_bucket_there_is_nowhere_to_look(tmp_path, model) -> None:
    """It ends at once, truthfully."""
    async with a_bench(tmp_path, lambda google: [relay(google)]) as bench:
        bench.simulator.faults.add(Fault(action=LOST))
        await bench.job(model)
        job = await bench.carry()

    assert job.state is JobState.UNCERTAIN
    assert "Google offers no list" in job.error.message
    assert bench.clock.slept == []


async def test_a_bucket_that_answers_late(tmp_path) -> None:
    """Looks that fail are only looks that fail."""
    async with a_bench(tmp_path, in_bucket) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=LOST))
        bench.simulator.faults.add(Fault(verb="listObjects", times=5, action=Status(status=503)))
        await bench.job()
        job = await bench.carry()

    assert job.state is JobState.COMPLETED


async def test_a_process_that_died_inside_the_post(tmp_path) -> None:
    """The next start, hours later, still finds what the dead one paid for."""
    async with a_bench(tmp_path, in_bucket) as bench:
        bench.simulator.faults.add(Fault(verb="predictLongRunning", action=LOST))
        await bench.job()
        claimed = await bench.claim()
        await bench.runner._submitter.submit(claimed)  # whatever it learned dies with the process
        bench.clock.advance(6 * 3600)
        adopted = await bench.adopted()
        await bench.runner.run(adopted)
        job = await bench.row()

    assert adopted.state is JobState.UNCERTAIN
    assert job.state is JobState.COMPLETED
    assert len(bench.simulator.submits) == 1
