"""Scripted faults do to the wire and to the ledger what they say."""

import asyncio

import httpx2
import pytest

from proxy.simulator import (
    Drop,
    Empty,
    Error,
    Expired,
    Fault,
    Filtered,
    Hang,
    Slow,
    Stall,
    Status,
    Stuck,
    Truncated,
)

SUBMIT = "/v1beta/models/veo-3.1-generate-preview:predictLongRunning"


@pytest.mark.parametrize(("after_accepting", "submits"), [(False, 0), (True, 1)])
async def test_a_drop_closes_the_connection(start, veo_body, after_accepting, submits) -> None:
    """No byte of an answer; whether the job exists is the rule's choice. The next call is served."""
    google, client = await start(alive_veo_on_gemini=True)
    google.faults.add(Fault(verb="predictLongRunning", nth=1, action=Drop(after_accepting=after_accepting)))

    with pytest.raises(httpx2.RemoteProtocolError):
        await client.post(SUBMIT, json=veo_body())
    assert len(google.submits) == submits
    assert google.requests[0].accepted is after_accepting
    assert google.requests[0].status is None
    assert (await client.post(SUBMIT, json=veo_body())).status_code == 200


@pytest.mark.parametrize(("after_accepting", "submits"), [(False, 0), (True, 1)])
async def test_a_status_before_or_after_accepting(start, veo_body, after_accepting, submits) -> None:
    """503 looks the same to the caller either way; only the ledger knows."""
    google, client = await start(alive_veo_on_gemini=True)
    google.faults.add(Fault(verb="predictLong*", action=Status(status=503, after_accepting=after_accepting)))
    answer = await client.post(SUBMIT, json=veo_body())

    assert (answer.status_code, answer.json()["error"]["status"]) == (503, "UNAVAILABLE")
    assert len(google.submits) == submits


async def test_a_429_carries_quota_and_delay(start, veo_body) -> None:
    """Google's own body, with QuotaFailure and RetryInfo."""
    google, client = await start()
    google.faults.add(Fault(action=Status(status=429, headers={"retry-after": "3"})))
    answer = await client.get("/v1beta/models")

    kinds = [item["@type"].rpartition(".")[2] for item in answer.json()["error"]["details"]]
    assert kinds == ["QuotaFailure", "Help", "RetryInfo"]
    assert answer.headers["retry-after"] == "3"


async def test_a_hang_lasts_until_released(start, veo_body) -> None:
    """The call waits with the job accepted; release lets the answer out."""
    google, client = await start(alive_veo_on_gemini=True)
    google.faults.add(Fault(verb="predictLongRunning", times=1, action=Hang(after_accepting=True)))
    call = asyncio.create_task(client.post(SUBMIT, json=veo_body()))
    await google.faults.until_someone_waits()

    assert len(google.submits) == 1
    assert not call.done()
    google.faults.release()
    assert (await call).json()["name"] == google.submits[0].name


async def test_a_hang_ends_when_the_client_leaves(start) -> None:
    """Nothing is left behind."""
    google, client = await start()
    google.faults.add(Fault(action=Hang()))
    with pytest.raises(httpx2.ReadTimeout):
        await client.get("/v1beta/models", timeout=0.05)
    await google.faults.until_nobody_waits()

    google.faults.clear()
    assert (await client.get("/v1beta/models")).status_code == 200


async def ending(start, clock, veo_body, action) -> dict:
    google, client = await start(alive_veo_on_gemini=True)
    google.faults.add(Fault(verb="predictLongRunning", action=action))
    name = (await client.post(SUBMIT, json=veo_body())).json()["name"]
    clock.advance(600)
    return (await client.get(f"/v1beta/{name}")).json()


async def test_a_stuck_job_never_ends(start, clock, veo_body) -> None:
    """Ten minutes later it is still pending."""
    assert "done" not in await ending(start, clock, veo_body, Stuck())


async def test_a_filtered_job_tells_count_and_reason(start, clock, veo_body) -> None:
    """Done, no error, no video, a count, and the support code."""
    told = (await ending(start, clock, veo_body, Filtered(support_code=17301594)))["response"]["generateVideoResponse"]

    assert told["raiMediaFilteredCount"] == 1
    assert "17301594" in told["raiMediaFilteredReasons"][0]


async def test_an_empty_and_a_failed_job(start, clock, veo_body) -> None:
    """Done with nothing at all; done with an error."""
    assert (await ending(start, clock, veo_body, Empty()))["response"]["generateVideoResponse"] == {}
    failed = await ending(start, clock, veo_body, Error(code=14, message="try later"))
    assert failed["error"] == {"code": 14, "message": "try later"}


async def finished_video(start, clock, veo_body):
    google, client = await start(alive_veo_on_gemini=True, separate_download_host=True)
    name = (await client.post(SUBMIT, json=veo_body(durationSeconds=4))).json()["name"]
    clock.advance(60)
    done = (await client.get(f"/v1beta/{name}")).json()
    uri = done["response"]["generateVideoResponse"]["generatedSamples"][0]["video"]["uri"]
    location = (await client.get(uri)).headers["location"]
    return google, uri, location


async def test_a_truncated_download(start, clock, veo_body) -> None:
    """The announced length is not reached."""
    google, _, location = await finished_video(start, clock, veo_body)
    google.faults.add(Fault(verb="downloadContent", nth=1, action=Truncated()))
    async with httpx2.AsyncClient() as client:
        with pytest.raises(httpx2.RemoteProtocolError):
            await client.get(location)
        assert (await client.get(location)).content[4:8] == b"ftyp"


async def test_a_slow_and_a_stalled_download_arrive_whole(start, clock, veo_body) -> None:
    """Slowly, or after a release, every byte comes."""
    google, _, location = await finished_video(start, clock, veo_body)
    async with httpx2.AsyncClient() as client:
        whole = (await client.get(location)).content
        google.faults.add(Fault(nth=1, action=Slow(chunk_bytes=10_000, pause_seconds=0)))
        assert (await client.get(location)).content == whole
        google.faults.clear()
        google.faults.add(Fault(action=Stall(after_bytes=100)))
        call = asyncio.create_task(client.get(location))
        await google.faults.until_someone_waits()
        google.faults.release()
        assert (await call).content == whole


async def test_a_key_that_follows_the_redirect_is_on_record(start, clock, veo_body) -> None:
    """The redirect leads to another origin; a client that takes the key along is seen."""
    google, uri, location = await finished_video(start, clock, veo_body)
    assert location.startswith(google.download_origin)
    assert google.download_origin != google.base_url
    async with httpx2.AsyncClient(headers={"x-goog-api-key": google.api_key}, follow_redirects=True) as careless:
        await careless.get(uri)
    async with httpx2.AsyncClient() as careful:
        await careful.get(location)

    assert [request.credentials for request in google.requests_for("downloadContent")] == [{"x-goog-api-key"}, set()]


async def test_a_made_up_download_path(start, clock, veo_body) -> None:
    """Contents want the redirect's ticket; a file's id is none."""
    google, uri, location = await finished_video(start, clock, veo_body)
    file_id = uri.partition("/files/")[2].partition(":")[0]
    async with httpx2.AsyncClient() as client:
        assert (await client.get(f"{google.base_url}/download/content/{file_id}")).status_code == 403
        assert (await client.get(location)).status_code == 200


@pytest.mark.parametrize("status", [403, 404])
async def test_an_expired_file(start, clock, veo_body, status) -> None:
    """Gone before its time."""
    google, uri, _ = await finished_video(start, clock, veo_body)
    google.faults.add(Fault(verb="downloadFile", action=Expired(status=status)))
    async with httpx2.AsyncClient(headers={"x-goog-api-key": google.api_key}) as client:
        assert (await client.get(uri)).status_code == status


async def test_rules_count_the_calls_that_fit(start) -> None:
    """`nth` and `times` count calls of their own kind; the first rule that acts wins."""
    google, client = await start()
    google.faults.add(
        Fault(verb="getModel", action=Status(status=500)),
        Fault(verb="listModels", nth=2, action=Status(status=503)),
        Fault(verb="listModels", times=3, action=Status(status=504)),
    )

    assert [(await client.get("/v1beta/models")).status_code for _ in range(4)] == [504, 503, 504, 200]
    assert (await client.get("/v1beta/models/gemini-2.5-flash")).status_code == 500
