"""generateContent: echo, tools, JSON, thoughts, limits, pictures, refusals, streams; strict about every field."""

import base64
import io
import json

import pytest
from PIL import Image

FLASH = "/v1beta/models/gemini-2.5-flash"
BANANA = "/v1beta/models/gemini-nano-banana-2.1"


def asking(text: str, **more) -> dict:
    return {"contents": [{"role": "user", "parts": [{"text": text}]}], **more}


@pytest.fixture
async def client(start):
    _, client = await start()
    return client


async def test_the_answer_is_an_echo(client) -> None:
    """Deterministic, short, with usage that adds up."""
    answer = (await client.post(f"{FLASH}:generateContent", json=asking("hello"))).json()
    usage = answer["usageMetadata"]

    assert answer["candidates"][0]["content"]["parts"] == [{"text": "Simulated gemini-2.5-flash: hello"}]
    assert usage["totalTokenCount"] == usage["promptTokenCount"] + usage["candidatesTokenCount"]


async def test_a_declared_tool_is_called_by_name(client) -> None:
    """`call NAME` answers a functionCall with a signature and arguments that fit the schema."""
    declared = {
        "name": "weather",
        "parametersJsonSchema": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        },
    }
    body = asking("please call weather", tools=[{"functionDeclarations": [declared]}])
    [part] = (await client.post(f"{FLASH}:generateContent", json=body)).json()["candidates"][0]["content"]["parts"]

    assert part["functionCall"] == {"name": "weather", "args": {"city": "simulated", "days": 1}}
    assert base64.b64decode(part["thoughtSignature"])


async def test_gemini_3_wants_its_signature_back(client) -> None:
    """A call that returns without its signature is 400; with it the result is told."""
    path = "/v1beta/models/gemini-3-pro-preview:generateContent"
    call = {"functionCall": {"name": "weather", "args": {}}}
    result = {"functionResponse": {"name": "weather", "response": {"sun": True}}}

    def turns(part: dict) -> dict:
        said = asking("call weather")["contents"]
        return {"contents": [*said, {"role": "model", "parts": [part]}, {"role": "user", "parts": [result]}]}

    refused = await client.post(path, json=turns(call))
    assert "missing a thought_signature" in refused.json()["error"]["message"]
    fine = (await client.post(path, json=turns({**call, "thoughtSignature": "c2ln"}))).json()
    assert fine["candidates"][0]["content"]["parts"] == [{"text": 'weather returned {"sun": true}'}]


async def test_json_follows_the_schema(client) -> None:
    """application/json gives JSON, of the schema if there is one."""
    schema = {"type": "object", "properties": {"colour": {"enum": ["red"]}, "tags": {"type": "array"}}}
    config = {"responseMimeType": "application/json", "responseJsonSchema": schema}
    answer = (await client.post(f"{FLASH}:generateContent", json=asking("x", generationConfig=config))).json()

    text = answer["candidates"][0]["content"]["parts"][0]["text"]
    assert json.loads(text) == {"colour": "red", "tags": ["simulated"]}


async def test_limits_and_counts_are_honoured(client) -> None:
    """Stop sequences, maxOutputTokens, candidateCount, logprobs, thoughts."""

    async def candidates(**config) -> list:
        body = asking("one two three", generationConfig=config)
        return (await client.post(f"{FLASH}:generateContent", json=body)).json()["candidates"]

    [stopped] = await candidates(stopSequences=[" two"])
    assert stopped["content"]["parts"][0]["text"].endswith("one")
    [cut] = await candidates(maxOutputTokens=2)
    assert (cut["finishReason"], len(cut["content"]["parts"][0]["text"])) == ("MAX_TOKENS", 8)
    assert [item["index"] for item in await candidates(candidateCount=3)] == [0, 1, 2]
    [likely] = await candidates(responseLogprobs=True, logprobs=2)
    assert len(likely["logprobsResult"]["topCandidates"][0]["candidates"]) == 2
    [thinking] = await candidates(thinkingConfig={"includeThoughts": True})
    assert [part.get("thought") for part in thinking["content"]["parts"]] == [True, None]


async def test_pictures(client) -> None:
    """A PNG of the asked ratio and size, with a caption only if TEXT is wanted."""
    config = {"responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "16:9", "imageSize": "1K"}}
    answer = (await client.post(f"{BANANA}:generateContent", json=asking("a fox", generationConfig=config))).json()
    [part] = answer["candidates"][0]["content"]["parts"]

    with Image.open(io.BytesIO(base64.b64decode(part["inlineData"]["data"]))) as picture:
        assert (picture.format, picture.size) == ("PNG", (1344, 768))
    assert answer["usageMetadata"]["candidatesTokensDetails"] == [{"modality": "IMAGE", "tokenCount": 1120}]


@pytest.mark.parametrize(
    ("prompt", "block", "finish"),
    [
        ("a blocked prompt", "PROHIBITED_CONTENT", None),
        ("image safety", None, "IMAGE_SAFETY"),
        ("no image", None, "NO_IMAGE"),
        ("image recitation", None, "IMAGE_RECITATION"),
    ],
)
async def test_refusals_are_200(client, prompt, block, finish) -> None:
    """A refusal is no HTTP error: a block reason without candidates, or a finish reason without content."""
    response = await client.post(f"{BANANA}:generateContent", json=asking(prompt))
    answer = response.json()

    assert response.status_code == 200
    assert answer.get("promptFeedback", {}).get("blockReason") == block
    assert [item["finishReason"] for item in answer.get("candidates", [])] == ([finish] if finish else [])


@pytest.mark.parametrize("path", [FLASH, BANANA])
async def test_a_stream_says_what_the_whole_says(client, path) -> None:
    """SSE with alt=sse, a JSON array without; joined they are the plain answer."""
    body = asking("hello there, you")
    whole = (await client.post(f"{path}:generateContent", json=body)).json()
    events = await client.post(f"{path}:streamGenerateContent?alt=sse", json=body)
    array = (await client.post(f"{path}:streamGenerateContent", json=body)).json()
    chunks = [json.loads(line[6:]) for line in events.text.split("\r\n\r\n") if line]

    def said(parts: list) -> tuple[str, list]:
        return "".join(part.get("text", "") for part in parts), [part for part in parts if "inlineData" in part]

    assert events.headers["content-type"] == "text/event-stream"
    assert len(chunks) == len(array) > 1
    parts = [chunk["candidates"][0]["content"]["parts"][0] for chunk in chunks]
    assert said(parts) == said(whole["candidates"][0]["content"]["parts"])
    assert [chunk["candidates"][0].get("finishReason") for chunk in chunks][-2:] == [None, "STOP"]


async def test_vertex_streaming_errors_are_a_list(start) -> None:
    """Vertex answers its streaming errors as a JSON array."""
    _, client = await start()
    path = "/v1/publishers/google/models/gemini-2.5-flash:streamGenerateContent"
    refused = await client.post(path, json=asking("x", foo=1))

    assert refused.status_code == 400
    assert isinstance(refused.json(), list)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"contents": []}, "contents is not specified"),
        (asking("x", foo=1), 'Unknown name "foo": Cannot find field.'),
        (asking("x", generationConfig={"maxTokens": 1}), "Unknown name \"maxTokens\" at 'generation_config'"),
        (asking("x", labels={"a": "b"}), 'Unknown name "labels"'),
        (
            asking("x", generationConfig={"imageConfig": {"personGeneration": "ALLOW_ALL"}}),
            "Unknown name \"personGeneration\" at 'generation_config.image_config'",
        ),
        ({"contents": [{"role": "assistant", "parts": [{"text": "x"}]}]}, "contents[0].role"),
        ({"contents": [{"parts": [{"text": "x", "foo": 1}]}]}, "'contents[0].parts[0]'"),
        ({"contents": [{"parts": [{}]}]}, "required oneof field 'data'"),
        (asking("x", generationConfig={"logprobs": 1}), "response_logprobs"),
        (asking("x", generationConfig={"responseModalities": ["IMAGE"]}), "response modalities"),
        (asking("x", generationConfig={"temperature": 3}), "generation_config.temperature"),
    ],
)
async def test_strictness(client, body, message) -> None:
    """Unknown names and wrong values are 400, in protobuf's words and places."""
    refused = await client.post(f"{FLASH}:generateContent", json=body)

    assert refused.status_code == 400
    assert message in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("model", "config"),
    [
        ("gemini-2.5-flash-image", {"imageConfig": {"imageSize": "1K"}}),
        ("gemini-nano-banana-2.1", {"imageConfig": {"aspectRatio": "2:1"}}),
        ("gemini-nano-banana-2.1", {"candidateCount": 2}),
    ],
)
async def test_image_limits(client, model, config) -> None:
    """Each image model's own ratios and sizes."""
    body = asking("x", generationConfig=config)

    assert (await client.post(f"/v1beta/models/{model}:generateContent", json=body)).status_code == 400


async def test_counting(client) -> None:
    """countTokens of contents or of a whole request."""
    body = asking("12345678")
    plain = (await client.post(f"{FLASH}:countTokens", json=body)).json()
    nested = {"generateContentRequest": {"model": "models/gemini-2.5-flash", **body}}

    assert plain["totalTokens"] == 2
    assert (await client.post(f"{FLASH}:countTokens", json=nested)).json() == plain


async def test_models_come_in_pages(client) -> None:
    """Every served model once, and none that is retired."""
    names, token = [], ""
    while True:
        page = (await client.get("/v1beta/models", params={"pageSize": "4", "pageToken": token})).json()
        names += [model["name"] for model in page["models"]]
        if not (token := page.get("nextPageToken", "")):
            break

    assert len(names) == len(set(names)) > 8
    assert "models/gemini-omni-1.2-flash" in names
    assert not any("veo" in name or "imagen" in name for name in names)
    assert (await client.get("/v1beta/models/veo-3.1-generate-preview")).status_code == 404


async def test_no_json(client) -> None:
    """A body that is no JSON object."""
    assert (await client.post(f"{FLASH}:generateContent", content=b"{")).status_code == 400
