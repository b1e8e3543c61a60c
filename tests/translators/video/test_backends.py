"""The whole way of a request: a chat completion becomes exactly one body, on each of the three backends."""

from dataclasses import replace

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from tests.video_requests import google, relay, shipped_catalog
from translators.resolve import Backend, resolve
from translators.video.adapt import adapt
from translators.video.backends import BACKENDS
from translators.video.read_chat import read_chat
from translators.video.spec import VideoMedia
from translators.video.validate import validate
from translators.wire.call import GoogleCall, Surface
from translators.wire.openai import ChatCompletionRequest


@pytest.mark.parametrize("case", golden_cases("video/requests"))
def test_request_matches_golden(case: GoldenCase) -> None:
    """Each chat completion becomes the Google body on file, with the warnings on file and no others.

    `found` is what the proxy puts in the place of an earlier job's video.
    """
    request = ChatCompletionRequest.model_validate(case.openai)
    surface = Surface(case.more["surface"])
    offer = google(surface) if case.more.get("own_host") else relay(surface)
    target = resolve(shipped_catalog(), request.model, [offer]).targets[0]

    asked = read_chat(request)
    validate(asked.spec, target)
    found = VideoMedia(**case.more["found"]) if "found" in case.more else asked.spec.video
    assert (asked.spec.source is not None) == ("found" in case.more)
    adapted = adapt(replace(asked.spec, video=found), target)
    call = BACKENDS[target.backend].to_submit(
        adapted.spec, target.upstream_id, surface, storage_uri=case.more.get("storage_uri")
    )

    assert call.body == case.google
    assert call.method == "POST"
    path = "interactions" if target.backend is Backend.OMNI else f"models/{target.upstream_id}:predictLongRunning"
    assert call.resource == path
    assert [*target.warnings, *asked.warnings, *adapted.warnings] == case.more.get("warnings", [])


VERTEX_OPERATION = "projects/p/locations/us-central1/publishers/google/models/veo/operations/u-1"


@pytest.mark.parametrize(
    ("backend", "name", "poll"),
    [
        (Backend.GEMINI, "models/veo/operations/o1", GoogleCall(resource="models/veo/operations/o1", method="GET")),
        (
            Backend.VERTEX,
            VERTEX_OPERATION,
            GoogleCall(
                resource="projects/p/locations/us-central1/publishers/google/models/veo:fetchPredictOperation",
                body={"operationName": VERTEX_OPERATION},
            ),
        ),
        (Backend.OMNI, "v1_a", GoogleCall(resource="interactions/v1_a", method="GET")),
    ],
)
def test_asking_again(backend: Backend, name: str, poll: GoogleCall) -> None:
    """Each backend is asked by the name it gave, in its own way."""
    assert BACKENDS[backend].to_poll(name) == poll


@pytest.mark.parametrize(
    ("backend", "answer", "name"),
    [
        (Backend.GEMINI, {"name": "models/veo/operations/o1"}, "models/veo/operations/o1"),
        (Backend.VERTEX, {"id": "v1_a"}, None),
        (Backend.OMNI, {"id": "v1_a", "name": "n"}, "v1_a"),
    ],
)
def test_the_name_of_a_job(backend: Backend, answer: dict[str, str], name: str | None) -> None:
    """The answer to a submit names the job, or nobody knows what became of it."""
    assert BACKENDS[backend].read_name(answer) == name


def test_only_interactions_can_be_cancelled() -> None:
    """Veo's operations cannot be stopped (discovery document of the Gemini API, 2026-11); interactions can."""
    cancel = BACKENDS[Backend.OMNI].to_cancel

    assert cancel is not None
    assert cancel("v1_a") == GoogleCall(resource="interactions/v1_a/cancel", body={})
    assert BACKENDS[Backend.GEMINI].to_cancel is None
    assert BACKENDS[Backend.VERTEX].to_cancel is None
