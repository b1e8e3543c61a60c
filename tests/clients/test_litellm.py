"""LiteLLM's SDK, with its `openai/` provider in front of the proxy, gets images and videos."""

import pytest

from proxy.simulator import Fault, Status
from tests.clients import orders
from tests.clients.driver import Driver
from tests.clients.media import image_in, video_in
from tests.clients.serving import Mediashim


async def test_text(litellm: Driver, shim: Mediashim) -> None:
    """A text answer."""
    answer = (await litellm.chat(shim.base_url, orders.text()))["answer"]
    assert "Name a colour." in answer["choices"][0]["message"]["content"]


async def test_image(litellm: Driver, shim: Mediashim) -> None:
    """`message.images` is passed on."""
    answer = (await litellm.chat(shim.base_url, orders.image()))["answer"]
    width, height = image_in(answer["choices"][0]["message"])
    assert width / height == pytest.approx(16 / 9, rel=0.05)


async def test_video(litellm: Driver, shim: Mediashim) -> None:
    """LiteLLM does not know `message.videos` and keeps it below `provider_specific_fields`."""
    answer = (await litellm.chat(shim.base_url, orders.video()))["answer"]
    assert video_in(answer["choices"][0]["message"]["provider_specific_fields"]).seconds == 4.0
    assert len(shim.google.submits) == 1


async def test_image_streamed(litellm: Driver, shim: Mediashim) -> None:
    """`delta.images` is passed on."""
    chunks = (await litellm.chat(shim.base_url, orders.image(stream=True)))["chunks"]
    (delta,) = [choice["delta"] for chunk in chunks for choice in chunk["choices"] if choice["delta"].get("images")]
    width, height = image_in(delta)
    assert width / height == pytest.approx(16 / 9, rel=0.05)


async def test_errors(litellm: Driver, shim: Mediashim) -> None:
    """A wrong length is LiteLLM's BadRequestError, with our words; nothing is sent."""
    error = (await litellm.chat(shim.base_url, orders.video(config={"duration_seconds": 7})))["error"]
    assert "BadRequestError" in error["classes"]
    assert "video_config.duration_seconds" in error["message"]
    assert shim.google.submits == []


async def test_a_refusal(litellm: Driver, shim: Mediashim) -> None:
    """A video withheld for safety is an error that is not tried again."""
    error = (await litellm.chat(shim.base_url, orders.video("video safety test")))["error"]
    assert "BadRequestError" in error["classes"]
    assert "64151117" in error["message"]
    assert len(shim.google.submits) == 1


async def test_accepted_and_lost(litellm: Driver, shim: Mediashim) -> None:
    """Google takes the job and answers 503: one submit, and an error."""
    lost = Status(status=503, after_accepting=True)
    shim.google.faults.add(Fault(verb="predictLongRunning", action=lost))
    error = (await litellm.chat(shim.base_url, orders.video()))["error"]
    assert "may have accepted" in error["message"]
    assert len(shim.google.submits) == 1
