"""openai-python's `completions` with the proxy as its base URL."""

from collections.abc import AsyncIterator

import openai
import pytest

from tests.clients.serving import Mediashim

MODEL = "gemini-2.5-flash"


@pytest.fixture
async def client(shim: Mediashim) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=shim.base_url, api_key="none", max_retries=0) as opened:
        yield opened


async def test_text(client: openai.AsyncOpenAI) -> None:
    """A prompt is continued, twice if so asked."""
    completion = await client.completions.create(model=MODEL, prompt="Once", n=2, max_tokens=50)
    assert [choice.text for choice in completion.choices] == [
        f"Simulated {MODEL}: Once",
        f"Simulated {MODEL}: Once (candidate 2)",
    ]
    assert completion.object == "text_completion"
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage is not None


async def test_stream(client: openai.AsyncOpenAI) -> None:
    """The pieces are the whole, after the prompt where it is to be repeated."""
    stream = await client.completions.create(model=MODEL, prompt="Once", echo=True, stream=True)
    chunks = [chunk async for chunk in stream]
    assert "".join(chunk.choices[0].text for chunk in chunks) == f"OnceSimulated {MODEL}: Once"
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert chunks[-1].usage is not None


async def test_logprobs(client: openai.AsyncOpenAI) -> None:
    """Tokens, their logarithms, and where each begins."""
    completion = await client.completions.create(model=MODEL, prompt="Once", logprobs=2)
    logprobs = completion.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.tokens is not None
    assert logprobs.text_offset is not None
    assert "".join(logprobs.tokens) == completion.choices[0].text
    assert logprobs.text_offset[:2] == [0, len(logprobs.tokens[0])]


async def test_errors(client: openai.AsyncOpenAI) -> None:
    """Several prompts are a 400 that says what to do."""
    with pytest.raises(openai.BadRequestError) as caught:
        await client.completions.create(model=MODEL, prompt=["one", "two"])
    assert caught.value.param == "prompt"
