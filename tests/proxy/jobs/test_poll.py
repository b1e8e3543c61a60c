"""Asking until Google is done: what ends a job, and what never may."""

import base64
from datetime import timedelta

import orjson
import pytest
from aiohttp import web

from proxy.credentials import load
from proxy.jobs.errors import raised
from proxy.jobs.job import JobState, Reopened, advance
from proxy.jobs.poll import FEWEST_POLLS
from proxy.simulator import Drop, Empty, Error, Fault, Filtered, Status, Stuck, Truncated
from tests.proxy.jobs.bench import BUCKET, LEASE, OMNI, a_bench, entry, google_key, relay, two_accounts, vertex

POLLS = {"gemini": "getOperation", "vertex": "fetchPredictOperation", "omni": "getInteraction"}
NOT_GOOGLE = Status(status=404, body="<html>nothing here</html>")


async def submitted(bench, *faults, model="veo-3.1-generate-001", **wish):
    """A job that Google has accepted."""
    bench.simulator.faults.add(*faults)
    await bench.job(model, **wish)
    claimed = await bench.claim()
    return await bench.runner._submit(claimed)


async def ended(bench, job):
    await bench.runner.run(job)
    return await bench.row()


TROUBLES = {
    "503": Status(status=503),
    "500": Status(status=500),
    "429": Status(status=429),
    "403": Status(status=403),
    "401": Status(status=401),
    "400": Status(status=400),
    "dropped": Drop(),
    "a web page": NOT_GOOGLE,
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_failed_poll_is_no_failed_job(tmp_path, trouble) -> None:
    """Six of them in a row, of any kind, and the job still ends with its video and one submit."""
    async with a_bench(tmp_path) as bench:
        job = await submitted(bench)
        bench.simulator.faults.add(Fault(verb="getOperation", times=6, action=TROUBLES[trouble]))
        job = await ended(bench, job)

    assert job.state is JobState.COMPLETED
    assert len(bench.simulator.submits) == 1


async def test_a_lost_sign_in_is_no_failed_job(tmp_path) -> None:
    """The account gets no token for a while; the operation runs on, and is asked about later."""
    async with a_bench(tmp_path, lambda google: [vertex(google)], token_lifetime=timedelta(seconds=1)) as bench:
        job = await submitted(bench)
        refusal = Status(status=400, body={"error": "invalid_grant"})
        bench.simulator.faults.add(Fault(verb="token", times=2, action=refusal))
        bench.simulator.faults.add(Fault(verb="fetchPredictOperation", times=1, action=Status(status=401)))
        job = await ended(bench, job)

    assert job.state is JobState.COMPLETED
    assert len(bench.simulator.submits) == 1


@pytest.mark.parametrize("surface", ["gemini", "omni"])
async def test_an_operation_that_google_has_forgotten(tmp_path, surface) -> None:
    """Three 404s in a row: expired, by name."""
    async with a_bench(tmp_path, lambda google: [google_key(google) if surface == "omni" else relay(google)]) as b:
        job = await submitted(b, model=OMNI if surface == "omni" else "veo-3.1-generate-001")
        b.simulator.faults.add(Fault(verb=POLLS[surface], action=Status(status=404)))
        job = await ended(b, job)

    assert (job.state, job.error.code) == (JobState.EXPIRED, "operation_expired")
    assert job.operation in job.error.message
    assert len(b.simulator.requests_for(POLLS[surface])) == 3
    assert (raised(job).status, raised(job).should_retry) == (404, False)


async def test_two_404s_after_a_submit_are_only_early(tmp_path) -> None:
    """The operation may take a moment to be known everywhere."""
    async with a_bench(tmp_path) as bench:
        job = await submitted(bench)
        bench.simulator.faults.add(Fault(verb="getOperation", times=2, action=Status(status=404)))
        job = await ended(bench, job)

    assert job.state is JobState.COMPLETED


async def test_the_clock_runs_out(tmp_path) -> None:
    """504 operation_timeout that names the operation; nothing is sent twice."""
    async with a_bench(tmp_path) as bench:
        job = await submitted(bench, Fault(verb="predictLongRunning", action=Stuck()))
        job = await ended(bench, job)

    error = raised(job)
    assert (job.state, error.status, error.code) == (JobState.FAILED, 504, "operation_timeout")
    assert job.operation in error.message
    assert error.extra == {"job_id": job.id, "operation": job.operation}
    assert error.should_retry is False
    assert (job.finished_at - job.deadline) < timedelta(seconds=31)
    assert len(bench.simulator.submits) == 1


async def test_the_last_trouble_is_told(tmp_path) -> None:
    """Who could not ask at all hears why."""
    async with a_bench(tmp_path) as bench:
        job = await submitted(bench)
        bench.simulator.faults.add(Fault(verb="getOperation", action=Status(status=403)))
        job = await ended(bench, job)

    assert job.error.code == "operation_timeout"
    assert "The last poll failed: Google does not let" in job.error.message


async def test_the_number_of_polls_is_bounded(tmp_path) -> None:
    """Five are allowed, five are made."""
    async with a_bench(tmp_path, max_polls=5) as bench:
        job = await submitted(bench, Fault(verb="predictLongRunning", action=Stuck()))
        job = await ended(bench, job)

    assert job.error.code == "operation_timeout"
    assert len(bench.simulator.requests_for("getOperation")) == 5


async def test_a_job_taken_up_after_its_deadline_is_asked_about(tmp_path) -> None:
    """The proxy was down for an hour and Google has been done for long: the video is fetched, not given up."""
    async with a_bench(tmp_path) as bench:
        job = await submitted(bench)
        bench.clock.advance(3600)
        job = await ended(bench, await bench.adopted())

    assert job.state is JobState.COMPLETED
    assert len(bench.simulator.submits) == 1


async def test_a_late_job_survives_polls_that_fail(tmp_path) -> None:
    """The network may come up after the proxy does."""
    async with a_bench(tmp_path) as bench:
        job = await submitted(bench)
        bench.clock.advance(3600)
        bench.simulator.faults.add(Fault(verb="getOperation", times=FEWEST_POLLS - 1, action=Drop()))
        job = await ended(bench, await bench.adopted())

    assert job.state is JobState.COMPLETED


async def test_a_reopened_job_goes_on_with_its_operation(tmp_path) -> None:
    """It ran out of time, somebody asks again, and Google has finished meanwhile: one submit, one video."""
    async with a_bench(tmp_path, video_latency=1500.0) as bench:
        job = await submitted(bench)
        late = await ended(bench, job)
        again = await bench.ledger.reopen(late.id, "me", bench.clock.now() + LEASE, bench.clock.now())
        job = await ended(bench, again)

    assert late.error.code == "operation_timeout"
    assert advance(late, Reopened("me", again.lease_until), late.finished_at).operation == job.operation
    assert (job.state, job.error) == (JobState.COMPLETED, None)
    assert len(bench.simulator.submits) == 1


ENDINGS = {
    "error 13": (Error(code=13), JobState.FAILED, 502, "upstream_failed"),
    "error 8": (Error(code=8, message="Resource exhausted."), JobState.FAILED, 429, "rate_limit_exceeded"),
    "error 14": (Error(code=14), JobState.FAILED, 503, "upstream_unavailable"),
    "a blocked prompt": (
        Error(code=3, message="The prompt was blocked. Support codes: 58061214"),
        JobState.FAILED,
        400,
        "content_filter",
    ),
    "filtered": (Filtered(), JobState.FAILED, 400, "content_filter"),
    "nothing": (Empty(), JobState.FAILED, 502, "empty_result"),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("surface", ["gemini", "vertex"])
async def test_done_without_a_video(tmp_path, surface, ending) -> None:
    """Done with an error, with a filtered count, with nothing: three endings, none of them completed, none retried."""
    action, state, status, code = ENDINGS[ending]
    async with a_bench(tmp_path, lambda google: [vertex(google) if surface == "vertex" else relay(google)]) as bench:
        job = await submitted(bench, Fault(verb="predictLongRunning", action=action))
        job = await ended(bench, job)

    error = raised(job)
    assert (job.state, error.status, error.code) == (state, status, code)
    assert error.should_retry is False
    assert job.media == ()
    assert not bench.files()
    assert len(bench.simulator.submits) == 1


async def test_some_of_four_are_withheld(tmp_path) -> None:
    """Three videos, a warning with Google's reason, and three quarters of the price."""
    async with a_bench(tmp_path, lambda google: [vertex(google)]) as bench:
        job = await submitted(bench, Fault(verb="predictLongRunning", action=Filtered(count=1)), samples=4)
        job = await ended(bench, job)

    assert len(job.media) == 3
    assert any("3 of 4 videos were made" in warning and "58061214" in warning for warning in job.warnings)
    assert job.cost == pytest.approx(0.40 * 4 * 3)


@pytest.mark.parametrize("storage", [None, BUCKET])
async def test_vertex_delivers_inline_or_to_the_bucket(tmp_path, storage) -> None:
    """Either way the very bytes are in the store, and nothing else is."""
    async with a_bench(tmp_path, lambda google: [vertex(google, storage_uri=storage)]) as bench:
        job = await submitted(bench, samples=2)
        job = await ended(bench, job)
        first = await bench.stored(job)

    assert first[4:8] == b"ftyp"
    assert len(bench.files()) == len(job.media) == 2
    [request] = bench.simulator.requests_for("predictLongRunning")
    asked = request.body["parameters"].get("storageUri")
    assert asked == (f"{BUCKET}/{job.id}" if storage else None)
    assert [media.uri is None for media in job.media] == [storage is None] * 2


@pytest.mark.parametrize("entries", [google_key, vertex])
async def test_omni_on_both_surfaces(tmp_path, entries) -> None:
    """By file on the Gemini API, inline on Vertex; tokens are counted as Google counts them."""
    async with a_bench(tmp_path, lambda google: [entries(google)]) as bench:
        job = await submitted(bench, model=OMNI)
        job = await ended(bench, job)

    assert job.state is JobState.COMPLETED
    assert job.usage["completion_tokens"] > 0
    assert job.cost > 0
    assert len(bench.simulator.submits) == 1
    assert len(bench.files()) == 1


async def test_an_inline_video_cut_off_in_the_middle(tmp_path) -> None:
    """The poll is repeated; nothing of the torn body stays in the store, and nothing is submitted again."""
    async with a_bench(tmp_path, lambda google: [vertex(google)]) as bench:
        job = await submitted(bench)
        bench.clock.advance(120)
        bench.simulator.faults.add(Fault(verb="fetchPredictOperation", times=2, action=Truncated()))
        job = await ended(bench, job)

    assert job.state is JobState.COMPLETED
    assert len(bench.files()) == 1
    assert len(bench.simulator.submits) == 1


async def test_polls_use_the_pinned_credential_alone(tmp_path) -> None:
    """The operation is visible to the account that started it."""
    async with a_bench(tmp_path, two_accounts) as bench:
        job = await submitted(bench)
        bench.simulator.faults.add(Fault(verb="fetchPredictOperation", times=3, action=Status(status=403)))
        job = await ended(bench, job)

    assert job.state is JobState.COMPLETED
    assert job.pinned == job.targets[0]


@pytest.mark.parametrize("body", ["not json", [], ["x"], "", {"done": False, "name": 7}])
async def test_a_poll_that_makes_no_sense_is_repeated(tmp_path, serve, body) -> None:
    """A relay's nonsense under a 200 ends nothing."""
    answers = [body, body]

    async def strange(request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            return web.json_response({"name": "models/veo-3.1-generate-001/operations/1"})
        if answers:
            said = answers.pop()
            return web.Response(body=said if isinstance(said, str) else orjson.dumps(said))
        return web.json_response({"done": True, "error": {"code": 13, "message": "the end"}})

    key = entry(load.gemini_api_key("key", base_url=await serve(strange)))
    async with a_bench(tmp_path, lambda _: [key]) as bench:
        job = await submitted(bench)
        job = await ended(bench, job)

    assert not answers
    assert "the end" in job.error.message


CLIP = base64.b64encode(b"\0\0\0\x18ftypmp42" + b"\0" * 5000).decode()
AT_ONCE = {
    "gemini": {
        "name": "models/veo-3.1-generate-001/operations/now",
        "done": True,
        "response": {"generateVideoResponse": {"generatedSamples": [{"video": {"encodedVideo": CLIP}}]}},
    },
    "omni": {
        "id": "now",
        "status": "completed",
        "steps": [{"type": "model_output", "content": [{"type": "video", "data": CLIP, "mime_type": "video/mp4"}]}],
    },
}


GONE = {"error": {"code": 404, "message": "No such operation.", "status": "NOT_FOUND"}}


@pytest.fixture
def answering_at_once(serve):
    """`await answering_at_once(said)`: a relay that makes a video at once, and knows of no operation later."""

    async def at_once(said):
        asked = []

        async def relayed(request: web.Request) -> web.StreamResponse:
            asked.append(request.method)
            return web.json_response(said) if request.method == "POST" else web.json_response(GONE, status=404)

        return entry(load.gemini_api_key("key", base_url=await serve(relayed))), asked

    return at_once


@pytest.mark.parametrize("surface", AT_ONCE)
async def test_a_video_that_came_with_the_answer_to_the_submit(tmp_path, answering_at_once, surface) -> None:
    """It is taken, and nothing is asked again."""
    key, asked = await answering_at_once(AT_ONCE[surface])
    async with a_bench(tmp_path, lambda _: [key]) as bench:
        await bench.job(OMNI if surface == "omni" else "veo-3.1-generate-001")
        job = await ended(bench, await bench.claim())

    assert (job.state, len(job.media)) == (JobState.COMPLETED, 1)
    assert asked == ["POST"]


async def test_an_answer_to_the_submit_that_makes_no_sense(tmp_path, answering_at_once) -> None:
    """Done, with base64 that is none: it is asked for as ever."""
    broken = {"generateVideoResponse": {"generatedSamples": [{"video": {"encodedVideo": "*" * 5000}}]}}
    key, asked = await answering_at_once({**AT_ONCE["gemini"], "response": broken})
    async with a_bench(tmp_path, lambda _: [key]) as bench:
        await bench.job("veo-3.1-generate-001")
        job = await ended(bench, await bench.claim())

    assert job.state is JobState.EXPIRED
    assert asked == ["POST", "GET", "GET", "GET"]
