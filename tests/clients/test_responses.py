"""openai-python's `responses` with the proxy as its base URL."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter

from proxy.simulator import Fault, Status
from tests.clients.serving import Mediashim

PIXEL = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
MODEL = "gemini-2.5-flash"
WEATHER: Any = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    "strict": True,
}
EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)


@pytest.fixture
async def client(shim: Mediashim) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=shim.base_url, api_key="none", max_retries=0) as opened:
        yield opened


def last_body(shim: Mediashim) -> dict[str, Any]:
    """What Google was sent last."""
    body: dict[str, Any] = shim.google.requests[-1].body
    return body


async def events_of(stream: Any) -> list[dict[str, Any]]:
    """Every event, each strictly what openai-python's own types say."""
    events = [event.to_dict() async for event in stream]
    for event in events:
        EVENT.validate_python(event)
    return events


async def test_text(client: openai.AsyncOpenAI, shim: Mediashim) -> None:
    """An answer in words, its end and its tokens."""
    response = await client.responses.create(model=MODEL, instructions="Be brief.", input="Name a colour.")
    assert response.output_text == f"Simulated {MODEL}: Name a colour. (system: Be brief.)"
    assert response.status == "completed"
    assert response.usage is not None
    assert response.usage.total_tokens > 0
    Response.model_validate(response.to_dict())


async def test_stream(client: openai.AsyncOpenAI) -> None:
    """The events are numbered, in OpenAI's order, and end with the response that a request without stream gets."""
    whole = await client.responses.create(model=MODEL, input="Name a colour.")
    events = await events_of(await client.responses.create(model=MODEL, input="Name a colour.", stream=True))
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    kinds = list(dict.fromkeys(event["type"].removeprefix("response.") for event in events))
    assert kinds == [
        *("created", "in_progress", "output_item.added", "content_part.added", "output_text.delta"),
        *("output_text.done", "content_part.done", "output_item.done", "completed"),
    ]
    last = Response.model_validate(events[-1]["response"])
    assert last.output_text == whole.output_text
    assert last.usage == whole.usage


async def test_the_stream_helper(client: openai.AsyncOpenAI) -> None:
    """The SDK's own accumulation agrees with the last event."""
    async with client.responses.stream(model=MODEL, input="Name a colour.") as stream:
        text = "".join([event.delta async for event in stream if event.type == "response.output_text.delta"])
        final = await stream.get_final_response()
    assert final.output_text == text == f"Simulated {MODEL}: Name a colour."


@pytest.mark.parametrize("streamed", [False, True])
async def test_tools_there_and_back(client: openai.AsyncOpenAI, shim: Mediashim, streamed: bool) -> None:
    """A call, its result with a picture, and Gemini 3's signature that must come back with it."""
    model = "gemini-3-flash-preview"
    question: Any = {"role": "user", "content": "Please call get_weather"}

    async def answer(items: list[Any]) -> Response:
        if not streamed:
            return await client.responses.create(model=model, input=items, tools=[WEATHER])
        events = await events_of(await client.responses.create(model=model, input=items, tools=[WEATHER], stream=True))
        return Response.model_validate(events[-1]["response"])

    first = await answer([question])
    call = first.output[-1]
    assert call.type == "function_call"
    assert "city" in json.loads(call.arguments)
    result = {
        "type": "function_call_output",
        "call_id": call.call_id,
        "output": [{"type": "input_text", "text": "sunny"}, {"type": "input_image", "image_url": PIXEL}],
    }
    second = await answer([question, *(item.to_dict() for item in first.output), result])
    assert "sunny" in second.output_text
    assert getattr(second, "warnings", None) is None
    turn = last_body(shim)["contents"][1]["parts"][0]
    assert turn["thoughtSignature"] != "skip_thought_signature_validator"
    response = last_body(shim)["contents"][2]["parts"][0]["functionResponse"]
    assert response["parts"][0]["inlineData"]["mimeType"] == "image/png"


async def test_image_input(client: openai.AsyncOpenAI) -> None:
    """A picture reaches Google as its bytes."""
    parts: Any = [{"type": "input_text", "text": "What is this?"}, {"type": "input_image", "image_url": PIXEL}]
    response = await client.responses.create(model=MODEL, input=[{"role": "user", "content": parts}])
    assert "[1 media]" in response.output_text


@pytest.mark.parametrize("streamed", [False, True])
async def test_image_output(client: openai.AsyncOpenAI, shim: Mediashim, streamed: bool) -> None:
    """A picture that the model made is an image_generation_call, and may be shown to it again."""
    model = "gemini-2.5-flash-image"
    if streamed:
        events = await events_of(await client.responses.create(model=model, input="a lighthouse", stream=True))
        response = Response.model_validate(events[-1]["response"])
    else:
        response = await client.responses.create(model=model, input="a lighthouse")
    picture = response.output[-1]
    assert picture.type == "image_generation_call"
    assert base64.b64decode(picture.result or "").startswith(b"\x89PNG")
    again: Any = [{"role": "user", "content": "a lighthouse"}, *(item.to_dict() for item in response.output)]
    await client.responses.create(model=model, input=[*again, {"role": "user", "content": "at night"}])
    shown = [part for part in last_body(shim)["contents"][1]["parts"] if "inlineData" in part]
    assert [part["inlineData"]["data"] for part in shown] == [picture.result]


async def test_a_schema(client: openai.AsyncOpenAI) -> None:
    """`responses.parse` gets its model."""

    class Colour(BaseModel):
        name: str

    parsed = await client.responses.parse(model=MODEL, input="Name a colour.", text_format=Colour)
    assert isinstance(parsed.output_parsed, Colour)


async def test_thinking(client: openai.AsyncOpenAI) -> None:
    """An effort shows the thinking, as a reasoning item's summary, before the answer."""
    stream = await client.responses.create(
        model=MODEL, input="Name a colour.", reasoning={"effort": "low", "summary": "auto"}, stream=True
    )
    response = Response.model_validate((await events_of(stream))[-1]["response"])
    first, second = response.output
    assert first.type == "reasoning"
    assert "The user wrote: Name a colour." in first.summary[0].text
    assert second.type == "message"


async def test_state_is_refused(client: openai.AsyncOpenAI, shim: Mediashim) -> None:
    """What would need a memory is a 400 with the way out, and nothing is sent."""
    with pytest.raises(openai.BadRequestError) as caught:
        await client.responses.create(model=MODEL, input="And then?", previous_response_id="resp_1")
    assert caught.value.param == "previous_response_id"
    assert "send the earlier items" in caught.value.message
    assert not [request for request in shim.google.requests if "generateContent" in request.path]


async def test_a_video_model_is_refused(client: openai.AsyncOpenAI, shim: Mediashim) -> None:
    """No job is ever begun here; the error says where."""
    with pytest.raises(openai.BadRequestError, match="/v1/videos"):
        await client.responses.create(model="veo-3.1-generate-001", input="waves")
    assert shim.google.submits == []


async def test_a_refusal(client: openai.AsyncOpenAI) -> None:
    """What Google withholds is an incomplete response that says why."""
    for streamed in (False, True):
        if streamed:
            events = await events_of(await client.responses.create(model=MODEL, input="video safety test", stream=True))
            assert events[-1]["type"] == "response.incomplete"
            response = Response.model_validate(events[-1]["response"])
        else:
            response = await client.responses.create(model=MODEL, input="video safety test")
        assert response.status == "incomplete"
        assert response.incomplete_details is not None
        assert response.incomplete_details.reason == "content_filter"
        assert "safety" in response.output_text


async def test_googles_refusal(client: openai.AsyncOpenAI, shim: Mediashim) -> None:
    """Google's 400 has its status, streamed or not."""
    for verb, streamed in (("generateContent", False), ("streamGenerateContent", True)):
        shim.google.faults.add(Fault(verb=verb, action=Status(status=400), times=1))
        with pytest.raises(openai.BadRequestError):
            await client.responses.create(model=MODEL, input="Hello", stream=streamed)
