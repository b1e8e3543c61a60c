"""Real clients of OpenAI's Videos API get their videos from it: OpenAI's own SDKs, and LiteLLM's."""

import base64
import io
from typing import Any

import pytest
from PIL import Image

from proxy.simulator import Fault, Filtered, RunningSimulator, Status
from tests.clients.driver import Driver
from tests.clients.media import Clip, decoded_video
from tests.clients.serving import Mediashim

VEO, OMNI = "veo-3.1-generate-001", "gemini-omni-1.2-flash"
UPRIGHT = Clip(width=720, height=1280, seconds=4.0, frames=96, audio=True)


def order(**fields: Any) -> dict[str, Any]:
    """Four seconds, upright, 720p, unless told otherwise."""
    return {"model": VEO, "prompt": "waves", "seconds": "4", "size": "720x1280", **fields}


def picture() -> bytes:
    """A small upright PNG."""
    content = io.BytesIO()
    Image.new("RGB", (180, 320), "teal").save(content, "PNG")
    return content.getvalue()


def clip_of(outcome: dict[str, Any]) -> Clip:
    """The downloaded video, every frame decoded."""
    assert "content" in outcome, outcome
    return decoded_video(base64.b64decode(outcome["content"], validate=True))


def assert_first_frame(google: RunningSimulator) -> None:
    """The one submit carried the picture."""
    (submit,) = google.requests_for("predictLongRunning")
    image = submit.body["instances"][0]["image"]
    assert image["mimeType"] == "image/png"
    assert base64.b64decode(image["bytesBase64Encoded"]) == picture()


# -- OpenAI's own ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [VEO, OMNI])
async def test_a_job_and_its_end(sdk: Driver, shim: Mediashim, model: str) -> None:
    """Ordered, polled, listed, downloaded and deleted; as long and as large as asked, and paid for once."""
    outcome = await sdk.call("video_job", shim.base_url, order(model=model))
    assert clip_of(outcome) == UPRIGHT
    video = outcome["video"]
    assert (video["object"], video["status"], video["progress"]) == ("video", "completed", 100)
    assert (video["model"], video["seconds"], video["size"]) == (model, "4", "720x1280")
    assert video["cost"] > 0
    assert outcome["listed"] == [video["id"]]
    assert outcome["deleted"] == {"id": video["id"], "object": "video.deleted", "deleted": True}
    assert outcome["left"] == []
    assert len(shim.google.submits) == 1


async def test_a_file_as_first_frame(sdk: Driver, shim: Mediashim) -> None:
    """`input_reference` as a file reaches Google as its bytes."""
    frame = base64.b64encode(picture()).decode()
    assert clip_of(await sdk.call("video_job", shim.base_url, order(first_frame=frame))) == UPRIGHT
    assert_first_frame(shim.google)


async def test_a_withheld_video(sdk: Driver, shim: Mediashim) -> None:
    """The job ends as failed, with the reason; it is not ordered again."""
    shim.google.faults.add(Fault(verb="predictLongRunning", action=Filtered()))
    video = (await sdk.call("video_job", shim.base_url, order()))["video"]
    assert (video["status"], video["error"]["code"]) == ("failed", "content_filter")
    assert len(shim.google.submits) == 1


async def test_a_length_that_google_does_not_make(sdk: Driver, shim: Mediashim) -> None:
    """OpenAI's twelve seconds are a BadRequestError that says what there is; nothing is sent."""
    error = (await sdk.call("video_job", shim.base_url, order(seconds="12")))["error"]
    assert "BadRequestError" in error["classes"]
    assert error["param"] == "seconds"
    assert "4, 6, 8 seconds" in error["message"]
    assert shim.google.submits == []


async def test_accepted_and_lost(sdk: Driver, shim: Mediashim) -> None:
    """Google takes the job and its answer is lost: one submit, and a job that says what nobody can know."""
    lost = Status(status=503, after_accepting=True)
    shim.google.faults.add(Fault(verb="predictLongRunning", action=lost))
    video = (await sdk.call("video_job", shim.base_url, order()))["video"]
    assert (video["status"], video["error"]["code"]) == ("failed", "submission_uncertain")
    assert len(shim.google.submits) == 1


# -- LiteLLM -----------------------------------------------------------------------------------------------------------


async def test_litellm(litellm: Driver, shim: Mediashim) -> None:
    """`video_generation`, `video_status` and `video_content`, with a first frame."""
    frame = base64.b64encode(picture()).decode()
    outcome = await litellm.call("video_job", shim.base_url, order(first_frame=frame))
    assert clip_of(outcome) == UPRIGHT
    assert (outcome["video"]["seconds"], outcome["video"]["size"]) == ("4", "720x1280")
    assert_first_frame(shim.google)


async def test_litellm_and_a_withheld_video(litellm: Driver, shim: Mediashim) -> None:
    """The job ends as failed, with the reason."""
    shim.google.faults.add(Fault(verb="predictLongRunning", action=Filtered()))
    video = (await litellm.call("video_job", shim.base_url, order()))["video"]
    assert (video["status"], video["error"]["code"]) == ("failed", "content_filter")
    assert len(shim.google.submits) == 1


async def test_litellm_and_a_length_that_google_does_not_make(litellm: Driver, shim: Mediashim) -> None:
    """LiteLLM's BadRequestError has our words; nothing is sent."""
    error = (await litellm.call("video_job", shim.base_url, order(seconds="12")))["error"]
    assert "BadRequestError" in error["classes"]
    assert "4, 6, 8 seconds" in error["message"]
    assert shim.google.submits == []
