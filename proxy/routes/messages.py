"""POST /v1/messages and /v1/messages/count_tokens: Anthropic's Messages API."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.routes.answer_as import Answerer, answer_as, begin_neighbour
from proxy.routes.context import body_of, caller_of
from proxy.routes.failures import door_failures, shape_failures
from translators.catalog import Family
from translators.chat.count_tokens import read_token_count, to_count_tokens
from translators.errors import BadRequest
from translators.messages.errors import error_body
from translators.messages.request import parse_count_tokens, parse_messages, to_chat
from translators.messages.response import to_message
from translators.messages.stream import MessageStream

_ANSWERER = Answerer(whole=to_message, stream=MessageStream, failure=error_body)


async def messages(request: Request) -> Response:
    """Answer a message request."""
    shape_failures(request, error_body)
    caller_of(request)
    return await answer_as(request, to_chat(parse_messages(await body_of(request))), _ANSWERER)


async def count_tokens(request: Request) -> Response:
    """Say how many tokens a message request would be, by Google's own count."""
    shape_failures(request, error_body)
    caller_of(request)
    asked, content = await begin_neighbour(request, to_chat(parse_count_tokens(await body_of(request))))
    if content.resolution.model.family is Family.IMAGEN:
        raise BadRequest(f"{content.resolution.asked} counts no tokens: it is paid by the image.", param="model")
    calls = content.services.calls
    with door_failures():
        async with calls.open(
            content.resolution,
            lambda target: to_count_tokens(content.call(target), model=target.upstream_id, surface=target.surface),
            content.headers,
        ) as (target, answer):
            count = read_token_count(await answer.read())
    warnings = asked.told(content.warnings(target))
    return JSONResponse({"input_tokens": count, **({"warnings": warnings} if warnings else {})})
