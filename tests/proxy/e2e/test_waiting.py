"""Those who wait subscribe to a job and do not own it: going away costs nothing and coming back finds it."""

import asyncio
from dataclasses import replace

import httpx2
import pytest

from proxy.jobs.job import JobState
from proxy.respond import pieces
from proxy.simulator import Drop, Fault, SimulatorSettings, Stuck, running_simulator
from tests.proxy.e2e.serving import a_video, decode, read_events, running_proxy, until
from tests.proxy.jobs.bench import relay


async def accepted(google, count: int = 1) -> None:
    """Return when Google has taken so many jobs."""

    async def taken():
        return len(google.submits) >= count

    await until(taken)


async def the_job(proxy):
    """The only job, by its row."""
    desk = proxy.app.state.services.desk
    [job] = (await desk._ledger.list("anyone", after=None, limit=9, ascending=True, source=None)).jobs
    return job


async def gone(proxy):
    """The job, once its caller has been noticed to be gone."""

    async def left():
        job = await the_job(proxy)
        return job if job.unclaimed_since is not None else None

    return await until(left)


async def in_state(proxy, state: JobState) -> None:
    """Return when a job stands there."""
    await until(lambda: proxy.app.state.services.desk._ledger.count((state,)))


async def leave_in_the_middle(google, proxy, body) -> None:
    """Ask, and hang up when Google has the job."""
    asking = asyncio.create_task(proxy.ask(body))
    await accepted(google)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await gone(proxy)


@pytest.mark.parametrize("stream", [True, False])
async def test_a_caller_who_left_comes_back(start, stream) -> None:
    """The job goes on; the same request joins it and gets the video; one submit."""
    google, proxy = await start(lambda google: [relay(google)], video_latency=1.0)
    await leave_in_the_middle(google, proxy, {**a_video(), "stream": stream})
    answer = (await proxy.ask(a_video())).json()

    assert decode(answer["choices"][0]["message"]["videos"][0]["video_url"]["url"]).seconds == 4
    assert len(google.submits) == 1
    assert answer["job_id"] == (await the_job(proxy)).id


async def test_another_request_does_not_join(start) -> None:
    """A different prompt is a new wish."""
    google, proxy = await start(lambda google: [relay(google)], video_latency=0.5)
    await leave_in_the_middle(google, proxy, a_video())
    await proxy.ask(a_video(prompt="a blue kite"))

    assert len(google.submits) == 2


async def test_two_equal_requests_side_by_side_are_two_wishes(start) -> None:
    """Nobody left and nothing marks one as a repeat: two videos."""
    google, proxy = await start(lambda google: [relay(google)])
    answers = await asyncio.gather(proxy.ask(a_video()), proxy.ask(a_video()))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(google.submits) == 2


async def test_an_sdks_own_retry_joins(start) -> None:
    """`x-stainless-retry-count: 1` beside a running job: one submit, two answers."""
    google, proxy = await start(lambda google: [relay(google)], video_latency=0.5)
    first = asyncio.create_task(proxy.ask(a_video()))
    await accepted(google)
    second = await proxy.ask(a_video(), **{"x-stainless-retry-count": "1"})

    assert (await first).json()["job_id"] == second.json()["job_id"]
    assert len(google.submits) == 1


async def test_an_idempotency_key(start) -> None:
    """The same key and request: the same job, days later too. Another request under it: 409."""
    google, proxy = await start(lambda google: [relay(google)])
    key = {"idempotency-key": "order-17"}
    first = await proxy.ask(a_video(), **key)
    again = await proxy.ask(a_video(), **key)
    other = await proxy.ask(a_video(prompt="a blue kite"), **key)

    assert first.json()["job_id"] == again.json()["job_id"]
    error = other.json()["error"]
    assert (other.status_code, error["code"], error["param"]) == (409, "idempotency_key_reused", "Idempotency-Key")
    assert other.headers["x-should-retry"] == "false"
    assert error["job_id"] == first.json()["job_id"]
    assert len(google.submits) == 1


async def test_an_sdks_retry_of_an_uncertain_submit_pays_nothing(start) -> None:
    """The answer to the submit was lost: 502, not to be retried; a retry that comes all the same gets the same."""
    google, proxy = await start(lambda google: [relay(google)])
    google.faults.add(Fault(verb="predictLongRunning", action=Drop(after_accepting=True)))
    first = await proxy.ask(a_video())
    retry = await proxy.ask(a_video(), **{"x-stainless-retry-count": "1"})

    for answer in (first, retry):
        assert (answer.status_code, answer.json()["error"]["code"]) == (502, "submission_uncertain")
        assert answer.headers["x-should-retry"] == "false"
    assert len(google.submits) == 1


async def test_out_of_time_and_asked_again(start) -> None:
    """504 that names the operation; the same request, unmarked, goes on with it and pays nothing more."""
    google, proxy = await start(
        lambda google: [relay(google)],
        config={"video": {"timeout": 0.3, "poll-min-interval": 0.05, "poll-max-interval": 0.05}},
        video_latency=1.0,
    )
    late = await proxy.ask(a_video())
    while (answer := await proxy.ask(a_video())).status_code == 504:
        assert len(google.submits) == 1

    error = late.json()["error"]
    assert (late.status_code, error["type"], error["code"]) == (504, "upstream_error", "operation_timeout")
    assert late.headers["x-should-retry"] == "false"
    assert error["operation"] == google.submits[0].name
    assert answer.json()["job_id"] == error["job_id"]
    assert len(google.submits) == 1


async def test_a_stop_tells_those_who_wait(start, tmp_path) -> None:
    """Whole: a 503 that may be retried, with the job's id. Streamed: it as last chunk. The next start finishes."""
    google, proxy = await start(lambda google: [relay(google)], folder=tmp_path / "one")
    google.faults.add(Fault(verb="predictLongRunning", action=Stuck()))
    whole = asyncio.create_task(proxy.ask(a_video()))
    streamed = asyncio.create_task(proxy.ask({**a_video(prompt="a blue kite"), "stream": True}))
    await accepted(google, 2)
    ready = await proxy.client.get("/readyz")
    proxy.app.state.services.stop()
    answer, last = await whole, read_events((await streamed).text)[-1]
    stopping = await proxy.client.get("/readyz")

    assert (ready.status_code, stopping.status_code) == (200, 503)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "shutting_down")
    assert answer.headers["x-should-retry"] == "true"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["error"]["job_id"] in answer.json()["error"]["message"]
    assert last["error"]["code"] == "shutting_down"
    assert last["choices"][0]["finish_reason"] == "error"
    assert last["error"]["job_id"].startswith("video_")


async def test_the_next_start_takes_up_what_ran(tmp_path) -> None:
    """A stop in the middle, a new process on the same folder: the same request gets the video, one submit."""
    settings = SimulatorSettings(alive_veo_on_gemini=True, video_latency=0.6)
    async with running_simulator(settings) as google:
        entries = [relay(google)]
        async with running_proxy(tmp_path, google, entries) as proxy:
            asking = asyncio.create_task(proxy.ask(a_video()))
            await accepted(google)
            await in_state(proxy, JobState.RUNNING)
            proxy.app.state.services.stop()
            assert (await asking).status_code == 503
        async with running_proxy(tmp_path, google, entries) as proxy:
            answer = await proxy.ask(a_video())
        assert decode(answer.json()["choices"][0]["message"]["videos"][0]["video_url"]["url"]).seconds == 4
        assert len(google.submits) == 1


async def test_a_full_queue_says_so(start) -> None:
    """429 queue_full with retry-after; nothing is written down or sent for it."""
    google, proxy = await start(
        lambda google: [replace(relay(google), concurrency=1)], config={"jobs": {"queue-length": 1}}
    )
    google.faults.add(Fault(verb="predictLongRunning", action=Stuck()))
    first = asyncio.create_task(proxy.ask(a_video(prompt="one")))
    await accepted(google)
    second = asyncio.create_task(proxy.ask(a_video(prompt="two")))
    await in_state(proxy, JobState.QUEUED)
    third = await proxy.ask(a_video(prompt="three"))
    proxy.app.state.services.stop()
    await asyncio.gather(first, second)

    assert (third.status_code, third.json()["error"]["code"]) == (429, "queue_full")
    assert int(third.headers["retry-after"]) > 0
    assert len(google.submits) == 1


async def test_a_caller_who_leaves_while_the_video_is_sent(start, monkeypatch) -> None:
    """Half an answer is none: the same request gets the same video again."""

    async def begun(handle, size):
        yield b"AAAA"
        await asyncio.Event().wait()  # a small video would be sent whole before a slow client goes

    google, proxy = await start(lambda google: [relay(google)])
    with monkeypatch.context() as patched:
        patched.setattr(pieces, "encoded_file", begun)
        async with (
            httpx2.AsyncClient(base_url=proxy.base_url) as client,
            client.stream("POST", "/v1/chat/completions", json={**a_video(), "stream": True}) as answer,
        ):
            async for text in answer.aiter_text():
                if "AAAA" in text:
                    break
        first = await gone(proxy)
    again = await proxy.ask(a_video())

    assert again.json()["job_id"] == first.id
    assert len(google.submits) == 1
