"""Google's body for a Veo video, read back."""

from typing import Any

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from tests.video_requests import PNG
from translators.errors import BadRequest
from translators.native.read_veo import read_veo
from translators.video.spec import VideoMedia
from translators.video.veo import to_veo
from translators.wire.call import Surface

CASES = [case for case in golden_cases("video/requests") if "instances" in case.values[0].google]


@pytest.mark.parametrize("case", CASES)
def test_there_and_back(case: GoldenCase) -> None:
    """What was read is written as it came, for every body on file."""
    spec = read_veo(case.google)
    call = to_veo(spec, "m", Surface(case.more["surface"]), storage_uri=spec.storage_uri)
    assert call.body == case.google


def body(parameters: Any = None, **instance: Any) -> dict[str, Any]:
    return {"instances": [{"prompt": "a kite", **instance}], "parameters": parameters}


def test_the_words_of_the_documents() -> None:
    """`inlineData`, seconds as a text and numberOfVideos mean what the SDK's words mean."""
    inline = {"inlineData": {"mimeType": "image/png", "data": PNG}}
    spec = read_veo(body({"durationSeconds": "8", "numberOfVideos": 1}, image=inline))
    assert (spec.duration, spec.samples) == (8, 1)
    assert spec.image == VideoMedia(mime_type="image/png", data=PNG)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ([], ""),
        ({}, "instances"),
        ({"instances": []}, "instances"),
        ({"instances": [{"prompt": "a"}, {"prompt": "b"}]}, "instances"),
        ({"instances": ["a kite"]}, "instances[0]"),
        ({"instances": [{"prompt": 3}]}, "instances[0].prompt"),
        ({**body(), "webhookConfig": {}}, "webhookConfig"),
        ({**body(), "labels": {"a": 1}}, "labels"),
        (body(camera="pan"), "instances[0].camera"),
        (body(image={}), "instances[0].image"),
        (body(image={"gcsUri": "gs://b/o.png", "bytesBase64Encoded": PNG}), "instances[0].image"),
        (body(image={"gcsUri": "file:///etc/passwd"}), "instances[0].image.gcsUri"),
        (body(image={"bytesBase64Encoded": "%", "mimeType": "image/png"}), "instances[0].image"),
        (body(referenceImages=[{"image": {"gcsUri": "gs://b/o.png"}, "referenceType": "MOOD"}]),
         "instances[0].referenceImages[0].referenceType"),
        (body(mask="x"), "instances[0].mask"),
        (body(mask={"gcsUri": "gs://b/o.png", "maskMode": "OUTPAINT"}), "instances[0].mask.maskMode"),
        (body({"pubsubTopic": "t"}), "parameters.pubsubTopic"),
        (body({"durationSeconds": 8.5}), "parameters.durationSeconds"),
        (body({"durationSeconds": True}), "parameters.durationSeconds"),
        (body({"generateAudio": "yes"}), "parameters.generateAudio"),
        (body({"resizeMode": "squash"}), "parameters.resizeMode"),
        (body({"sampleCount": 1, "numberOfVideos": 2}), "parameters.numberOfVideos"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(asked: Any, field: str) -> None:
    """A 400 that names the field: nothing is dropped from a request that is paid for."""
    with pytest.raises(BadRequest) as refused:
        read_veo(asked)
    assert refused.value.param == field


def test_unknown_members_are_refused_in_googles_words() -> None:
    """The sentence that Google's own clients know, and the names that there are."""
    with pytest.raises(BadRequest, match=r"Unknown name \"speed\" at 'parameters'.*durationSeconds"):
        read_veo(body({"speed": 2}))


def test_errors_name_the_callers_own_fields() -> None:
    """Whatever a later check finds is told by Google's name, also for what was left out."""
    spec = read_veo(body({"durationSeconds": 5}))
    assert spec.field("duration") == "parameters.durationSeconds"
    assert spec.field("prompt") == "instances[0].prompt"
