"""Which image requests repeat, and what a kept answer looks like."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import JsonValue

from proxy.json_gaps import around_media
from translators.chat.image_wishes import ImageWishes
from translators.chat.prompt import last_prompt
from translators.json_around_base64 import sha256_of
from translators.wire.call import GoogleCall
from translators.wire.openai import ChatCompletionRequest

CACHED_HEADERS: Mapping[str, str] = {"x-mediashim-cache": "hit"}
"""On an answer that Google was not asked for."""

NO_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0, "cost": 0.0}


def repeats(chat: ChatCompletionRequest, wishes: ImageWishes) -> bool:
    """Whether the same request shall have the same image: the caller says so, or fixes the seed and says nothing."""
    return chat.seed is not None if wishes.cache is None else wishes.cache


async def key_of(caller: str, call: GoogleCall, sample: int) -> str:
    """Hex. The whole call to Google, whose answer it is, and which of several equal calls of one request."""
    pieces = around_media([caller, call.resource, call.body, sample], orjson.OPT_SORT_KEYS)
    digest = sha256_of(pieces) if len(pieces) == 1 else await asyncio.to_thread(sha256_of, pieces)
    return digest.hexdigest()


def as_kept(completion: Mapping[str, Any], *, answer_id: str, created: int) -> dict[str, Any]:
    """A completion made earlier as the answer to a request of now: it says so, and it costs nothing."""
    return {**completion, "id": answer_id, "created": created, "usage": NO_USAGE, "cached": True}


def metadata_of(chat: ChatCompletionRequest, completion: Mapping[str, Any], caller: str) -> dict[str, JsonValue]:
    """What is remembered beside a stored image: whose it is, and its own share of the call's cost in dollars."""
    images = sum(len(choice["message"].get("images", ())) for choice in completion["choices"])
    cost = completion.get("usage", {}).get("cost")
    config = chat.image_config.model_dump(mode="json", exclude_none=True) if chat.image_config else {}
    return {
        "caller": caller,
        "prompt": last_prompt(chat).text,
        "model": completion["model"],
        "parameters": {**config, **({"seed": chat.seed} if chat.seed is not None else {})},
        "cost": None if cost is None else round(cost / max(images, 1), 6),
    }
