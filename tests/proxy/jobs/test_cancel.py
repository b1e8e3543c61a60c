"""Stopping a job at Google: only where Google says that it has stopped."""

import pytest

from proxy.jobs.cancel import Canceller
from proxy.jobs.job import JobState
from proxy.simulator import Drop, Fault, Status
from tests.proxy.jobs.bench import OMNI, a_bench, google_key, relay, vertex
from translators.errors import Conflict, UpstreamFailed


async def running(bench, model: str):
    await bench.job(model)
    return await bench.runner._submit(await bench.claim())


async def test_an_interaction_is_cancelled(tmp_path) -> None:
    """Google says so, and the job ends as cancelled."""
    async with a_bench(tmp_path, lambda google: [google_key(google)]) as bench:
        ending = await Canceller(bench.google, timeout=5).cancel(await running(bench, OMNI))

    assert ending.state is JobState.CANCELLED


async def test_veo_cannot_be_cancelled(tmp_path) -> None:
    """Its work goes on and is paid for: a conflict, and no call."""
    async with a_bench(tmp_path, lambda google: [relay(google)]) as bench:
        job = await running(bench, "veo-3.1-generate-001")
        with pytest.raises(Conflict):
            await Canceller(bench.google, timeout=5).cancel(job)
        assert len(bench.simulator.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(verb="cancelInteraction", action=Drop()),
        Fault(verb="token", action=Status(status=400, body={"error": "invalid_grant"})),
    ],
    ids=["dropped", "no token"],
)
async def test_what_could_not_be_asked_is_not_cancelled(tmp_path, fault) -> None:
    """The asking failed, for whatever reason: an error that says so, and the job runs on."""
    async with a_bench(tmp_path, lambda google: [vertex(google)]) as bench:
        job = await running(bench, OMNI)
        bench.simulator.faults.add(fault)
        expired = Status(status=401, body={"error": {"code": 401, "message": "expired", "status": "UNAUTHENTICATED"}})
        bench.simulator.faults.add(Fault(verb="cancelInteraction", action=expired))
        with pytest.raises(UpstreamFailed) as failed:
            await Canceller(bench.google, timeout=5).cancel(job)
        assert failed.value.code == "cancel_failed"
        assert (await bench.row()).state is JobState.RUNNING
