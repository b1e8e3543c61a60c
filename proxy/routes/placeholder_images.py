"""`image_config.fallback: placeholder`: an answer with a labelled picture where the image could not be made."""

import base64
from collections.abc import Mapping
from typing import Any

from proxy.media.placeholder import placeholder
from translators.chat.prompt import last_prompt
from translators.wire.openai import ChatCompletionRequest


async def placeholder_completion(
    chat: ChatCompletionRequest, *, answer_id: str, created: int, model: str, why: str, usage: Mapping[str, Any] | None
) -> dict[str, Any]:
    """A whole chat completion that says what it is and `why`: in words, in `warnings`, and as `placeholder: true`."""
    ratio = chat.image_config.aspect_ratio if chat.image_config else None
    data = base64.b64encode(await placeholder(ratio, last_prompt(chat).text)).decode()
    told = f"No image was made; this is a placeholder. {why}"
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}, "index": 0}
    message = {"role": "assistant", "content": told, "reasoning_content": None, "tool_calls": None, "images": [image]}
    return {
        "id": answer_id,
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "native_finish_reason": None}],
        **({"usage": usage} if usage else {}),
        "placeholder": True,
        "warnings": [told],
    }


def why_no_image(completion: Mapping[str, Any]) -> str | None:
    """What a completion without any image says instead; None for one that has an image."""
    if any(choice["message"].get("images") for choice in completion["choices"]):
        return None
    choice = completion["choices"][0]
    said = choice["error"]["message"] if "error" in choice else choice["message"]["content"]
    return said or "The model answered without an image."
