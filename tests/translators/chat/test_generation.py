"""Settings become generationConfig, or a 400 that names them."""

from typing import Any

import pytest

from translators.chat.generation import generation_config, generation_warnings, response_modalities
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest


def request_of(**members: Any) -> ChatCompletionRequest:
    return ChatCompletionRequest.model_validate(
        {"model": "m", "messages": [{"role": "user", "content": "x"}], **members}
    )


def config_of(**members: Any) -> dict[str, Any]:
    return generation_config(request_of(**members), is_image_model=False, image_config={}, thinking_config={})


SCHEMA = {"type": "object"}


@pytest.mark.parametrize(
    ("members", "config"),
    [
        ({}, {}),
        ({"max_tokens": 30}, {"maxOutputTokens": 30}),
        ({"max_completion_tokens": 40}, {"maxOutputTokens": 40}),
        ({"max_tokens": 30, "max_completion_tokens": 40}, {"maxOutputTokens": 30}),
        ({"n": 1}, {}),
        ({"n": 3}, {"candidateCount": 3}),
        ({"temperature": 0}, {"temperature": 0.0}),
        ({"stop": "END"}, {"stopSequences": ["END"]}),
        ({"stop": ["a", "", "b"]}, {"stopSequences": ["a", "b"]}),
        ({"stop": []}, {}),
        ({"seed": 0}, {"seed": 0}),
        ({"logprobs": True}, {"responseLogprobs": True}),
        ({"logprobs": True, "top_logprobs": 2}, {"responseLogprobs": True, "logprobs": 2}),
        ({"logprobs": False, "top_logprobs": 0}, {}),
        ({"response_format": {"type": "text"}}, {}),
        ({"response_format": {"type": "json_object"}}, {"responseMimeType": "application/json"}),
        ({"response_format": {"type": "json_schema"}}, {"responseMimeType": "application/json"}),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}},
            {"responseMimeType": "application/json"},
        ),
        (
            {
                "generationConfig": {"responseSchema": {"type": "STRING"}, "seed": 1},
                "response_format": {"type": "json_schema", "json_schema": {"schema": SCHEMA}},
            },
            {"seed": 1, "responseMimeType": "application/json", "responseJsonSchema": SCHEMA},
        ),
        (
            {"generation_config": {"imageConfig": None, "thinkingConfig": {"thinkingBudget": 5}}},
            {"thinkingConfig": {"thinkingBudget": 5}},
        ),
        ({"modalities": ["TEXT", "image"]}, {"responseModalities": ["TEXT", "IMAGE"]}),
        ({"modalities": []}, {}),
    ],
)
def test_settings(members: dict[str, Any], config: dict[str, Any]) -> None:
    """Each setting has its place; OpenAI's names win over the raw object, and null or empty is nothing."""
    assert config_of(**members) == config


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"stop": list("abcdef")}, "stop"),
        ({"seed": 2**31}, "seed"),
        ({"seed": -(2**31) - 1}, "seed"),
        ({"top_logprobs": 2}, "top_logprobs"),
        ({"modalities": ["text", "audio"]}, "modalities[1]"),
        ({"modalities": ["video"]}, "modalities[0]"),
        ({"video_config": {}}, "video_config"),
        ({"generationConfig": {"imageConfig": "1:1"}}, "generationConfig.imageConfig"),
    ],
)
def test_what_gemini_cannot_do_is_refused(members: dict[str, Any], param: str) -> None:
    """Nothing is clamped: a 400 names the field."""
    with pytest.raises(BadRequest) as error:
        config_of(**members)

    assert error.value.param == param


def test_an_image_model_makes_text_and_images_unasked() -> None:
    """Only where the caller says nothing about it."""
    assert response_modalities(request_of(), is_image_model=True) == ["TEXT", "IMAGE"]
    assert response_modalities(request_of(modalities=["text"]), is_image_model=True) == ["TEXT"]
    assert response_modalities(request_of(), is_image_model=False) is None


def test_two_different_limits_are_told() -> None:
    """One of them has no effect; equal ones need no word."""
    assert len(generation_warnings(request_of(max_tokens=1, max_completion_tokens=2))) == 1
    assert generation_warnings(request_of(max_tokens=1, max_completion_tokens=1)) == []
    assert generation_warnings(request_of(max_tokens=1)) == []
    assert generation_warnings(request_of()) == []
