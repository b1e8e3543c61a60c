"""generateContent and its siblings: streamed, counted, and Imagen's predict."""

import asyncio
import base64
import secrets
from typing import Any

import orjson

from proxy.simulator import errors
from proxy.simulator.access import api_key
from proxy.simulator.answers import (
    Answer,
    count_text,
    last_user_text,
    logprobs,
    pieces,
    prompt_tokens,
    signature_of,
    text_answer,
)
from proxy.simulator.call import Call
from proxy.simulator.code_assist import answered, request_of
from proxy.simulator.content_shapes import GenerateContentRequest, read_request
from proxy.simulator.errors import invalid
from proxy.simulator.faults import Filtered
from proxy.simulator.files import file_id_in
from proxy.simulator.imagen import read_predict
from proxy.simulator.media.recipe import PictureRecipe
from proxy.simulator.models import Kind, Model, Surface
from proxy.simulator.pixels import image_pixels
from proxy.simulator.refusals import filtered_reason, refusal_of
from proxy.simulator.replies import Reply
from proxy.simulator.serving import served_model
from proxy.simulator.world import World

Json = dict[str, Any]

IMAGE_TOKENS = 1120
"""Tokens of a 1K picture (Gemini API pricing, 2026-11)."""


async def generate(call: Call, world: World) -> Json:
    """POST :generateContent. Raises GoogleError 400, 404."""
    model, request = _read(call, world)
    await asyncio.sleep(world.settings.answer_latency)
    return answered(call, await _response(model, request, world))


async def stream(call: Call, world: World) -> Reply:
    """POST :streamGenerateContent: server-sent events with alt=sse, one JSON array without. Raises GoogleError."""
    model, request = _read(call, world)
    await asyncio.sleep(world.settings.answer_latency)
    chunks = [orjson.dumps(answered(call, chunk)) for chunk in _split(await _response(model, request, world))]
    if call.query.get("alt") == "sse":
        return Reply(
            content_type="text/event-stream", chunks=tuple(b"data: " + chunk + b"\r\n\r\n" for chunk in chunks)
        )
    joined = tuple((b"[" if index == 0 else b",\r\n") + chunk for index, chunk in enumerate(chunks))
    return Reply(chunks=(*joined, b"]"))


async def count_tokens(call: Call, world: World) -> Json:
    """POST :countTokens, of `contents` or of a whole `generateContentRequest`. Raises GoogleError 400, 404."""
    served_model(call, world.lifecycle)
    body = request_of(call, world.settings)
    nested = body.get("generateContentRequest")
    tokens = prompt_tokens(read_request(nested if isinstance(nested, dict) else body, call.surface))
    total = {"totalTokens": sum(tokens.values())}
    return total if call.surface is Surface.CODE_ASSIST else {**total, "promptTokensDetails": _details(tokens)}


def _read(call: Call, world: World) -> tuple[Model, GenerateContentRequest]:
    model = served_model(call, world.lifecycle)
    request = read_request(request_of(call, world.settings), call.surface)
    _check(model, request)
    _check_files(request, call, world)
    return model, request


def _check_files(request: GenerateContentRequest, call: Call, world: World) -> None:
    """A file of the Files API must be there, be the key's own, and be ACTIVE."""
    for part in (part for content in request.contents for part in content.parts if part.file_data):
        uri = part.file_data.file_uri if part.file_data else ""
        if not uri.startswith((f"{call.base_url}/", errors.GEMINI_ORIGIN)) or call.surface is not Surface.GEMINI:
            continue
        file_id = file_id_in(uri)
        stored = world.files.get(file_id, api_key(call))
        if not world.files.is_active(stored):
            message = f"The File {file_id} is not in an ACTIVE state and usage is not allowed."
            raise errors.GoogleError(400, message, rpc="FAILED_PRECONDITION")


def _check(model: Model, request: GenerateContentRequest) -> None:
    config = request.generation_config
    modalities = config.response_modalities or []
    if config.logprobs is not None and not config.response_logprobs:
        raise invalid("logprobs is only supported if response_logprobs is set to true.")
    if model.image is None:
        if "IMAGE" in modalities:
            raise invalid(
                "Multi-modal output is not supported. Model does not support the requested response modalities: image"
            )
        if config.image_config is not None:
            raise invalid("Image generation config is not supported by this model.")
    else:
        _check_image(model, request)
    if model.id.startswith("gemini-3") and model.kind is Kind.TEXT:
        _check_signatures(request)


def _check_image(model: Model, request: GenerateContentRequest) -> None:
    config = request.generation_config
    if config.candidate_count not in (None, 1):
        raise invalid("Multiple candidates is not enabled for this model")
    if any(tool.function_declarations for tool in request.tools or ()):
        raise invalid("Function calling is not enabled for this model")
    image = config.image_config
    if image is None or model.image is None:
        return
    if image.aspect_ratio is not None and image.aspect_ratio not in model.image.aspect_ratios:
        raise invalid(
            f"Invalid aspect ratio {image.aspect_ratio!r}. Supported: {', '.join(sorted(model.image.aspect_ratios))}."
        )
    if image.image_size is not None and image.image_size not in model.image.sizes:
        raise invalid(f"Invalid image size {image.image_size!r}. Supported: {', '.join(model.image.sizes) or 'none'}.")


def _check_signatures(request: GenerateContentRequest) -> None:
    # Gemini 3 refuses a call of the current turn that comes back without its signature (Gemini API docs on thought
    # signatures, 2026-11); the current turn begins after the last user text.
    unsigned: str | None = None
    for content in request.contents:
        calls = [part for part in content.parts if part.function_call]
        if content.role != "model" and any(part.text for part in content.parts):
            unsigned = None
        elif calls and calls[0].function_call and calls[0].thought_signature is None:
            unsigned = calls[0].function_call.name
    if unsigned is not None:
        raise invalid(
            "Function call is missing a thought_signature in functionCall parts. This is required for tools to work "
            f"correctly. Additional data, function call `{unsigned}`."
        )


async def _response(model: Model, request: GenerateContentRequest, world: World) -> Json:
    asked = last_user_text(request.contents)
    tokens = prompt_tokens(request)
    envelope: Json = {"modelVersion": model.id, "responseId": secrets.token_urlsafe(16)}
    refusal = refusal_of(asked)
    if refusal is not None and refusal.block_reason is not None:
        feedback = {"promptFeedback": {"blockReason": refusal.block_reason}}
        return {**feedback, "usageMetadata": _usage(tokens, []), **envelope}
    if refusal is not None and refusal.finish_reason is not None:
        answers = [Answer(parts=[], finish_reason=refusal.finish_reason)]
    elif model.image is not None:
        answers = [await _picture_answer(model, request, asked, world)]
    else:
        count = request.generation_config.candidate_count or 1
        answers = [text_answer(model.id, request, number) for number in range(count)]
    candidates = [_candidate(answer, index, request) for index, answer in enumerate(answers)]
    return {"candidates": candidates, "usageMetadata": _usage(tokens, answers), **envelope}


def _candidate(answer: Answer, index: int, request: GenerateContentRequest) -> Json:
    candidate: Json = {"finishReason": answer.finish_reason, "index": index}
    if answer.parts:
        candidate = {"content": {"parts": answer.parts, "role": "model"}, **candidate}
    else:
        candidate["finishMessage"] = f"Unable to show the generated content: {answer.finish_reason}."
    if request.generation_config.response_logprobs and answer.text:
        candidate["avgLogprobs"] = -0.1
        candidate["logprobsResult"] = logprobs(answer.text, request.generation_config.logprobs or 0)
    return candidate


async def _picture_answer(model: Model, request: GenerateContentRequest, asked: str, world: World) -> Answer:
    config = request.generation_config
    if config.response_modalities == ["TEXT"]:
        return text_answer(model.id, request, 0)
    image = config.image_config
    ratio = (image and image.aspect_ratio) or "1:1"
    size = (image and image.image_size) or "1K"
    width, height = image_pixels(ratio, size)
    given = sum(1 for content in request.contents for part in content.parts if part.inline_data or part.file_data)
    details = (f"{ratio}   {size}" + (f"   {given} input images" if given else ""),)
    recipe = PictureRecipe(width=width, height=height, model=model.id, prompt=asked, details=details)
    picture = base64.b64encode(await world.studio.make(recipe)).decode()
    parts: list[Json] = [{"inlineData": {"mimeType": "image/png", "data": picture}}]
    if model.id != "gemini-2.5-flash-image":
        parts[0]["thoughtSignature"] = signature_of(model.id, asked)
    text = ""
    if config.response_modalities is None or "TEXT" in config.response_modalities:
        text = f"Here is a simulated picture: {asked}"
        parts.insert(0, {"text": text})
    return Answer(parts=parts, finish_reason="STOP", text=text, image_tokens=IMAGE_TOKENS)


def _usage(prompt: dict[str, int], answers: list[Answer]) -> Json:
    text = sum(count_text(answer.text) for answer in answers)
    pictures = sum(answer.image_tokens for answer in answers)
    thoughts = sum(answer.thought_tokens for answer in answers)
    asked = sum(prompt.values())
    usage: Json = {
        "promptTokenCount": asked,
        "totalTokenCount": asked + text + pictures + thoughts,
        "promptTokensDetails": _details(prompt),
    }
    if answers:
        usage["candidatesTokenCount"] = text + pictures
    if pictures:
        usage["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": pictures}]
    if thoughts:
        usage["thoughtsTokenCount"] = thoughts
    return usage


def _details(tokens: dict[str, int]) -> list[Json]:
    return [{"modality": modality, "tokenCount": count} for modality, count in tokens.items() if count]


def _split(response: Json) -> list[Json]:
    """A whole response as the chunks of a stream: words, then the reason it ended, with usage in every chunk."""
    if "candidates" not in response:
        return [response]
    shared = {key: value for key, value in response.items() if key != "candidates"}
    chunks: list[Json] = []
    for candidate in response["candidates"]:
        rest = {key: value for key, value in candidate.items() if key != "content"}
        parts = [piece for part in candidate.get("content", {}).get("parts", []) for piece in _part_pieces(part)]
        for number, part in enumerate(parts):
            last = rest if number == len(parts) - 1 else {"index": candidate["index"]}
            chunks.append({"candidates": [{"content": {"parts": [part], "role": "model"}, **last}], **shared})
        if not parts:
            chunks.append({"candidates": [rest], **shared})
    return chunks


def _part_pieces(part: Json) -> list[Json]:
    if "text" not in part or part.get("thought"):
        return [part]
    return [{**part, "text": piece} for piece in pieces(part["text"])] or [part]


async def predict(call: Call, world: World) -> Json:
    """POST :predict for Imagen (Vertex). Raises GoogleError 400, 404."""
    model = served_model(call, world.lifecycle)
    if model.image is None:
        raise errors.invalid(f"{model.id} is not supported in the predict API.")
    order = read_predict(model.id, model.image, call.json_object())
    if order.storage_uri is not None and not world.buckets.exists(order.storage_uri):
        raise invalid(f"The Cloud Storage bucket of {order.storage_uri} does not exist.")
    refusal = refusal_of(order.prompt)
    if refusal is not None:
        if not order.tell_reasons:
            return {}
        code = refusal.job.support_code if isinstance(refusal.job, Filtered) else 89371032
        return {"predictions": [{"raiFilteredReason": filtered_reason(code)}]}
    predictions = []
    for sample in range(order.samples):
        recipe = order.recipe(sample)
        if order.storage_uri is None:
            encoded = base64.b64encode(await world.studio.make(recipe)).decode()
            predictions.append({"bytesBase64Encoded": encoded, "mimeType": recipe.mime_type})
        else:
            uri = f"{order.storage_uri.rstrip('/')}/{secrets.randbelow(10**19)}/sample_{sample}.png"
            world.buckets.put(uri, recipe, recipe.mime_type)
            predictions.append({"gcsUri": uri, "mimeType": recipe.mime_type})
    return {"predictions": predictions}
