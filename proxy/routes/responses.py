"""POST /v1/responses: OpenAI's Responses API, without anything kept between requests."""

from starlette.requests import Request
from starlette.responses import Response

from proxy.routes.answer_as import Answerer, answer_as
from proxy.routes.context import caller_of
from proxy.routes.failures import own_body
from proxy.routes.large_body import parsed
from translators.responses.request import parse_responses, to_chat
from translators.responses.response import to_response
from translators.responses.stream import ResponsesStream


async def responses(request: Request) -> Response:
    """Answer a Responses request."""
    caller_of(request)
    said = await parsed(request, parse_responses)
    answerer = Answerer(
        whole=lambda completion, asked: to_response(completion, request=said, asked=asked),
        stream=lambda asked: ResponsesStream(said, asked),
        failure=own_body,
    )
    return await answer_as(request, to_chat(said), answerer)
