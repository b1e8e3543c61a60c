"""A request's settings -> Gemini's generationConfig."""

from collections.abc import Mapping
from typing import Any

from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest, ResponseFormat

MODALITIES: Mapping[str, str] = {"text": "TEXT", "image": "IMAGE"}
"""`modalities` -> responseModalities."""

MOST_STOPS = 5
"""Gemini API reference, GenerationConfig.stopSequences, 2026-11: "up to 5"."""

_INT32 = range(-(2**31), 2**31)


def generation_config(
    request: ChatCompletionRequest,
    *,
    is_image_model: bool,
    image_config: Mapping[str, Any],
    thinking_config: Mapping[str, Any],
) -> dict[str, Any]:
    """The request's own `generationConfig` with the settings that OpenAI has a name for laid over it.

    Raises BadRequest naming the field that Gemini cannot carry out.
    """
    raw = request.generation_config or {}
    answer_form = _response_format(request.response_format)
    settings = {
        "temperature": request.temperature,
        "topP": request.top_p,
        "topK": request.top_k,
        "maxOutputTokens": request.max_completion_tokens if request.max_tokens is None else request.max_tokens,
        "candidateCount": request.n if request.n and request.n > 1 else None,
        "stopSequences": _stops(request.stop),
        "seed": _seed(request.seed),
        "presencePenalty": request.presence_penalty,
        "frequencyPenalty": request.frequency_penalty,
        **_logprobs(request),
        **answer_form,
        "responseModalities": response_modalities(request, is_image_model=is_image_model),
        "imageConfig": image_config,
        "thinkingConfig": thinking_config,
    }
    if not raw:
        return present(settings)
    settings["imageConfig"] = {**_object(raw, "imageConfig"), **image_config}
    settings["thinkingConfig"] = {**_object(raw, "thinkingConfig"), **thinking_config}
    # Gemini takes one of the two schemas; as everywhere, OpenAI's name for it wins.
    beaten = {"responseSchema"} if "responseJsonSchema" in answer_form else set()
    return present({**{name: value for name, value in raw.items() if name not in beaten}, **present(settings)})


def present(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that say something: neither None, nor an empty list or object."""
    return {name: value for name, value in members.items() if value is not None and value != [] and value != {}}


def generation_warnings(request: ChatCompletionRequest) -> list[str]:
    """What of the settings had no effect."""
    first, second = request.max_tokens, request.max_completion_tokens
    if first is None or second is None or first == second:
        return []
    return ["max_completion_tokens had no effect: max_tokens goes before it."]


def response_modalities(request: ChatCompletionRequest, *, is_image_model: bool) -> list[str] | None:
    """Gemini's responseModalities; an image model makes text and images without being asked.

    Raises BadRequest for video and audio, which such a model does not make.
    """
    if request.video_config is not None:
        raise BadRequest(
            "This model makes no video; name a video model, or leave video_config out.", param="video_config"
        )
    if not request.modalities:
        return ["TEXT", "IMAGE"] if is_image_model else None
    for index, modality in enumerate(request.modalities):
        if modality.lower() not in MODALITIES:
            raise BadRequest(
                f"{modality!r} is not possible with this model; allowed are {', '.join(MODALITIES)}.",
                param=f"modalities[{index}]",
            )
    return [MODALITIES[modality.lower()] for modality in request.modalities]


def _object(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name) or {}
    if not isinstance(value, Mapping):
        raise BadRequest("Expected an object.", param=f"generationConfig.{name}")
    return value


def _stops(stop: str | list[str] | None) -> list[str]:
    stops = [stop] if isinstance(stop, str) else stop or []
    if len(stops) > MOST_STOPS:
        raise BadRequest(f"Gemini takes at most {MOST_STOPS} stop sequences; {len(stops)} were given.", param="stop")
    return [text for text in stops if text]


def _seed(seed: int | None) -> int | None:
    if seed is not None and seed not in _INT32:
        raise BadRequest(f"seed must be between {_INT32[0]} and {_INT32[-1]}.", param="seed")
    return seed


def _logprobs(request: ChatCompletionRequest) -> dict[str, Any]:
    if request.top_logprobs and not request.logprobs:
        raise BadRequest("top_logprobs needs logprobs: true.", param="top_logprobs")
    return {"responseLogprobs": True, "logprobs": request.top_logprobs or None} if request.logprobs else {}


def _response_format(response_format: ResponseFormat | None) -> dict[str, Any]:
    if response_format is None or response_format.type == "text":
        return {}
    schema = response_format.json_schema.schema_ if response_format.json_schema else None
    if response_format.type == "json_schema" and schema is not None:
        return {"responseMimeType": "application/json", "responseJsonSchema": schema}
    return {"responseMimeType": "application/json"}
