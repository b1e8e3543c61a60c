"""Anthropic's SDK, with the proxy as its base URL, talks to Gemini."""

import base64
from typing import Any

from proxy.simulator import Fault, Status
from tests.clients.driver import Driver
from tests.clients.serving import Mediashim

PIXEL = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
).decode()

WEATHER = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def order(text: Any = "Name a colour.", *, model: str = "gemini-2.5-flash", **members: Any) -> dict[str, Any]:
    """A message request."""
    return {"model": model, "max_tokens": 500, "messages": [{"role": "user", "content": text}], **members}


def last_body(shim: Mediashim) -> dict[str, Any]:
    """What Google was sent last."""
    return shim.google.requests[-1].body


async def test_text(anthropic: Driver, shim: Mediashim) -> None:
    """An answer in words, its end and its tokens."""
    answer = (await anthropic.call("create", shim.base_url, order(system="Be brief.")))["answer"]
    assert answer["content"][0]["text"] == "Simulated gemini-2.5-flash: Name a colour. (system: Be brief.)"
    assert answer["stop_reason"] == "end_turn"
    assert answer["usage"]["input_tokens"] > 0
    assert answer["usage"]["output_tokens"] > 0
    assert answer["id"].startswith("msg_")


async def test_stream(anthropic: Driver, shim: Mediashim) -> None:
    """The SDK's accumulated stream is the whole message."""
    whole = (await anthropic.call("create", shim.base_url, order()))["answer"]
    streamed = await anthropic.call("stream", shim.base_url, order())
    assert streamed["text"] == whole["content"][0]["text"]
    for member in ("content", "stop_reason", "model", "role"):
        assert _plain(streamed["answer"][member]) == _plain(whole[member])
    assert streamed["answer"]["usage"]["input_tokens"] == whole["usage"]["input_tokens"]
    assert streamed["answer"]["usage"]["output_tokens"] == whole["usage"]["output_tokens"]


async def test_thinking(anthropic: Driver, shim: Mediashim) -> None:
    """A thinking budget shows the thinking, before the answer."""
    thinking = {"type": "enabled", "budget_tokens": 1024}
    answer = (await anthropic.call("stream", shim.base_url, order(thinking=thinking)))["answer"]
    assert [block["type"] for block in answer["content"]] == ["thinking", "text"]
    assert "The user wrote: Name a colour." in answer["content"][0]["thinking"]
    assert answer["usage"]["output_tokens_details"]["thinking_tokens"] > 0


async def test_tools_there_and_back(anthropic: Driver, shim: Mediashim) -> None:
    """A call, its result with a picture, and Gemini 3's signature that must come back with it."""
    question = {"role": "user", "content": "Please call get_weather"}
    for method in ("create", "stream"):
        asked = order(model="gemini-3-flash-preview", tools=[WEATHER], tool_choice={"type": "auto"})
        asked["messages"] = [question]
        first = (await anthropic.call(method, shim.base_url, asked))["answer"]
        assert first["stop_reason"] == "tool_use"
        call = first["content"][-1]
        assert (call["type"], call["name"]) == ("tool_use", "get_weather")
        result = {
            "type": "tool_result",
            "tool_use_id": call["id"],
            "content": [
                {"type": "text", "text": "sunny"},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}},
            ],
        }
        asked["messages"] = [
            question,
            {"role": "assistant", "content": [_sent_back(block) for block in first["content"]]},
            {"role": "user", "content": [result]},
        ]
        second = (await anthropic.call(method, shim.base_url, asked))["answer"]
        assert "sunny" in second["content"][-1]["text"]
        turn = last_body(shim)["contents"][1]["parts"][0]
        assert turn["thoughtSignature"] != "skip_thought_signature_validator"
        response = last_body(shim)["contents"][2]["parts"][0]["functionResponse"]
        assert response["parts"][0]["inlineData"]["data"] == PIXEL


async def test_image_input(anthropic: Driver, shim: Mediashim) -> None:
    """A picture reaches Google as its bytes."""
    shown = [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}},
        {"type": "text", "text": "What is this?"},
    ]
    answer = (await anthropic.call("create", shim.base_url, order(shown)))["answer"]
    assert "[1 media]" in answer["content"][0]["text"]


async def test_image_output(anthropic: Driver, shim: Mediashim) -> None:
    """A picture that the model made is a Markdown image, streamed or not."""
    for method in ("create", "stream"):
        asked = order("a lighthouse", model="gemini-2.5-flash-image")
        answer = (await anthropic.call(method, shim.base_url, asked))["answer"]
        assert answer["content"][-1]["text"].startswith("![image](data:image/png;base64,")


async def test_count_tokens(anthropic: Driver, shim: Mediashim) -> None:
    """Google counts, and instructions count too."""
    bare = {name: value for name, value in order().items() if name != "max_tokens"}
    little = (await anthropic.call("count_tokens", shim.base_url, bare))["answer"]["input_tokens"]
    much = (await anthropic.call("count_tokens", shim.base_url, {**bare, "system": "Be brief. " * 9}))["answer"]
    assert 0 < little < much["input_tokens"]
    assert "countTokens" in shim.google.requests[-1].path


async def test_models(anthropic: Driver, shim: Mediashim) -> None:
    """The list, by the ids that requests use."""
    models = (await anthropic.call("models", shim.base_url, {}))["answer"]
    assert "gemini-2.5-flash" in {model["id"] for model in models}
    assert {model["lifecycle"] for model in models} <= {"active", "deprecated"}


async def test_errors(anthropic: Driver, shim: Mediashim) -> None:
    """Errors are the SDK's own, with the field the caller wrote."""
    wrong = order(thinking={"type": "enabled"})
    error = (await anthropic.call("create", shim.base_url, wrong))["error"]
    assert (error["class"], error["status"]) == ("BadRequestError", 400)
    assert error["body"]["error"]["type"] == "invalid_request_error"
    assert error["body"]["error"]["param"] == "thinking.budget_tokens"


async def test_a_video_model_is_refused(anthropic: Driver, shim: Mediashim) -> None:
    """No job is ever begun here; the error says where."""
    error = (await anthropic.call("create", shim.base_url, order(model="veo-3.1-generate-001")))["error"]
    assert error["status"] == 400
    assert "/v1/videos" in error["body"]["error"]["message"]
    assert shim.google.submits == []


async def test_googles_refusal(anthropic: Driver, shim: Mediashim) -> None:
    """Google's 400 is the SDK's BadRequestError, streamed or not."""
    for verb, method in (("generateContent", "create"), ("streamGenerateContent", "events")):
        shim.google.faults.add(Fault(verb=verb, action=Status(status=400), times=1))
        error = (await anthropic.call(method, shim.base_url, order()))["error"]
        assert (error["class"], error["body"]["type"]) == ("BadRequestError", "error")


async def test_a_wrong_key(anthropic: Driver, start: Any) -> None:
    """A wrong key is AuthenticationError."""
    shim = await start({"api-keys": ["right-key"]})
    error = (await anthropic.call("create", shim.base_url, order(), api_key="wrong-key"))["error"]
    assert (error["class"], error["body"]["error"]["type"]) == ("AuthenticationError", "authentication_error")
    assert (await anthropic.call("create", shim.base_url, order(), api_key="right-key"))["answer"]


def _plain(value: Any) -> Any:
    """Without the members that the SDK adds on one of its ways only."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if item is not None and name != "parsed_output"}
    return value


def _sent_back(block: dict[str, Any]) -> dict[str, Any]:
    return _plain(block)
