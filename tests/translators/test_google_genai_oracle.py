"""google-genai as oracle: for each call it can express, its body on the wire equals the one on file (and so ours).

The SDK talks to a listener on loopback that keeps the body and answers. Only spelling is levelled: here and there the
SDK writes `mime_type` where REST says `mimeType`, an empty `generationConfig`, and base64 in the url-safe alphabet;
Google takes both.
"""

import base64
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from google import genai
from google.genai import types
from pydantic.alias_generators import to_camel

from tests.golden_cases import read_cases
from tests.google_genai_listener import Listener, listening, posted

# Both are the SDK's own doing: how it wraps aiohttp, and Imagen's announced end.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The (generate_images|edit_image) method is deprecated"),
]

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "Which city"}},
    "required": ["city"],
}
PERSON = {"type": "object", "properties": {"name": {"type": "string"}}, "additionalProperties": False}
Config = types.GenerateContentConfig

CALLS: dict[str, tuple[Any, Config]] = {
    "text-settings": (
        "Hello",
        Config(
            system_instruction="Be brief.",
            temperature=0.5,
            top_p=0.9,
            top_k=40,
            max_output_tokens=100,
            candidate_count=2,
            stop_sequences=["END", "STOP"],
            seed=7,
            presence_penalty=0.25,
            frequency_penalty=-0.5,
        ),
    ),
    "logprobs": ("Hello", Config(response_logprobs=True, logprobs=3)),
    "image": (
        "A red fox",
        Config(
            response_modalities=["IMAGE", "TEXT"],
            image_config=types.ImageConfig(aspect_ratio="16:9", image_size="2K"),
        ),
    ),
    "image-vertex": (
        "A crowd",
        Config(
            response_modalities=["IMAGE"],
            image_config=types.ImageConfig(aspect_ratio="1:1", person_generation="ALLOW_ADULT"),
        ),
    ),
    "image-edit": (
        ["Make it blue", types.Part.from_bytes(data=PNG, mime_type="image/png")],
        Config(response_modalities=["TEXT", "IMAGE"]),
    ),
    "tools": (
        "Weather in Bern?",
        Config(
            tools=[
                types.Tool(
                    function_declarations=[
                        types.FunctionDeclaration(
                            name="get_weather", description="The weather now", parameters_json_schema=WEATHER
                        ),
                        types.FunctionDeclaration(
                            name="ping", parameters_json_schema={"type": "object", "properties": {}}
                        ),
                    ]
                )
            ],
            tool_config=types.ToolConfig(
                function_calling_config=types.FunctionCallingConfig(
                    mode=types.FunctionCallingConfigMode.ANY, allowed_function_names=["get_weather"]
                )
            ),
        ),
    ),
    "google-tools": (
        "News?",
        Config(
            tools=[
                types.Tool(google_search=types.GoogleSearch()),
                types.Tool(code_execution=types.ToolCodeExecution()),
                types.Tool(url_context=types.UrlContext()),
            ]
        ),
    ),
    "json-schema": ("A person", Config(response_mime_type="application/json", response_json_schema=PERSON)),
    "safety-settings": (
        "Hello",
        Config(
            safety_settings=[
                types.SafetySetting(
                    category=types.HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT,
                    threshold=types.HarmBlockThreshold.BLOCK_ONLY_HIGH,
                )
            ]
        ),
    ),
    "thinking-budget": (
        "Think",
        Config(thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_budget=1024)),
    ),
    "thinking-level": (
        "Think",
        Config(thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_level=types.ThinkingLevel.HIGH)),
    ),
}
IMAGES: dict[str, tuple[str, types.GenerateImagesConfig]] = {
    "all-settings": (
        "A fox",
        types.GenerateImagesConfig(
            number_of_images=2,
            aspect_ratio="16:9",
            image_size="2K",
            seed=1,
            add_watermark=False,
            include_rai_reason=True,
            negative_prompt="dogs",
            person_generation=types.PersonGeneration.ALLOW_ADULT,
            guidance_scale=2.0,
            language=types.ImagePromptLanguage.en,
            enhance_prompt=False,
        ),
    ),
}
RAW = types.RawReferenceImage(reference_id=1, reference_image=types.Image(image_bytes=PNG, mime_type="image/png"))
EDITS: dict[str, tuple[str, list[Any], types.EditImageConfig]] = {
    "edit": (
        "At night",
        [RAW],
        types.EditImageConfig(
            edit_mode=types.EditMode.EDIT_MODE_DEFAULT,
            number_of_images=1,
            seed=3,
            add_watermark=False,
            include_rai_reason=True,
            negative_prompt="dogs",
            output_mime_type="image/jpeg",
        ),
    ),
    "edit-by-a-mask": (
        "A boat",
        [
            RAW,
            types.MaskReferenceImage(
                reference_id=2,
                reference_image=types.Image(image_bytes=PNG, mime_type="image/png"),
                config=types.MaskReferenceConfig(mask_mode=types.MaskReferenceMode.MASK_MODE_USER_PROVIDED),
            ),
        ],
        types.EditImageConfig(
            edit_mode=types.EditMode.EDIT_MODE_INPAINT_INSERTION, number_of_images=2, include_rai_reason=True
        ),
    ),
}


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A base URL on loopback, and the bodies that were posted to it."""
    async with listening() as listener:
        yield listener


async def sent_by_the_sdk(listener: Listener, surface: str, call: Callable[[genai.client.AsyncClient], Any]) -> Any:
    body = await posted(listener, surface, call)
    return {name: value for name, value in levelled(body).items() if value != {}}


_STANDARD = str.maketrans("-_", "+/")


def levelled(value: Any) -> Any:
    """The same JSON with each key in REST's spelling, and base64 in the standard alphabet."""
    match value:
        case dict():
            return {
                to_camel(key): inner.translate(_STANDARD) if key == "data" else levelled(inner)
                for key, inner in value.items()
            }
        case list():
            return [levelled(inner) for inner in value]
        case _:
            return value


def oracle_cases(folder: str) -> dict[str, Any]:
    return {case.name: case for case in read_cases(folder) if case.more.get("oracle")}


def test_every_case_that_names_the_oracle_is_asked() -> None:
    """A case cannot claim the SDK's blessing without a call here."""
    assert set(oracle_cases("chat/requests")) == set(CALLS)
    assert set(oracle_cases("imagen/requests")) == {*IMAGES, *EDITS}


@pytest.mark.parametrize("name", sorted(CALLS))
async def test_generate_content(name: str, listener: Listener) -> None:
    """The SDK's generateContent body is the one on file."""
    case = oracle_cases("chat/requests")[name]
    contents, config = CALLS[name]

    body = await sent_by_the_sdk(
        listener,
        case.more.get("surface", "gemini"),
        lambda aio: aio.models.generate_content(model=case.more["model"], contents=contents, config=config),
    )

    assert body == case.google


@pytest.mark.parametrize("name", sorted(IMAGES))
async def test_predict(name: str, listener: Listener) -> None:
    """The SDK's predict body is the one on file."""
    case = oracle_cases("imagen/requests")[name]
    prompt, config = IMAGES[name]

    body = await sent_by_the_sdk(
        listener,
        "vertex",
        lambda aio: aio.models.generate_images(model=case.more["model"], prompt=prompt, config=config),
    )

    assert body == case.google


@pytest.mark.parametrize("name", sorted(EDITS))
async def test_edit(name: str, listener: Listener) -> None:
    """The SDK's predict body of an edit is the one on file."""
    case = oracle_cases("imagen/requests")[name]
    prompt, references, config = EDITS[name]

    body = await sent_by_the_sdk(
        listener,
        "vertex",
        lambda aio: aio.models.edit_image(
            model=case.more["model"], prompt=prompt, reference_images=references, config=config
        ),
    )

    assert body == case.google
