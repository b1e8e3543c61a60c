"""A chat completion that comes back as a video: the straight line from the request to the file.

read_chat -> resolve -> validate -> Desk.place -> (the job runs) -> answer, streamed or whole.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.auth import Caller
from proxy.jobs.desk import Desk, Stopping, Wish
from proxy.jobs.errors import no_longer_kept, raised
from proxy.jobs.google import pinned
from proxy.jobs.job import TIMED_OUT, Job, JobState
from proxy.jobs.join import Repeat
from proxy.jobs.targets import job_targets
from proxy.media.stored import MediaDamaged, MediaMissing
from proxy.respond import EventStream, JsonWithHeartbeat, Pace, data_uri
from proxy.routes.context import is_marked_retry, services_of
from proxy.routes.failures import as_api_error
from proxy.routes.media_inputs import fetch_inputs
from proxy.routes.media_urls import public_url
from proxy.routes.progress import sentence
from proxy.routes.uploaded_files import with_uploads
from proxy.services import Services
from translators.errors import ApiError
from translators.resolve import Resolution
from translators.video import answer as answers
from translators.video.background import background_answer
from translators.video.read_chat import AskedVideo, last_user_text, read_chat
from translators.wire.openai import ChatCompletionRequest

TIERS: Mapping[str, int] = {"priority": 10, "flex": -10}
"""What `service_tier` adds to the priority of the caller's key in the queue."""
PROGRESS_EVERY = 10.0
"""Seconds between two words about progress while nothing changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoChat:
    """One video request on its way to an answer."""

    services: Services
    request: Request
    chat: ChatCompletionRequest
    asked: AskedVideo
    frame: answers.ChunkFrame
    delivery: str
    """What the caller's key or the configuration says, where the request says nothing: data or url."""


async def answer_video(
    request: Request, caller: Caller, chat: ChatCompletionRequest, resolution: Resolution
) -> Response:
    """Place the job (or join the one this request repeats) and answer when it has ended.

    Raises ApiError for everything that is known before the first byte of the answer.
    """
    services = services_of(request)
    frame = answers.ChunkFrame(
        id=services.new_id("chatcmpl-"), created=int(services.clock.now().timestamp()), model=resolution.model.id
    )
    explicit = "video" in (chat.modalities or ()) or chat.video_config is not None
    own_prompt = background_answer(last_user_text(chat), explicit=explicit)
    if own_prompt is not None:
        return _text_answer(chat, frame, own_prompt)
    asked = read_chat(chat)
    asked = replace(asked, spec=await with_uploads(request, caller.id, asked.spec))
    video = VideoChat(
        services=services,
        request=request,
        chat=chat,
        asked=asked,
        frame=frame,
        delivery=caller.delivery or services.config.video.delivery,
    )
    job = await services.desk.place(_wish(video, caller, resolution), lambda: fetch_inputs(services, asked.spec))
    return _streamed(video, job) if chat.stream else _whole(video, job)


def _wish(video: VideoChat, caller: Caller, resolution: Resolution) -> Wish:
    spec = video.asked.spec
    headers = video.request.headers
    return Wish(
        caller=caller.id,
        asked_model=video.chat.model,
        spec=spec,
        targets=job_targets(spec, resolution),
        repeat=Repeat(
            fingerprint=spec.fingerprint(video.chat.model),
            idempotency_key=headers.get("idempotency-key", "").strip() or None,
            marked=is_marked_retry(headers),
        ),
        priority=caller.priority + TIERS.get(str(video.chat.service_tier), 0),
        warnings=video.asked.warnings,
    )


def _text_answer(chat: ChatCompletionRequest, frame: answers.ChunkFrame, text: str) -> Response:
    """A front-end's own prompt gets a few words; nothing is sent to Google."""
    whole = answers.text_completion(frame, text)
    if not chat.stream:
        return JSONResponse(whole)

    async def chunks() -> AsyncGenerator[dict[str, Any], None]:
        yield frame.chunk({"role": "assistant", "content": text})
        yield frame.chunk({}, "stop", usage=whole["usage"])

    return EventStream(chunks(), pace=Pace(seconds=0))


# -- whole -------------------------------------------------------------------------------------------------------------


def _whole(video: VideoChat, job: Job) -> Response:
    services = video.services

    async def completion() -> Mapping[str, Any]:
        async with telling(services.desk, job):
            ended = completed(await services.desk.ended(job))
            return answers.to_chat_completion(await _answer(video, ended))

    def failed(error: Exception) -> Mapping[str, Any]:
        return answers.failed_completion(video.frame, as_api_error(error))

    return JsonWithHeartbeat(
        completion,
        pace=Pace(seconds=services.config.nonstream_keepalive_interval),
        on_disconnect=lambda: services.desk.left(job.id),
        on_sent=lambda: services.desk.delivered(job.id),
        failure=failed,
    )


# -- streamed ----------------------------------------------------------------------------------------------------------


def _streamed(video: VideoChat, job: Job) -> Response:
    services = video.services

    def failed(error: Exception) -> Mapping[str, Any]:
        return answers.error_chunk(video.frame, as_api_error(error))

    return EventStream(
        _chunks(video, job),
        pace=Pace(seconds=services.config.streaming.keepalive_seconds),
        on_disconnect=lambda: services.desk.left(job.id),
        failure=failed,
    )


async def _chunks(video: VideoChat, job: Job) -> AsyncGenerator[Mapping[str, Any], None]:
    """The role at once, words about progress, then text, videos and the end in chunks of their own."""
    services = video.services
    yield answers.role_chunk(video.frame)
    latest = job
    async with telling(services.desk, job):
        async for row in services.desk.follow(job, tick=PROGRESS_EVERY):
            latest = row
            if not row.ended:
                yield answers.progress_chunk(video.frame, await sentence(services, row))
        answer = await _answer(video, completed(latest))
    frame = replace(video.frame, model=answer.model)
    yield answers.text_chunk(frame, answer)
    yield answers.videos_chunk(frame, answer)
    yield answers.finish_chunk(frame, answer)
    await services.desk.delivered(job.id)


# -- both --------------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def telling(desk: Desk, job: Job) -> AsyncIterator[None]:
    """A failure inside is what the caller is told: it has its result, unless the job itself goes on."""
    try:
        yield
    except ApiError as error:
        goes_on = error.code in (Stopping.default_code, TIMED_OUT)
        await (desk.left(job.id) if goes_on else desk.delivered(job.id))
        raise


def completed(job: Job) -> Job:
    """The job if it has its media. Raises the ApiError it ended with."""
    if job.state is not JobState.COMPLETED:
        raise raised(job)
    return job


async def _answer(video: VideoChat, job: Job) -> answers.VideoAnswer:
    services = video.services
    delivery = video.asked.delivery or video.delivery
    markdown = services.config.chat.video_content == answers.CONTENT_MARKDOWN
    served = [public_url(services, video.request, entry.name) for entry in job.media]
    try:
        files = [await services.media.open(entry.name) for entry in job.media]
    except (MediaMissing, MediaDamaged):
        raise no_longer_kept(job) from None
    first = job.media[0]
    return answers.VideoAnswer(
        id=video.frame.id,
        job_id=job.id,
        created=video.frame.created,
        model=pinned(job).upstream_id,
        urls=[data_uri(file) for file in files] if delivery == "data" else served,
        links=served if markdown else (),
        seconds=first.duration,
        width=first.width,
        height=first.height,
        usage=job.usage,
        cost=job.cost,
        warnings=(*pinned(job).warnings, *job.warnings),
    )
