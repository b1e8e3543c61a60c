"""openai-python against /v1/videos, as its own documentation uses it."""

import base64
import io

import openai
import pytest
from PIL import Image

from proxy.simulator import Fault, Filtered

from .conftest import OMNI, SMALL, VEO, Proxy, Start

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # OpenAI's own servers no longer make videos


def picture() -> bytes:
    """A small PNG."""
    content = io.BytesIO()
    Image.new("RGB", (320, 180), "teal").save(content, "PNG")
    return content.getvalue()


async def made(proxy: Proxy, client: openai.AsyncOpenAI, model: str = VEO) -> str:
    """The id of a finished video, as small as the model makes them."""
    small = SMALL[model]
    video = await client.videos.create_and_poll(model=model, prompt="a lighthouse", poll_interval_ms=50, **small)
    assert video.status == "completed", video.error
    return video.id


async def test_create_and_poll(start: Start) -> None:
    """A video is made, shown as OpenAI shows one, and downloaded."""
    proxy = await start()
    async with proxy.openai() as client:
        video = await client.videos.create_and_poll(
            model=VEO, prompt="a lighthouse", seconds="4", size="1280x720", poll_interval_ms=50
        )
        content = await (await client.videos.download_content(video.id)).aread()
    assert (video.status, video.progress, video.seconds, video.size) == ("completed", 100, "4", "1280x720")
    assert video.error is None
    assert video.completed_at is not None
    assert video.expires_at is not None
    assert content[4:8] == b"ftyp"
    assert len(proxy.google.submits) == 1


async def test_the_poll_helper_is_told_when_to_look(start: Start) -> None:
    """Every status answer carries `openai-poll-after-ms`."""
    proxy = await start(latency=60)
    async with proxy.openai() as client:
        created = await client.videos.with_raw_response.create(model=VEO, prompt="a lighthouse")
        looked = await client.videos.with_raw_response.retrieve(created.parse().id)
    for answer in (created, looked):
        assert 250 <= int(answer.headers["openai-poll-after-ms"]) <= 10_000
    assert looked.parse().status in ("queued", "in_progress")
    assert looked.parse().seconds == "8"


async def test_a_failed_video(start: Start) -> None:
    """The poll helper ends, the reason is there, and the content answers with it."""
    proxy = await start()
    proxy.google.faults.add(Fault(verb="predictLongRunning", action=Filtered()))
    async with proxy.openai() as client:
        video = await client.videos.create_and_poll(model=VEO, prompt="a lighthouse", poll_interval_ms=50)
        assert (video.status, video.progress < 100) == ("failed", True)
        assert video.error is not None
        assert video.error.code == "content_filter"
        with pytest.raises(openai.BadRequestError) as caught:
            await client.videos.download_content(video.id)
    assert caught.value.code == "content_filter"


async def test_what_the_model_cannot_do_costs_nothing(start: Start) -> None:
    """OpenAI's own `seconds` values are not Google's: the answer says which are."""
    proxy = await start()
    async with proxy.openai() as client:
        with pytest.raises(openai.BadRequestError, match=r"seconds is 12, and .* makes videos of 4, 6, 8 seconds"):
            await client.videos.create(model=VEO, prompt="a lighthouse", seconds="12")
    assert proxy.google.submits == []


async def test_a_file_as_first_frame(start: Start) -> None:
    """Under OpenAI's usual name and type for a file, which tell nothing."""
    proxy = await start()
    async with proxy.openai() as client:
        video = await client.videos.create_and_poll(
            model=VEO,
            prompt="it moves",
            seconds="4",
            input_reference=("upload", io.BytesIO(picture())),
            poll_interval_ms=50,
        )
    assert video.status == "completed", video.error
    [submit] = proxy.sent("predictLongRunning")
    image = submit["instances"][0]["image"]
    assert image["mimeType"] == "image/png"
    assert base64.b64decode(image["bytesBase64Encoded"]) == picture()


async def test_a_first_frame_by_extra_body(start: Start) -> None:
    """What openai-python cannot say itself, its users say as a bracketed field."""
    proxy = await start()
    uri = f"data:image/png;base64,{base64.b64encode(picture()).decode()}"
    async with proxy.openai() as client:
        video = await client.videos.create(
            model=VEO, prompt="it moves", seconds="4", extra_body={"input_reference[image_url]": uri, "n": "2"}
        )
    ended = await proxy.ended(f"/v1/videos/{video.id}")
    assert ended["status"] == "completed"
    [submit] = proxy.sent("predictLongRunning")
    assert submit["instances"][0]["image"]["mimeType"] == "image/png"
    assert submit["parameters"]["sampleCount"] == 2


async def test_list_pages_by_itself(start: Start) -> None:
    """`async for` follows the cursor through every job, newest first; `order=asc` turns it round."""
    proxy = await start(latency=60)
    async with proxy.openai() as client:
        made_here = [(await client.videos.create(model=VEO, prompt=f"number {index}")).id for index in range(5)]
        newest_first = [video.id async for video in client.videos.list(limit=2)]
        oldest_first = [video.id async for video in client.videos.list(limit=2, order="asc")]
        nothing = await client.videos.list(limit=0)
        with pytest.raises(openai.BadRequestError, match="after"):
            await client.videos.list(after="video_unknown")
    assert newest_first == made_here[::-1]
    assert oldest_first == made_here
    assert (nothing.data, nothing.has_more) == ([], True)


async def test_delete(start: Start) -> None:
    """The job is forgotten, and its file with it."""
    proxy = await start()
    async with proxy.openai() as client:
        video_id = await made(proxy, client)
        deleted = await client.videos.delete(video_id)
        assert (deleted.id, deleted.object, deleted.deleted) == (video_id, "video.deleted", True)
        with pytest.raises(openai.NotFoundError):
            await client.videos.retrieve(video_id)
        with pytest.raises(openai.NotFoundError):
            await client.videos.delete(video_id)
    assert proxy.stored() == []


async def test_remix(start: Start) -> None:
    """Omni changes the stored video; the new one says what it came from."""
    proxy = await start()
    async with proxy.openai() as client:
        video_id = await made(proxy, client, OMNI)
        remixed = await client.videos.remix(video_id, prompt="make it night", extra_body={"size": "640x360"})
        again = await client.videos.poll(remixed.id, poll_interval_ms=50)
    assert (again.status, again.remixed_from_video_id) == ("completed", video_id)
    assert again.model == OMNI
    submit = proxy.sent("createInteraction")[-1]
    assert submit["generation_config"]["video_config"]["task"] == "edit"


async def test_edit_and_extend_a_file(start: Start) -> None:
    """A file needs a model; Omni takes both."""
    proxy = await start()
    async with proxy.openai() as client:
        video_id = await made(proxy, client, OMNI)
        content = await (await client.videos.download_content(video_id)).aread()
        edited = await client.videos.edit(
            prompt="make it night",
            video=("upload", io.BytesIO(content)),
            extra_body={"model": OMNI, "resolution": "360p"},
        )
        extended = await client.videos.extend(
            prompt="and on",
            seconds="4",
            video=("upload", io.BytesIO(content)),
            extra_body={"model": OMNI, "resolution": "360p"},
        )
        with pytest.raises(openai.BadRequestError, match=f"model is required.*{OMNI}"):
            await client.videos.edit(prompt="make it night", video=("upload", io.BytesIO(content)))
        for video in (edited, extended):
            assert (await client.videos.poll(video.id, poll_interval_ms=50)).status == "completed"
    tasks = [submit["generation_config"]["video_config"]["task"] for submit in proxy.sent("createInteraction")]
    assert sorted(tasks) == ["edit", "extend", "text_to_video"]


async def test_pictures_of_the_video(start: Start) -> None:
    """A thumbnail is WebP and a sheet is JPEG."""
    proxy = await start()
    async with proxy.openai() as client:
        video_id = await made(proxy, client)
        thumbnail = await client.videos.download_content(video_id, variant="thumbnail")
        sheet = await client.videos.download_content(video_id, variant="spritesheet")
        assert (await thumbnail.aread())[8:12] == b"WEBP"
        assert (await sheet.aread())[:2] == b"\xff\xd8"
    assert thumbnail.response.headers["content-type"] == "image/webp"
