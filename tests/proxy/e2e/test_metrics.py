"""GET /metrics of a proxy that has done one of everything: each figure is what happened, and none is a secret."""

import asyncio
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from proxy import __version__
from proxy.config import load_config
from proxy.config.problems import ConfigError
from proxy.metrics.table import METRICS
from proxy.simulator import Drop, Fault, Hang, Stall, Status
from tests.proxy.e2e.serving import VEO_PREVIEW, a_video, until
from tests.proxy.e2e.test_content import BANANA, an_image
from tests.proxy.jobs.bench import OMNI, google_key, nowhere, relay, vertex
from tests.proxy.metrics.scraped import of, sample, samples

FLASH, PRO = "gemini-2.5-flash", "gemini-2.5-pro"
CHAT = "/v1/chat/completions"


def a_text(model: str = FLASH, **more) -> dict:
    return {"model": model, "messages": [{"role": "user", "content": "hi"}], **more}


def resting(seconds: int) -> Status:
    detail = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{seconds}s"}
    body = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "slowly", "details": [detail]}}
    return Status(status=429, body=body)


async def scrape(proxy, **headers: str):
    answer = await proxy.client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return samples(answer.text)


async def test_one_of_everything(start) -> None:
    """Exact counts after a text, an image and its repeat, a video, a join, a 400, a 404; a 500 and a 429 of Google."""
    google, proxy = await start(lambda google: [relay(google)], config={"request-retry": 0})
    assert (await proxy.ask(a_text())).status_code == 200
    image, kept = [await proxy.ask({**an_image(), "seed": 1}) for _ in range(2)]
    assert (image.status_code, kept.status_code) == (200, 200)
    video = await proxy.ask(a_video())
    again = await proxy.ask(a_video(), **{"x-stainless-retry-count": "1"})
    assert (video.status_code, again.status_code) == (200, 200)
    assert (await proxy.ask({**a_text(), "n": "many"})).status_code == 400
    google.faults.add(Fault(verb="generateContent", model=FLASH, times=1, action=Status(status=500)))
    failed = await proxy.ask(a_text())
    assert failed.status_code >= 500
    google.faults.add(Fault(verb="generateContent", model=PRO, times=1, action=resting(600)))
    assert (await proxy.ask(a_text(PRO))).status_code == 429
    assert (await proxy.client.get("/v1/no/such/path-sk-secret")).status_code == 404
    figures = await scrape(proxy)

    [credential] = [one.id for one in proxy.app.state.services.pool.credentials]
    assert of(figures, "http_requests_total") == {
        (("method", "POST"), ("route", CHAT), ("status", "200")): 5,
        (("method", "POST"), ("route", CHAT), ("status", "400")): 1,
        (("method", "POST"), ("route", CHAT), ("status", "429")): 1,
        (("method", "POST"), ("route", CHAT), ("status", str(failed.status_code))): 1,
        (("method", "GET"), ("route", "none"), ("status", "404")): 1,
    }
    assert figures[sample("http_requests_in_progress")] == 1
    assert figures[sample("http_request_duration_seconds_count", route=CHAT, method="POST", status="200")] == 5
    calls = of(figures, "mediashim_google_calls_total")
    said = {(dict(key)["model"], dict(key)["kind"], dict(key)["status"]): count for key, count in calls.items()}
    assert {dict(key)["credential"] for key in calls} == {credential}
    polled = said.pop((VEO_PREVIEW, "poll", "200"))
    assert polled == len([one for one in google.requests if "/operations/" in one.path and one.method == "GET"])
    assert said == {
        (FLASH, "generate", "200"): 1,
        (FLASH, "generate", "500"): 1,
        (PRO, "generate", "429"): 1,
        (BANANA, "generate", "200"): 1,
        (VEO_PREVIEW, "submit", "200"): 1,
        (VEO_PREVIEW, "download", "200"): 1,
        (VEO_PREVIEW, "download", "302"): 1,
    }
    labels = {"backend": "gemini", "model": VEO_PREVIEW}
    assert of(figures, "mediashim_submits_total") == {
        (("backend", "gemini"), ("model", VEO_PREVIEW), ("outcome", "accepted")): len(google.submits)
    }
    assert figures[sample("mediashim_jobs_ended_total", **labels, state="completed")] == 1
    assert figures[sample("mediashim_spent_dollars_total", **labels)] == video.json()["usage"]["cost"] > 0
    spent = figures[sample("mediashim_spent_dollars_total", backend="gemini", model=BANANA)]
    assert spent == image.json()["usage"]["cost"] > 0
    assert figures[sample("mediashim_joins_total", **labels)] == 1
    assert of(figures, "mediashim_image_cache_lookups_total") == {(("result", "miss"),): 1, (("result", "hit"),): 1}
    assert figures[sample("mediashim_media_stored_bytes_total")] > 1000
    assert of(figures, "mediashim_jobs") == {
        (("state", state),): 0 for state in ("queued", "submitting", "running", "fetching", "uncertain")
    }
    assert figures[sample("mediashim_queue_length")] == figures[sample("mediashim_queue_oldest_age_seconds")] == 0
    rests = of(figures, "mediashim_credential_rest_seconds")
    assert set(rests) == {
        (("credential", credential), ("model", "")),
        (("credential", credential), ("model", PRO)),
    }
    assert rests[("credential", credential), ("model", "")] == 0
    assert 0 < rests[("credential", credential), ("model", PRO)] <= 600
    assert figures[sample("mediashim_build_info", version=__version__)] == 1
    assert figures[sample("process_resident_memory_bytes")] > 10_000_000


async def test_how_a_video_may_fail(start) -> None:
    """Refused, lost and never sent are told apart, and only an end is an end; nothing was spent."""
    google, proxy = await start(lambda google: [relay(google)])
    for action in (Status(status=400), Drop(after_accepting=True)):
        google.faults.add(Fault(verb="predictLongRunning", times=1, action=action))
        assert (await proxy.ask(a_video(prompt=action.kind))).status_code >= 400
    figures = await scrape(proxy)

    assert {dict(key)["outcome"]: n for key, n in of(figures, "mediashim_submits_total").items()} == {
        "refused": 1,
        "uncertain": 1,
    }
    assert {dict(key)["state"]: n for key, n in of(figures, "mediashim_jobs_ended_total").items()} == {
        "failed": 1,
        "uncertain": 1,
    }
    calls = of(figures, "mediashim_google_calls_total")
    assert {dict(key)["status"] for key in calls} == {"400", "lost"}
    assert figures[sample("mediashim_jobs", state="uncertain")] == 1
    assert not of(figures, "mediashim_spent_dollars_total")


async def test_a_host_where_nobody_listens(start) -> None:
    """Not sent, and after five times its circuit is open: shown by host and port."""
    _, proxy = await start(lambda google: [nowhere(google)], config={"request-retry": 0, "disable-cooling": True})
    for _ in range(6):
        assert (await proxy.ask(a_text())).status_code == 503
    figures = await scrape(proxy)

    [(labels, count)] = of(figures, "mediashim_google_calls_total").items()
    assert (dict(labels)["status"], count) == ("not_sent", 6)
    assert of(figures, "mediashim_circuit_open") == {(("host", "127.0.0.1:9"),): 1}


async def test_a_video_by_interactions_has_its_model_at_every_call(start) -> None:
    """Though a poll, a file and a download name none; a cancelled one is an end, and costs nothing."""
    google, proxy = await start(lambda google: [google_key(google)], video_latency=0.2)
    assert (await proxy.ask(a_video(OMNI))).status_code == 200
    done = await scrape(proxy)
    calls = of(done, "mediashim_google_calls_total")
    labels = {"backend": "omni", "model": OMNI}

    assert {dict(key)["model"] for key in calls} == {OMNI}
    assert {"submit", "poll", "download"} <= {dict(key)["kind"] for key in calls}
    assert sum(count for key, count in calls.items() if ("kind", "submit") in key) == len(google.submits) == 1
    assert done[sample("mediashim_jobs_ended_total", **labels, state="completed")] == 1
    assert done[sample("mediashim_spent_dollars_total", **labels)] > 0


async def test_a_video_that_google_stops(start) -> None:
    """The asking is a call, and the job has ended as cancelled."""
    _, proxy = await start(lambda google: [google_key(google)], video_latency=3600.0)
    wish = {"model": OMNI, "prompt": "a kite", "seconds": "4"}
    job_id = (await proxy.client.post("/v1/videos", json=wish)).json()["id"]

    async def runs():
        return (await scrape(proxy))[sample("mediashim_jobs", state="running")]

    await until(runs)
    assert (await proxy.client.delete(f"/v1/videos/{job_id}")).status_code == 200
    figures = await scrape(proxy)
    assert figures[sample("mediashim_jobs_ended_total", backend="omni", model=OMNI, state="cancelled")] == 1
    [credential] = [one.id for one in proxy.app.state.services.pool.credentials]
    cancels = {"credential": credential, "model": OMNI, "kind": "cancel", "status": "200"}
    assert figures[sample("mediashim_google_calls_total", **cancels)] == 1
    assert not of(figures, "mediashim_spent_dollars_total")


async def test_the_same_idempotency_key_joins(start) -> None:
    """Each further request is a video that was not paid again; the submits say so."""
    google, proxy = await start(lambda google: [relay(google)])
    wish = {"model": VEO_PREVIEW, "prompt": "a kite", "seconds": "4"}
    for _ in range(4):
        answer = await proxy.client.post("/v1/videos", json=wish, headers={"idempotency-key": "order-1"})
        assert answer.status_code == 200
    joins = (await scrape(proxy))[sample("mediashim_joins_total", backend="gemini", model=VEO_PREVIEW)]

    async def submitted():
        return google.submits

    assert (joins, len(await until(submitted))) == (3, 1)


async def test_tokens_are_calls_of_google_too(start) -> None:
    """One for a service account, however many calls it makes."""
    _, proxy = await start(lambda google: [vertex(google)])
    for _ in range(3):
        assert (await proxy.ask(a_text())).status_code == 200
    calls = of(await scrape(proxy), "mediashim_google_calls_total")
    assert {(dict(key)["kind"], dict(key)["model"]): n for key, n in calls.items()} == {
        ("token", ""): 1,
        ("generate", FLASH): 3,
    }


async def test_a_stream_lasts_to_its_last_byte(start) -> None:
    """On both sides: the caller's answer, and Google's, which stops in the middle for a while."""
    google, proxy = await start(lambda google: [relay(google)])
    google.faults.add(Fault(verb="streamGenerateContent", action=Stall(after_bytes=64)))
    asking = asyncio.create_task(proxy.chunks(a_text()))
    await until(lambda: _requests(google, 1))
    during = await scrape(proxy)
    google.faults.release()
    await asking
    after = await scrape(proxy)

    assert during[sample("http_requests_in_progress")] == 2
    assert not of(during, "mediashim_google_calls_total")
    for name, labels in (
        ("http_request_duration_seconds", {"route": CHAT, "method": "POST", "status": "200"}),
        ("mediashim_google_call_duration_seconds", {"model": FLASH, "kind": "generate", "status": "200"}),
    ):
        assert sample(f"{name}_count", **labels) not in during
        assert after[sample(f"{name}_count", **labels)] == 1
        assert after[sample(f"{name}_sum", **labels)] > 0


@pytest.mark.parametrize("stream", [False, True])
async def test_images_cost_what_their_answers_say(start, stream: bool) -> None:
    """Whole and streamed; an image that failed costs nothing."""
    google, proxy = await start(lambda google: [relay(google)], config={"request-retry": 0})
    if stream:
        chunks = await proxy.chunks(an_image())
        told = sum(chunk["usage"]["cost"] for chunk in chunks if chunk != "[DONE]" and "usage" in chunk)
    else:
        told = (await proxy.ask(an_image())).json()["usage"]["cost"]
    google.faults.add(Fault(action=Status(status=400)))
    assert (await proxy.ask(an_image())).status_code == 400
    assert of(await scrape(proxy), "mediashim_spent_dollars_total") == {
        (("backend", "gemini"), ("model", BANANA)): pytest.approx(told)
    }
    assert told > 0


async def test_a_waiting_answer_lasts_as_long_as_its_video(start) -> None:
    """It is in progress while the job is, and its job is seen."""
    google, proxy = await start(lambda google: [relay(google)], video_latency=3600.0)
    asking = asyncio.create_task(proxy.ask(a_video()))

    async def running():
        figures = await scrape(proxy)
        return figures if figures[sample("mediashim_jobs", state="running")] else None

    seen = await until(running)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert seen[sample("http_requests_in_progress")] == 2
    assert not any(("route", CHAT) in labels for labels in of(seen, "http_requests_total"))
    assert len(google.submits) == 1


async def test_the_queue_is_seen(start) -> None:
    """How many wait, and since when; cancelled ones have ended."""
    google, proxy = await start(lambda google: [replace(relay(google), concurrency=1)], video_latency=3600.0)
    wish = {"model": VEO_PREVIEW, "prompt": "a kite", "seconds": "4"}
    ids = [(await proxy.client.post("/v1/videos", json=wish)).json()["id"] for _ in range(3)]

    async def one_runs():
        figures = await scrape(proxy)
        return figures if figures[sample("mediashim_jobs", state="running")] else None

    seen = await until(one_runs)
    assert seen[sample("mediashim_queue_length")] == seen[sample("mediashim_jobs", state="queued")] == 2
    assert seen[sample("mediashim_queue_oldest_age_seconds")] > 0
    for job_id in ids[1:]:
        assert (await proxy.client.delete(f"/v1/videos/{job_id}")).status_code == 200
    after = await scrape(proxy)
    assert after[sample("mediashim_queue_length")] == 0
    cancelled = {"backend": "gemini", "model": VEO_PREVIEW, "state": "cancelled"}
    assert after[sample("mediashim_jobs_ended_total", **cancelled)] == 2
    assert len(google.submits) == 1


async def test_what_is_under_way_is_seen_and_what_was_given_up_is_counted(start) -> None:
    """A request that hangs is in progress, with its job; a caller that hangs up is a 499."""
    google, proxy = await start(lambda google: [relay(google)])
    google.faults.add(Fault(verb="generateContent", action=Hang()))
    asking = asyncio.create_task(proxy.ask(a_text()))
    await until(lambda: _requests(google, 1))
    seen = await scrape(proxy)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)

    async def given_up():
        return of(await scrape(proxy), "http_requests_total").get(
            (("method", "POST"), ("route", CHAT), ("status", "499"))
        )

    assert await until(given_up) == 1
    assert seen[sample("http_requests_in_progress")] == 2
    google.faults.release()


async def _requests(google, at_least: int) -> bool:
    return len(google.requests) >= at_least


async def test_a_callers_words_are_no_labels(start) -> None:
    """An unknown model, path or method is counted under one word, however many there are."""
    _, proxy = await start(lambda google: [relay(google)], config={"request-retry": 0})
    for number in range(5):
        await proxy.ask(a_text(f"gemini-made-up-{number}"))
        await proxy.client.get(f"/v1/videos/video_made_up_{number}")
        await proxy.client.request(f"MADE{number}", "/v1/models")
        await proxy.client.get(f"/made-up/{number}")
    text = (await proxy.client.get("/metrics")).text

    assert "made" not in text.lower()
    figures = samples(text)
    assert figures[sample("http_requests_total", route="/v1/videos/{video_id}", method="GET", status="404")] == 5
    assert {dict(key)["model"] for key in of(figures, "mediashim_google_calls_total")} == {"other"}


async def test_no_secret_is_in_it(start) -> None:
    """Neither Google's keys, nor callers', nor its own; asked in every way that carries one."""
    mine, theirs = "sk-scraper-0123456789", "sk-caller-0123456789"
    google, proxy = await start(
        lambda google: [relay(google)], config={"api-keys": [theirs], "metrics": {"key": mine}, "request-retry": 0}
    )
    await proxy.ask(a_text(), authorization=f"Bearer {theirs}")
    google.faults.add(Fault(verb="generateContent", times=1, action=Status(status=403)))
    await proxy.ask(a_text(), authorization=f"Bearer {theirs}")
    text = (await proxy.client.get("/metrics", params={"key": mine})).text

    assert "mediashim_google_calls_total" in text
    assert not [secret for secret in (mine, theirs, google.api_key) if secret in text]


async def test_its_own_key_opens_it_and_nothing_else(start) -> None:
    """And a caller's key does not."""
    _, proxy = await start(
        lambda google: [relay(google)], config={"api-keys": ["caller"], "metrics": {"key": "scraper"}}
    )

    async def status(path: str, key: str | None) -> int:
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        return (await proxy.client.get(path, headers=headers)).status_code

    assert [await status("/metrics", key) for key in (None, "caller", "scraper")] == [401, 401, 200]
    assert [await status("/v1/models", key) for key in (None, "caller", "scraper")] == [401, 200, 401]


async def test_a_callers_key_opens_it_where_it_has_none(start) -> None:
    """As any other route."""
    _, proxy = await start(lambda google: [relay(google)], config={"api-keys": ["caller"]})
    assert (await proxy.client.get("/metrics")).json() == {"error": "Missing API key"}
    assert await scrape(proxy, **{"x-api-key": "caller"})


async def test_without_keys_it_is_open_as_all_else_and_closed_to_other_peoples_pages(start) -> None:
    """Nobody is asked, but a browser says where a request comes from."""
    _, proxy = await start(lambda google: [relay(google)])
    assert await scrape(proxy)
    foreign = await proxy.client.get("/metrics", headers={"origin": "https://elsewhere.example"})
    assert foreign.status_code == 403


async def test_switched_off_it_is_not_there(start) -> None:
    """404, and GET / does not name it; switched on, it does."""
    _, off = await start(lambda google: [relay(google)], config={"metrics": {"enabled": False}})
    assert (await off.client.get("/metrics")).status_code == 404
    assert "GET /metrics" not in (await off.client.get("/")).json()["endpoints"]


async def test_both_formats_and_head(start) -> None:
    """Prometheus' text by default, OpenMetrics for who accepts it; HEAD has the headers of GET and no body."""
    _, proxy = await start(lambda google: [relay(google)])
    await proxy.ask(a_text())
    plain = await proxy.client.get("/metrics")
    open_metrics = await proxy.client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    head = await proxy.client.head("/metrics")

    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert open_metrics.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert open_metrics.text.endswith("# EOF\n")
    assert head.status_code == 200
    assert (head.content, head.headers["content-type"]) == (b"", plain.headers["content-type"])
    key = sample("http_requests_total", route=CHAT, method="POST", status="200")
    assert samples(plain.text)[key] == samples(open_metrics.text, openmetrics=True)[key] == 1
    assert "GET /metrics" in (await proxy.client.get("/")).json()["endpoints"]


async def test_every_family_is_in_the_table_and_says_what_it_is(start) -> None:
    """Kind, help and labels are the table's; beside them there are the library's process metrics alone."""
    _, proxy = await start(lambda google: [relay(google)])
    await proxy.ask(a_text())
    families = {one.name: one for one in text_string_to_metric_families((await proxy.client.get("/metrics")).text)}

    for metric in METRICS:
        family = families.pop(metric.name.removesuffix("_total"))
        assert (family.type, family.documentation) == (metric.kind.value, metric.says)
        beside = {"le"} if metric.kind.value == "histogram" else set()
        assert all(set(one.labels) - beside == set(metric.labels) for one in family.samples)
    assert all(name.startswith("process_") for name in families)


def test_a_callers_key_cannot_be_the_metrics_own(tmp_path) -> None:
    """It would open everything: refused at the start, by the name of the key and without its value."""
    with pytest.raises(ConfigError) as refused:
        load_config(None, {}, {"data-dir": str(tmp_path), "api-keys": ["the-same"], "metrics": {"key": "the-same"}})
    assert "metrics.key" in str(refused.value)
    assert "the-same" not in str(refused.value)
