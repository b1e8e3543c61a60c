"""Large inputs at Google: once for each credential, remembered for a while, waited for until they can be used."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from proxy.credentials import load
from proxy.credentials.credential import Credential
from proxy.credentials.tokens import Tokens
from proxy.google_files.sender import UploadFailed
from proxy.google_files.uploads import UploadLimits, Uploads
from proxy.metrics.tally import Tallies
from proxy.simulator import running_simulator
from proxy.simulator.settings import SimulatorSettings, utc_now
from proxy.upstream import Upstream
from tests.proxy.jobs.fake_clock import FakeClock
from translators.content import Media
from translators.errors import PayloadTooLarge, Unavailable
from translators.google_errors import Blame, Verdict
from translators.wire.call import GoogleCall

LIMITS = UploadLimits(inline=1000, vertex_inline=1000, lifetime=3600.0, ready_within=60.0)
MEDIA = Media(mime_type="image/png", data="QUJD" * 500)
OTHER = Media(mime_type="image/png", data="REVG" * 500)
FIRST, SECOND = (load.gemini_api_key(letter * 20) for letter in "ab")


def call(*media: Media) -> GoogleCall:
    parts = [{"inlineData": {"mimeType": one.mime_type, "data": one.data}} for one in media]
    return GoogleCall(resource="models/m:generateContent", body={"contents": [{"parts": parts}]})


class Desk:
    """A File API that says what it is told to."""

    def __init__(self, **answer: Any) -> None:
        self.taken: list[tuple[str, str]] = []
        self.answer = answer

    def __call__(self, credential: Credential, media: Media) -> Mapping[str, Any]:
        self.taken.append((credential.id, media.data))
        number = len(self.taken)
        return {"name": f"files/{number}", "uri": f"https://g/files/{number}", "state": "ACTIVE", **self.answer}


@asynccontextmanager
async def opened(desk: Desk, clock: FakeClock, tallies: Tallies | None = None) -> AsyncIterator[Uploads]:
    upstream = Upstream(tokens=Tokens(now=utc_now), clock=time.monotonic)
    await upstream.open()
    uploads = Uploads(upstream, clock, LIMITS, upload=desk, tallies=tallies)
    yield uploads
    await uploads.close()
    await upstream.close()


def addresses(fitting: GoogleCall | None) -> list[str]:
    assert fitting is not None
    assert fitting.body is not None
    return [part["fileData"]["fileUri"] for part in fitting.body["contents"][0]["parts"] if "fileData" in part]


async def test_each_credential_gets_the_bytes_once() -> None:
    """By what they are, not by which request they came in."""
    desk = Desk()
    async with opened(desk, FakeClock()) as uploads:
        assert await uploads.fitted(FIRST, call(MEDIA)) is None
        assert addresses(await uploads.fitting(FIRST, call(MEDIA))) == ["https://g/files/1"]
        assert addresses(await uploads.fitted(FIRST, call(MEDIA))) == ["https://g/files/1"]
        assert addresses(await uploads.fitting(FIRST, call(MEDIA, OTHER))) == ["https://g/files/1", "https://g/files/2"]
        assert await uploads.fitted(SECOND, call(MEDIA)) is None
        assert addresses(await uploads.fitting(SECOND, call(MEDIA))) == ["https://g/files/3"]
    assert [credential for credential, _ in desk.taken] == [FIRST.id, FIRST.id, SECOND.id]


async def test_what_fits_needs_nothing() -> None:
    """The very same call, and no upload."""
    desk = Desk()
    small = call(Media(mime_type="image/png", data="QUJD"))
    async with opened(desk, FakeClock()) as uploads:
        assert await uploads.fitting(FIRST, small) is small
        assert await uploads.fitted(FIRST, small) is small
    assert desk.taken == []


async def test_it_is_forgotten_before_google_forgets() -> None:
    """After its lifetime, and when a call that named it was refused."""
    desk, clock = Desk(), FakeClock()
    async with opened(desk, clock) as uploads:
        fitting = await uploads.fitting(FIRST, call(MEDIA))
        uploads.forget(SECOND, fitting)
        assert await uploads.fitted(FIRST, call(MEDIA)) is not None
        uploads.forget(FIRST, fitting)
        assert await uploads.fitted(FIRST, call(MEDIA)) is None
        await uploads.fitting(FIRST, call(MEDIA))
        clock.advance(3601)
        assert await uploads.fitted(FIRST, call(MEDIA)) is None
    assert len(desk.taken) == 2


async def test_a_caller_who_leaves_takes_nobody_s_upload_along() -> None:
    """The other one who waits has its answer; there was one upload."""
    desk = Desk()
    async with opened(desk, FakeClock()) as uploads:
        leaving = asyncio.create_task(uploads.fitting(FIRST, call(MEDIA)))
        staying = asyncio.create_task(uploads.fitting(FIRST, call(MEDIA)))
        while not uploads._under_way:  # noqa: ASYNC110 - it begins in a thread
            await asyncio.sleep(0)
        leaving.cancel()
        assert addresses(await staying) == ["https://g/files/1"]
    assert len(desk.taken) == 1


async def test_vertex_has_none() -> None:
    """Too large is too large."""
    desk = Desk()
    express = load.vertex_api_key("c" * 20)
    async with opened(desk, FakeClock()) as uploads:
        for way in (uploads.fitting, uploads.fitted):
            with pytest.raises(PayloadTooLarge):
                await way(express, call(MEDIA))
    assert desk.taken == []


@pytest.mark.parametrize(("answer", "code"), [({"state": "FAILED"}, "upload_failed"), ({"uri": None}, "upload_failed")])
async def test_an_upload_that_came_to_nothing(answer: dict[str, Any], code: str) -> None:
    """Told, and not remembered."""
    desk = Desk(**answer)
    async with opened(desk, FakeClock()) as uploads:
        for _ in range(2):
            with pytest.raises(UploadFailed) as failed:
                await uploads.fitting(FIRST, call(MEDIA))
            assert failed.value.verdict.error.code == code
    assert len(desk.taken) == 2


@pytest.mark.parametrize("ready", [True, False])
async def test_it_is_waited_for(ready: bool) -> None:
    """By the clock that was handed in, and not for ever."""
    clock = FakeClock()
    latency = 20.0 if ready else 600.0
    settings = SimulatorSettings(now=clock.now, token_now=utc_now, upload_latency=latency)
    async with running_simulator(settings) as google:
        upstream = Upstream(tokens=Tokens(now=utc_now), clock=time.monotonic)
        await upstream.open()
        uploads = Uploads(upstream, clock, LIMITS)
        credential = load.gemini_api_key(google.api_key, base_url=google.base_url)
        began = clock.now()
        if ready:
            assert len(addresses(await uploads.fitting(credential, call(MEDIA)))) == 1
            assert 20.0 <= (clock.now() - began).total_seconds() <= 22.0
        else:
            with pytest.raises(UploadFailed) as failed:
                await uploads.fitting(credential, call(MEDIA))
            assert failed.value.verdict.error.code == "upload_timeout"
        assert set(clock.slept) == {1.0}
        await uploads.close()
        await upstream.close()


async def test_an_upload_is_a_call_that_is_counted() -> None:
    """By its credential, once for each that was made, well or not."""

    class Failing(Desk):
        def __call__(self, credential: Credential, media: Media) -> Mapping[str, Any]:
            if media == OTHER:
                raise UploadFailed(Verdict(error=Unavailable("no"), blame=Blame.UPSTREAM, accepted="no"))
            return super().__call__(credential, media)

    tallies = Tallies()
    async with opened(Failing(), FakeClock(), tallies) as uploads:
        for _ in range(2):
            await uploads.fitting(FIRST, call(MEDIA))
        with pytest.raises(UploadFailed):
            await uploads.fitting(FIRST, call(OTHER))
    assert {labels: sum(bars[:-1]) for labels, bars in tallies.google_calls.series.items()} == {
        (FIRST.id, "", "upload", 200): 1,
        (FIRST.id, "", "upload", "failed"): 1,
    }
