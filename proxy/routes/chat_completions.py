"""POST /v1/chat/completions: text, images and videos by one route; what the model makes decides which line it takes."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from proxy.routes.chat_content import answer_content
from proxy.routes.chat_video import answer_video
from proxy.routes.context import caller_of, services_of
from proxy.routes.large_body import parsed
from translators.catalog import Kind
from translators.chat.parse import parse_chat_completion
from translators.chat.thinking import split_thinking_suffix
from translators.errors import BadRequest
from translators.resolve import Resolution
from translators.wire.openai import ChatCompletionRequest


async def chat_completions(request: Request) -> Response:
    """Answer a chat completion."""
    caller = caller_of(request)
    services = services_of(request)
    chat = services.with_defaults(await parsed(request, parse_chat_completion))
    resolution = services.resolve(split_thinking_suffix(chat.model)[0])
    check_modalities(chat, resolution)
    if resolution.model.kind is Kind.VIDEO:
        return await answer_video(request, caller, chat, resolution)
    return await answer_content(request, chat, resolution)


@dataclass(frozen=True, slots=True)
class _Makes:
    """Which words of `modalities` a kind of model understands, and which it needs if any are said."""

    understood: frozenset[str]
    needed: str | None = None


_KINDS = {
    Kind.TEXT: _Makes(frozenset({"text"})),
    Kind.IMAGE: _Makes(frozenset({"text", "image"})),
    Kind.VIDEO: _Makes(frozenset({"text", "video"}), "video"),
}


def check_modalities(chat: ChatCompletionRequest, resolution: Resolution) -> None:
    """Raise BadRequest when the model does not make what is asked for: before anything is sent, or paid."""
    said = [word.lower() for word in chat.modalities or ()]
    kind = resolution.model.kind
    makes = _KINDS[kind]
    for word in said:
        if word == "video" and kind is not Kind.VIDEO:
            raise BadRequest(
                f"{resolution.asked} makes {kind.value}, not video. GET /v1/models shows what does (`modalities`).",
                param="modalities",
                code="model_not_supported",
            )
        if kind is Kind.VIDEO and word not in makes.understood:
            raise BadRequest(
                f'{resolution.asked} makes videos; modalities may say "video" and "text", not {word!r}.',
                param="modalities",
            )
    if makes.needed is not None and said and makes.needed not in said:
        raise BadRequest(
            f'{resolution.asked} makes videos; modalities must have "{makes.needed}" in it, or be left out.',
            param="modalities",
        )
    if chat.video_config is not None and kind is not Kind.VIDEO:
        raise BadRequest(
            f"video_config was given, and {resolution.asked} makes {kind.value}. Choose a video model.",
            param="video_config",
            code="model_not_supported",
        )
