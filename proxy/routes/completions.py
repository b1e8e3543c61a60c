"""POST /v1/completions: OpenAI's old completions."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response

from proxy.respond import Items
from proxy.routes.answer_as import begin_neighbour, event_stream, whole_answer
from proxy.routes.chat_content import event_of
from proxy.routes.context import body_of, caller_of
from proxy.routes.failures import own_body
from proxy.routes.streamed_content import Batch, completion_chunks
from translators.completions import CompletionStream, parse_completion, to_chat, to_completion


async def completions(request: Request) -> Response:
    """Answer a completion request."""
    caller_of(request)
    said = parse_completion(await body_of(request))
    asked, content = await begin_neighbour(request, to_chat(said))
    if content.chat.stream:
        events = _events(completion_chunks(content), CompletionStream(said, asked))
        return event_stream(content, events, own_body)
    return whole_answer(content, lambda completion: to_completion(completion, request=said, asked=asked), own_body)


async def _events(batches: AsyncGenerator[Batch, None], stream: CompletionStream) -> AsyncGenerator[Items, None]:
    async with aclosing(batches):
        async for batch in batches:
            if events := [event_of(made) for item in batch for made in stream.feed(item)]:
                yield events
