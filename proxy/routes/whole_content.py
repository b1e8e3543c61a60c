"""A request for text or images -> the whole chat completion: call Google, translate back, keep."""

from collections.abc import Iterable, Mapping
from typing import Any

from proxy.routes.content_chat import ContentChat
from proxy.routes.kept_images import metadata_of
from proxy.routes.placeholder_images import placeholder_completion, why_no_image
from proxy.upstream_failures import Lost
from translators.chat.response import from_generate_content
from translators.errors import ApiError
from translators.imagen import from_predictions
from translators.wire.google import read_answer, read_predictions


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
        async with content.opened() as (target, answer):
            body = await answer.read()
    except Lost as failure:
        raise failure.verdict().error from None
    translated = content.translated(target)
    warnings = content.warnings(target)
    if content.is_imagen:
        completion = from_predictions(
            read_predictions(body),
            id=content.id,
            created=content.created,
            model=target.upstream_id,
            asked=content.chat.n or 1,
            warnings=warnings,
        )
    else:
        completion = from_generate_content(
            read_answer(body),
            id=content.id,
            created=content.created,
            model=target.upstream_id,
            original_names=translated.original_names,
            warnings=warnings,
        )
    images = [image for choice in completion["choices"] for image in choice["message"].get("images", ())]
    tell_prompt(content, images)
    return priced(completion, content.cost(target, completion.get("usage"), len(images)))


def tell_prompt(content: ContentChat, images: Iterable[dict[str, Any]]) -> None:
    """Put the prompt that words were added to beside each image; Imagen's own rewriting of it goes before."""
    if content.wishes.revised_prompt is not None:
        for image in images:
            image.setdefault("revised_prompt", content.wishes.revised_prompt)


def priced(answer: dict[str, Any], cost: float | None) -> dict[str, Any]:
    """The answer with its cost in `usage`, where it is known."""
    return answer if cost is None else {**answer, "usage": {**answer.get("usage", {}), "cost": cost}}
