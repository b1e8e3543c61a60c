"""Vertex API keys (`AQ.`): what they open, what they may open, and what they do not."""

from proxy.credentials import load
from proxy.simulator import RunningSimulator
from proxy.wiring import Entry
from tests.proxy.e2e.serving import a_video
from tests.proxy.jobs.bench import entry, vertex

VEO = "veo-3.1-generate-001"


def express(google: RunningSimulator) -> Entry:
    return entry(load.vertex_api_key(google.api_key, base_url=google.base_url), simulated=True)


async def test_it_makes_a_video_where_nothing_else_can_and_says_that_this_is_not_sure(start) -> None:
    """The same key submits, polls and fetches; the caller is warned."""
    google, proxy = await start(lambda google: [express(google)], express_videos=True)
    answer = await proxy.ask(a_video(model=VEO))
    assert answer.status_code == 200, answer.text
    assert any("A Vertex API key without a project was used" in line for line in answer.json()["warnings"])
    [submit] = google.requests_for("predictLongRunning")
    assert submit.path.endswith(f"/v1/publishers/google/models/{VEO}:predictLongRunning")
    assert len(google.submits) == 1


async def test_where_google_refuses_it_nothing_is_paid_and_the_way_out_is_told(start) -> None:
    """One refused submit, an error with a code of its own, no job at Google's."""
    google, proxy = await start(lambda google: [express(google)])
    answer = await proxy.ask(a_video(model=VEO))
    assert answer.status_code >= 400
    assert "API key" in answer.json()["error"]["message"]
    assert not google.submits
    assert len(google.requests_for("predictLongRunning")) == 1


async def test_another_credential_goes_first(start) -> None:
    """With a service account at hand no video goes by the key, whatever its priority, and there is no warning."""
    google, proxy = await start(lambda google: [express(google), vertex(google)], express_videos=True)
    answer = await proxy.ask(a_video(model=VEO))
    assert answer.status_code == 200, answer.text
    assert not answer.json().get("warnings")
    assert {frozenset(one.credentials) for one in google.requests_for("predictLongRunning")} == {
        frozenset({"authorization"})
    }


async def test_gemini_omni_is_not_for_it(start) -> None:
    """Said before anything is sent."""
    google, proxy = await start(lambda google: [express(google)])
    answer = await proxy.ask(a_video(model="gemini-omni-1.2-flash"))
    assert answer.status_code == 400
    assert "has no interactions" in answer.json()["error"]["message"]
    assert not google.requests_for("createInteraction")
