"""A chat completion that comes back as a video: the straight line from the request to the file.

read_chat -> resolve -> earlier media -> plan (validate) -> Desk.place -> (the job runs) -> answer, streamed or whole.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.auth import Caller
from proxy.jobs.desk import Desk, Stopping, Wish
from proxy.jobs.errors import no_longer_kept, raised
from proxy.jobs.google import pinned
from proxy.jobs.job import TIMED_OUT, Job, JobState, JobTarget
from proxy.jobs.join import Repeat
from proxy.media.stored import MediaDamaged, MediaMissing
from proxy.respond import EventStream, JsonWithHeartbeat, Pace, Standby, Unwound, data_uri
from proxy.routes.context import is_marked_retry, services_of
from proxy.routes.earlier_media import Source, found
from proxy.routes.failures import as_api_error
from proxy.routes.media_urls import base_url, media_url, own_bases
from proxy.routes.progress import sentence
from proxy.routes.video_source import decided, planned
from proxy.services import Services
from translators.errors import ApiError
from translators.resolve import Resolution
from translators.video import answer as answers
from translators.video.background import background_answer
from translators.video.read_chat import AskedVideo, last_user_text, read_chat
from translators.wire.openai import ChatCompletionRequest

TIERS: Mapping[str, int] = {"priority": 10, "flex": -10}
"""What `service_tier` adds to the priority of the caller's key in the queue."""
PROGRESS_EVERY = 9.5
"""Seconds between two words about progress while the job stands where it stood: a little before the stream's own beat
(10 s), which words make needless. The same words are not said again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoChat:
    """What a caller who waits for its video is answered from: nothing of the request itself, which may be megabytes."""

    services: Services
    frame: answers.ChunkFrame
    job_id: str
    delivery: str
    """data or url"""
    base: str
    """The server's address as this caller knows it."""


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
    if asked.edit_or_extend:
        spec, told = decided(asked.spec, resolution)
        asked = replace(asked, spec=spec, warnings=(*asked.warnings, told))
    earlier = await found(services, caller.id, asked.spec, own_bases(services, request))
    asked = replace(asked, spec=earlier.spec)
    plan = planned(services, earlier.spec, resolution, earlier.source)
    wish = _wish(request.headers, caller, chat, asked, plan.targets, earlier.source)
    job = await services.desk.place(wish, plan.ready)
    video = VideoChat(
        services=services,
        frame=frame,
        job_id=job.id,
        delivery=asked.delivery or caller.delivery or services.config.video.delivery,
        base=base_url(services, request),
    )
    return _streamed(video, job) if chat.stream else _whole(video, job)


def _wish(
    headers: Mapping[str, str],
    caller: Caller,
    chat: ChatCompletionRequest,
    asked: AskedVideo,
    targets: tuple[JobTarget, ...],
    source: Source | None,
) -> Wish:
    return Wish(
        caller=caller.id,
        asked_model=chat.model,
        spec=asked.spec,
        targets=targets,
        repeat=Repeat(
            fingerprint=asked.spec.fingerprint(chat.model),
            idempotency_key=headers.get("idempotency-key", "").strip() or None,
            marked=is_marked_retry(headers),
        ),
        priority=caller.priority + TIERS.get(str(chat.service_tier), 0),
        remixed_from=source.job.id if source is not None else None,
        warnings=asked.warnings,
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
    desk = video.services.desk
    standby = Standby()
    rows = desk.follow(job, bell=standby)

    async def completion() -> Mapping[str, Any]:
        async with Telling(desk, video.job_id):
            ended = completed(await _last(rows))
            return answers.to_chat_completion(await _answer(video, ended))

    def failed(error: Exception) -> Mapping[str, Any]:
        return answers.failed_completion(video.frame, as_api_error(error))

    response = JsonWithHeartbeat(
        completion,
        pace=Pace(seconds=video.services.config.nonstream_keepalive_interval),
        on_disconnect=partial(desk.left, video.job_id),
        on_sent=partial(desk.delivered, video.job_id),
        failure=failed,
        standby=standby,
    )
    return Unwound(response)


async def _last(rows: AsyncIterator[Job]) -> Job:
    async for row in rows:
        if row.ended:
            return row
    raise AssertionError("a job is followed to its end")


# -- streamed ----------------------------------------------------------------------------------------------------------


def _streamed(video: VideoChat, job: Job) -> Response:
    desk = video.services.desk

    def failed(error: Exception) -> Mapping[str, Any]:
        return answers.error_chunk(video.frame, as_api_error(error))

    standby = Standby()
    response = EventStream(
        _chunks(video, desk.follow(job, tick=PROGRESS_EVERY, bell=standby)),
        pace=Pace(seconds=video.services.config.streaming.keepalive_seconds),
        on_disconnect=partial(desk.left, video.job_id),
        failure=failed,
        standby=standby,
    )
    return Unwound(response)


async def _chunks(video: VideoChat, rows: AsyncIterator[Job]) -> AsyncGenerator[Mapping[str, Any], None]:
    """The role at once, new words about progress, then text, videos and the end in chunks of their own."""
    services = video.services
    yield answers.role_chunk(video.frame)
    async with Telling(services.desk, video.job_id):
        said = ""
        async for row in rows:
            if row.ended:
                answer = await _answer(video, completed(row))
            elif (words := await sentence(services, row)) != said:
                said = words
                yield answers.progress_chunk(video.frame, words)
    frame = replace(video.frame, model=answer.model)
    yield answers.text_chunk(frame, answer)
    yield answers.videos_chunk(frame, answer)
    yield answers.finish_chunk(frame, answer)
    await services.desk.delivered(video.job_id)


# -- both --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Telling:
    """A block in which a failure is what the caller is told: it has its result, unless the job itself goes on."""

    desk: Desk
    job_id: str

    async def __aenter__(self) -> None:
        """Nothing has failed yet."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Note whether the caller has its result, and let the failure out."""
        if isinstance(error, ApiError):
            goes_on = error.code in (Stopping.default_code, TIMED_OUT)
            await (self.desk.left(self.job_id) if goes_on else self.desk.delivered(self.job_id))


def completed(job: Job) -> Job:
    """The job if it has its media. Raises the ApiError it ended with."""
    if job.state is not JobState.COMPLETED:
        raise raised(job)
    return job


async def _answer(video: VideoChat, job: Job) -> answers.VideoAnswer:
    services = video.services
    markdown = services.config.chat.video_content == answers.CONTENT_MARKDOWN
    served = [media_url(video.base, entry.name) for entry in job.media]
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
        urls=[data_uri(file) for file in files] if video.delivery == "data" else served,
        links=served if markdown else (),
        seconds=first.duration,
        width=first.width,
        height=first.height,
        usage=job.usage,
        cost=job.cost,
        warnings=(*pinned(job).warnings, *job.warnings),
    )
