"""A request for text or images -> the whole chat completion: call Google, translate back, keep."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from proxy.media.chunks import Chunks
from proxy.media.json_splice import spliced
from proxy.respond.pieces import JsonBody
from proxy.routes.content_chat import ContentChat
from proxy.routes.kept_images import metadata_of
from proxy.routes.large_body import read_apart, read_chunks
from proxy.routes.placeholder_images import placeholder_completion, why_no_image
from proxy.upstream_failures import Lost
from translators.chat.response import from_generate_content
from translators.errors import ApiError
from translators.imagen import from_predictions
from translators.resolve import Target
from translators.wire.google import GenerateContentAnswer, PredictAnswer, read_answer, read_predictions


async def whole_completion(content: ContentChat) -> Mapping[str, Any]:
    """The answer as a chat completion, kept for the next time where that is wished. Raises ApiError."""
    if content.kept is not None:
        return content.kept
    if content.wishes.placeholder:
        completion = await _answered_or_placeholder(content)
    else:
        completion = await _answered(content)
    key = content.cache_key if "placeholder" not in completion else None
    if key is not None:
        metadata = metadata_of(content.chat, completion, content.caller)
        await content.services.image_cache.keep(key, completion, metadata)
    return completion


async def whole_body(content: ContentChat) -> JsonBody:
    """`whole_completion` as the JSON it is sent as; long images go into it as the text they came in."""
    is_passed_on = content.makes_images and not (content.is_imagen or content.wishes.placeholder or content.cache_key)
    if content.kept is not None or not is_passed_on:
        return await whole_completion(content)
    try:
        target, answer = await content.answered()
        async with answer:
            body = await spliced(Chunks(await answer.chunks()), marker=_marker(content))
    except Lost as failure:
        raise failure.verdict().error from None
    google = read_answer(body.rest())
    if not _are_images(body.markers, google):
        google = await read_apart(body.body, read_answer, marker=_marker(content))
        return _completed(content, target, google)
    return body.put_into(orjson.dumps(_completed(content, target, google)))


def _are_images(markers: Sequence[str], answer: GenerateContentAnswer) -> bool:
    """Whether each of them stands for a medium of a known type: anything else that is long must be read itself."""
    parts = [part for candidate in answer.candidates if candidate.content for part in candidate.content.parts]
    typed = {part.inline_data.data for part in parts if part.inline_data and part.inline_data.mime_type}
    return typed.issuperset(markers)


async def _answered_or_placeholder(content: ContentChat) -> dict[str, Any]:
    try:
        completion = await _answered(content)
        why, model, usage = why_no_image(completion), completion["model"], completion.get("usage")
    except ApiError as error:
        why, model, usage = error.message, content.resolution.targets[0].upstream_id, None
    if why is None:
        return completion
    return await placeholder_completion(
        content.chat, answer_id=content.id, created=content.created, model=model, why=why, usage=usage
    )


async def _answered(content: ContentChat) -> dict[str, Any]:
    try:
        target, answer = await content.answered()
        async with answer:
            chunks = await answer.chunks() if content.makes_images else (await answer.read(),)
    except Lost as failure:
        raise failure.verdict().error from None
    read = read_predictions if content.is_imagen else read_answer
    return _completed(content, target, await read_chunks(chunks, read, marker=_marker(content)))


def _marker(content: ContentChat) -> str:
    return f"@{content.id}:"


def _completed(content: ContentChat, target: Target, answer: GenerateContentAnswer | PredictAnswer) -> dict[str, Any]:
    """What Google answered as a chat completion, with its price."""
    warnings = content.warnings(target)
    if isinstance(answer, PredictAnswer):
        completion = from_predictions(
            answer,
            id=content.id,
            created=content.created,
            model=target.upstream_id,
            asked=content.chat.n or 1,
            warnings=warnings,
        )
    else:
        completion = from_generate_content(
            answer,
            id=content.id,
            created=content.created,
            model=target.upstream_id,
            original_names=content.translated(target).original_names,
            warnings=warnings,
        )
    images = [image for choice in completion["choices"] for image in choice["message"].get("images", ())]
    tell_prompt(content, images)
    return priced(completion, content.paid(target, completion.get("usage"), len(images)))


def tell_prompt(content: ContentChat, images: Iterable[dict[str, Any]]) -> None:
    """Put the prompt that words were added to beside each image; Imagen's own rewriting of it goes before."""
    if content.wishes.revised_prompt is not None:
        for image in images:
            image.setdefault("revised_prompt", content.wishes.revised_prompt)


def priced(answer: dict[str, Any], cost: float | None) -> dict[str, Any]:
    """The answer with its cost in `usage`, where it is known."""
    return answer if cost is None else {**answer, "usage": {**answer.get("usage", {}), "cost": cost}}
