"""google-genai, which nobody here wrote, speaks to the simulator and understands it."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from google import genai
from google.auth import credentials as auth
from google.genai import errors, types

# google-genai 3.4.0 subclasses aiohttp's session wherever aiohttp is importable; aiohttp 3.14 warns of it.
pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")


class Token(auth.Credentials):
    """A credential that is what it is."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token

    def refresh(self, request) -> None:
        raise AssertionError("a fresh token is not refreshed")


@asynccontextmanager
async def sdk(google, **options) -> AsyncIterator[genai.client.AsyncClient]:
    http = types.HttpOptions(base_url=google.base_url, retry_options=types.HttpRetryOptions(attempts=1))
    client = await asyncio.to_thread(lambda: genai.Client(http_options=http, **options))
    try:
        yield client.aio
    finally:
        await client.aio.aclose()
        client.close()


def vertex(google, location: str = "us-central1"):
    return sdk(
        google, enterprise=True, project=google.project, location=location, credentials=Token(google.access_token())
    )


async def test_text_stream_and_count(start) -> None:
    """generate_content, its stream, count_tokens and models.list parse."""
    google, _ = await start()
    async with sdk(google, api_key=google.api_key) as client:
        whole = await client.models.generate_content(model="gemini-2.5-flash", contents="hello there")
        stream = await client.models.generate_content_stream(model="gemini-2.5-flash", contents="hello there")
        text = "".join([chunk.text or "" async for chunk in stream])
        counted = await client.models.count_tokens(model="gemini-2.5-flash", contents="hello there")
        listed = [model.name async for model in await client.models.list()]

    assert whole.text == text == "Simulated gemini-2.5-flash: hello there"
    assert counted.total_tokens == 3
    assert "models/gemini-2.5-flash" in listed


async def test_a_picture(start) -> None:
    """The SDK's image configuration is accepted and the picture found."""
    google, _ = await start()
    config = types.GenerateContentConfig(
        response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="9:16", image_size="1K")
    )
    async with sdk(google, api_key=google.api_key) as client:
        answer = await client.models.generate_content(model="gemini-nano-banana-2.1", contents="a fox", config=config)

    assert answer.parts[0].inline_data.data[:4] == b"\x89PNG"


async def test_veo_on_vertex(start, clock) -> None:
    """generate_videos and operations.get, to the bytes of the clip."""
    google, _ = await start()
    config = types.GenerateVideosConfig(duration_seconds=4, generate_audio=False, seed=3, aspect_ratio="16:9")
    async with vertex(google) as client:
        source = types.GenerateVideosSource(prompt="a fox")
        operation = await client.models.generate_videos(model="veo-3.1-generate-001", source=source, config=config)
        clock.advance(60)
        done = await client.operations.get(operation)

    assert done.done
    assert done.response.generated_videos[0].video.video_bytes[4:8] == b"ftyp"
    assert len(google.submits) == 1


async def test_a_refusal_is_the_sdks_own_error(start) -> None:
    """A retired or unknown model is ClientError 404."""
    google, _ = await start()
    async with vertex(google) as client:
        with pytest.raises(errors.ClientError) as refused:
            await client.models.generate_content(model="gemini-1.0", contents="x")

    assert refused.value.code == 404


async def test_an_interaction(start, clock) -> None:
    """interactions.create and get understand status, steps and usage."""
    google, _ = await start()
    async with sdk(google, api_key=google.api_key) as client:
        created = await client.interactions.create(
            model="gemini-omni-1.2-flash",
            input="a fox",
            background=True,
            response_format={"type": "video", "duration": "3s", "delivery": "uri"},
        )
        clock.advance(60)
        done = await client.interactions.get(created.id)

    assert (created.status, done.status) == ("in_progress", "completed")
    assert done.steps[-1].content[0].uri.startswith(google.base_url)
    assert done.usage.total_output_tokens == 3 * 5792


async def test_an_upload(start) -> None:
    """files.upload, resumable, then get; uploads cannot be downloaded."""
    google, client = await start()
    async with sdk(google, api_key=google.api_key) as aio:
        file = await aio.files.upload(file=io.BytesIO(b"\x89PNG" + b"x" * 100), config={"mime_type": "image/png"})
        found = await aio.files.get(name=file.name)

    assert (found.size_bytes, found.state, found.mime_type) == (104, types.FileState.ACTIVE, "image/png")
    assert (await client.get(f"/v1beta/{file.name}:download?alt=media")).status_code == 400
