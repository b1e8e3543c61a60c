"""OpenAI's own SDKs, unmodified, get text, images, videos and true errors: Python 3.x, Python 2.x, Node 7.x."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from proxy.simulator import Fault, Status
from tests.clients import orders
from tests.clients.driver import Driver, Outcome
from tests.clients.media import Clip, image_in, video_in
from tests.clients.serving import Mediashim, google_itself
from tests.video_requests import PNG

Start = Callable[..., Any]


def only_choice(outcome: Outcome) -> dict[str, Any]:
    """The one choice of a whole answer."""
    assert "answer" in outcome, outcome
    (choice,) = outcome["answer"]["choices"]
    return dict(choice)


def deltas(outcome: Outcome) -> list[dict[str, Any]]:
    """The deltas of a streamed answer, in order."""
    assert "chunks" in outcome, outcome
    return [choice["delta"] for chunk in outcome["chunks"] for choice in chunk["choices"]]


def finish_reason(outcome: Outcome) -> str | None:
    """Why a streamed answer ended."""
    return next(
        (c["finish_reason"] for chunk in outcome["chunks"] for c in chunk["choices"] if c.get("finish_reason")), None
    )


def error_of(outcome: Outcome) -> dict[str, Any]:
    """What the SDK raised."""
    assert "error" in outcome, outcome
    return dict(outcome["error"])


async def test_these_are_the_versions_meant(
    openai_python_3: Driver, openai_python_2: Driver, openai_node: Driver
) -> None:
    """Two majors of openai-python run side by side and do not mix."""
    majors = [driver.version.partition(".")[0] for driver in (openai_python_3, openai_python_2, openai_node)]
    assert majors == ["3", "2", "7"]


async def test_models(sdk: Driver, shim: Mediashim) -> None:
    """`models.list()` names a model of every kind."""
    ids = {model["id"] for model in (await sdk.models(shim.base_url))["models"]}
    assert {"gemini-2.5-flash", "gemini-nano-banana-2.1", "veo-3.1-generate-001", "gemini-omni-1.2-flash"} <= ids


async def test_text(sdk: Driver, shim: Mediashim) -> None:
    """A text answer has content, an ending and a usage."""
    outcome = await sdk.chat(shim.base_url, orders.text())
    choice = only_choice(outcome)
    assert "Name a colour." in choice["message"]["content"]
    assert choice["finish_reason"] == "stop"
    assert outcome["answer"]["usage"]["total_tokens"] > 0
    assert outcome["request_id"].startswith("req_")


async def test_text_streamed(sdk: Driver, shim: Mediashim) -> None:
    """The pieces of a streamed text make up the same answer."""
    whole = only_choice(await sdk.chat(shim.base_url, orders.text()))["message"]["content"]
    outcome = await sdk.chat(shim.base_url, orders.text(stream=True, stream_options={"include_usage": True}))
    assert "".join(delta.get("content") or "" for delta in deltas(outcome)) == whole
    assert finish_reason(outcome) == "stop"
    assert outcome["chunks"][-1]["usage"]["total_tokens"] > 0


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_image(sdk: Driver, shim: Mediashim, stream: bool) -> None:
    """An image comes as a data URI, of the ratio and size that were asked for."""
    outcome = await sdk.chat(shim.base_url, orders.image(stream=stream))
    if stream:
        (message,) = [delta for delta in deltas(outcome) if delta.get("images")]
    else:
        message = only_choice(outcome)["message"]
    width, height = image_in(message)
    assert width / height == pytest.approx(16 / 9, rel=0.05)
    assert width * height == pytest.approx(1024 * 1024, rel=0.1)


@pytest.mark.parametrize("major", ["openai_python_2", "openai_python_3"])
async def test_images_streamed(request: pytest.FixtureRequest, shim: Mediashim, major: str) -> None:
    """`images.generate` and `images.edit` read every event as their own class, with all that its type promises."""
    driver: Driver = request.getfixturevalue(major)
    body = {"model": "gemini-nano-banana-2.1", "prompt": "a lighthouse", "partial_images": 2, "image": PNG}
    outcome = await driver.call("image_streams", f"{shim.base_url}", body)
    assert "made" in outcome, outcome
    [made], [edited] = outcome["made"], outcome["edited"]
    assert (made["class"], made["type"]) == ("ImageGenCompletedEvent", "image_generation.completed")
    assert (edited["class"], edited["type"]) == ("ImageEditCompletedEvent", "image_edit.completed")
    for event in (made, edited):
        assert event["usage"]["input_tokens_details"]["text_tokens"] > 0
        assert {"b64_json", "background", "created_at", "output_format", "quality", "size"} <= set(event)
    assert edited["usage"]["input_tokens_details"]["image_tokens"] > 0
    assert "partial_images" in made["warnings"][0]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_video(sdk: Driver, shim: Mediashim, stream: bool) -> None:
    """A video comes as a data URI that decodes to the length and size that were asked for, and is paid for once."""
    outcome = await sdk.chat(shim.base_url, orders.video(stream=stream))
    if stream:
        (message,) = [delta for delta in deltas(outcome) if delta.get("videos")]
        assert deltas(outcome)[0]["role"] == "assistant"
        assert any(delta.get("reasoning_content") for delta in deltas(outcome))
        assert finish_reason(outcome) == "stop"
    else:
        message = only_choice(outcome)["message"]
        assert message["content"]
    assert video_in(message) == Clip(width=720, height=1280, seconds=4.0, frames=96, audio=True)
    assert len(shim.google.submits) == 1


async def test_a_retired_model_is_redirected_and_said(sdk: Driver, start: Start) -> None:
    """With an API key alone a retired Veo id becomes Omni: `model` and `warnings` say so, `usage` has the cost."""
    shim = await start(around=lambda google: google_itself(google, account=False))
    answer = (await sdk.chat(shim.base_url, orders.video()))["answer"]
    assert answer["model"] == "gemini-omni-1.2-flash"
    assert "veo-3.1-generate-preview was retired" in answer["warnings"][0]
    assert answer["usage"]["cost"] > 0
    assert video_in(answer["choices"][0]["message"]).seconds == 4.0


@pytest.mark.parametrize("model", ["gemini-2.5-flash", "gemini-3-flash-preview"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_tools_round_trip(sdk: Driver, shim: Mediashim, model: str, stream: bool) -> None:
    """A tool call, sent back with its result as the SDK received it, leads to an answer in words.

    Gemini 3 refuses a call that comes back without its thought signature; clients know nothing of signatures.
    """
    asked = orders.text("Please call get_weather for Lisbon.", model=model, tools=[orders.WEATHER], stream=stream)
    outcome = await sdk.chat(shim.base_url, asked)
    if stream:
        assert finish_reason(outcome) == "tool_calls"
        message: dict[str, Any] = {"role": "assistant", "content": None, "tool_calls": calls_of(outcome)}
    else:
        choice = only_choice(outcome)
        assert choice["finish_reason"] == "tool_calls"
        message = choice["message"]
    (call,) = message["tool_calls"]
    assert call["function"]["name"] == "get_weather"
    assert "city" in json.loads(call["function"]["arguments"])
    result = {"role": "tool", "tool_call_id": call["id"], "content": '{"weather": "sunny"}'}
    history = [*asked["messages"], message, result, {"role": "user", "content": "And in one word?"}]
    answer = only_choice(await sdk.chat(shim.base_url, {**asked, "messages": history, "stream": False}))
    assert "And in one word?" in answer["message"]["content"]


def calls_of(outcome: Outcome) -> list[dict[str, Any]]:
    """The tool calls of a streamed answer, put together by `index` as every client does."""
    calls: dict[int, dict[str, Any]] = {}
    for delta in deltas(outcome):
        for piece in delta.get("tool_calls") or []:
            call = calls.setdefault(piece["index"], {"type": "function", "function": {"name": "", "arguments": ""}})
            call |= {name: value for name, value in piece.items() if name in ("id", "extra_content") and value}
            for name in ("name", "arguments"):
                call["function"][name] += piece["function"].get(name) or ""
    return list(calls.values())


# -- refusals ----------------------------------------------------------------------------------------------------------


async def test_a_refused_image_is_told(sdk: Driver, shim: Mediashim) -> None:
    """A picture withheld for safety ends as content_filter, in words; never as an empty answer."""
    choice = only_choice(await sdk.chat(shim.base_url, orders.image("image safety test")))
    assert choice["finish_reason"] == "content_filter"
    assert choice["native_finish_reason"] == "image_safety"
    assert choice["message"]["content"]


async def test_a_refused_video_is_told(sdk: Driver, shim: Mediashim) -> None:
    """A video withheld for safety is a BadRequestError with Google's support code in words; it is not tried again."""
    error = error_of(await sdk.chat(shim.base_url, orders.video("video safety test")))
    assert "BadRequestError" in error["classes"]
    assert error["code"] == "content_filter"
    assert "64151117" in error["message"]
    assert len(shim.google.submits) == 1


async def test_a_refused_video_is_told_in_a_stream(sdk: Driver, shim: Mediashim) -> None:
    """In a stream the status is spent: both SDKs raise APIError for the error chunk, with its code."""
    error = error_of(await sdk.chat(shim.base_url, orders.video("video safety test", stream=True)))
    assert "APIError" in error["classes"]
    assert error["code"] == "content_filter"


# -- errors ------------------------------------------------------------------------------------------------------------


async def test_bad_request(sdk: Driver, shim: Mediashim) -> None:
    """A length that no model makes: BadRequestError names the field and what is allowed; nothing is sent."""
    error = error_of(await sdk.chat(shim.base_url, orders.video(config={"duration_seconds": 7})))
    assert "BadRequestError" in error["classes"]
    assert error["status"] == 400
    assert error["param"] == "video_config.duration_seconds"
    assert error["type"] == "invalid_request_error"
    assert error["code"]
    assert all(seconds in error["message"] for seconds in "468")
    assert error["request_id"].startswith("req_")
    assert shim.google.submits == []


async def test_bad_request_in_a_stream(sdk: Driver, shim: Mediashim) -> None:
    """What is known before the first byte has its own status in a stream too."""
    error = error_of(await sdk.chat(shim.base_url, orders.video(config={"duration_seconds": 7}, stream=True)))
    assert "BadRequestError" in error["classes"]
    assert error["param"] == "video_config.duration_seconds"


async def test_authentication(sdk: Driver, start: Start) -> None:
    """A wrong key is an AuthenticationError; the right one works.

    The body is CLIProxyAPI's, whose `error` is text: openai-python 3.52 shows none of it in its message.
    """
    shim = await start({"api-keys": ["ccs-internal-managed"]})
    error = error_of(await sdk.chat(shim.base_url, orders.text(), api_key="another"))
    assert "AuthenticationError" in error["classes"]
    assert error["status"] == 401
    assert "Invalid API key" in json.dumps(error["body"])
    assert only_choice(await sdk.chat(shim.base_url, orders.text(), api_key="ccs-internal-managed"))


async def test_not_found(sdk: Driver, start: Start) -> None:
    """Where retired models are rejected, the NotFoundError names the successor."""
    shim = await start({"retired-models": "reject"}, around=lambda google: google_itself(google, account=False))
    error = error_of(await sdk.chat(shim.base_url, orders.video()))
    assert "NotFoundError" in error["classes"]
    assert (error["param"], error["code"]) == ("model", "model_not_found")
    assert "gemini-omni-1.2-flash" in error["message"]


async def test_rate_limit(sdk: Driver, start: Start) -> None:
    """Google's 429 arrives as a RateLimitError with `retry-after`, which the SDKs wait out by themselves."""
    shim = await start({"request-retry": 0})
    shim.google.faults.add(Fault(verb="generateContent", action=Status(status=429)))
    error = error_of(await sdk.chat(shim.base_url, orders.text(), max_retries=0))
    assert "RateLimitError" in error["classes"]
    assert error["type"] == "rate_limit_error"
    assert int(error["retry_after"]) >= 1
