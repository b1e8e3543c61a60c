"""What `image_config` asks of the proxy itself, not of Google: words for the prompt, and whether to keep the image.

A Gemini image model has no setting for style or for what shall not be seen, but it reads: both are written into the
prompt, and the caller gets that prompt back. Imagen has its own `negativePrompt`.
"""

from dataclasses import dataclass, replace
from typing import Any

from translators.chat.prompt import last_prompt
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest, ImageConfig, TextPart, UserMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageWishes:
    """`cache`: keep and reuse (None: not said). `placeholder`: a labelled picture instead of a failure.

    `revised_prompt`: the prompt, where words were added to it.
    """

    cache: bool | None = None
    placeholder: bool = False
    revised_prompt: str | None = None


def read_wishes(
    request: ChatCompletionRequest, *, has_negative_prompt: bool
) -> tuple[ChatCompletionRequest, ImageWishes]:
    """The request as Google shall see it, and the wishes.

    `has_negative_prompt`: the model has a setting of its own for it. Raises BadRequest for a value of the wrong type.
    """
    given = dict((request.image_config.model_extra or {}) if request.image_config else {})
    cache = _flag(given.pop("cache", None), "image_config.cache")
    placeholder = _is_placeholder(given.pop("fallback", None))
    style = _text(given.pop("style", None), "image_config.style")
    avoid = None if has_negative_prompt else _text(given.pop("negative_prompt", None), "image_config.negative_prompt")
    words = [*([f"Style: {style}."] if style else []), *([f"Do not show: {avoid}."] if avoid else [])]
    wishes = ImageWishes(
        cache=request.cache if isinstance(request.cache, bool) else cache,
        placeholder=placeholder,
    )
    config = request.image_config and ImageConfig.model_validate(
        {**request.image_config.model_dump(include={"aspect_ratio", "image_size"}), **given}
    )
    plain = request.model_copy(update={"image_config": config})
    if not words:
        return plain, wishes
    enriched, revised = _enriched(plain, "\n".join(words))
    return enriched, replace(wishes, revised_prompt=revised)


def _enriched(request: ChatCompletionRequest, words: str) -> tuple[ChatCompletionRequest, str]:
    prompt = last_prompt(request)
    message = request.messages[prompt.index]
    before = message.content if isinstance(message.content, list) else [TextPart(type="text", text=prompt.text)]
    revised = f"{prompt.text}\n{words}" if prompt.text else words
    # In one part of its own, so that the caller's parts stay as they are; a plain text stays one text.
    content = revised if isinstance(message.content, str) else [*before, TextPart(type="text", text=words)]
    messages = [*request.messages]
    messages[prompt.index] = UserMessage(role="user", content=content)
    return request.model_copy(update={"messages": messages}), revised


def _flag(value: Any, param: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise BadRequest("Expected true or false.", param=param)


def _is_placeholder(value: Any) -> bool:
    if value not in (None, "placeholder"):
        raise BadRequest('"placeholder" is the only fallback; or leave it out.', param="image_config.fallback")
    return value is not None


def _text(value: Any, param: str) -> str | None:
    if value is None or isinstance(value, str):
        return value.strip().rstrip(".") if value else None
    raise BadRequest("Expected a text.", param=param)
