"""The Interactions API: create, get, cancel, delete; video by Omni, pictures, and short text, also streamed."""

import asyncio
import base64
import secrets
from datetime import timedelta
from typing import Any

import orjson

from proxy.simulator import errors
from proxy.simulator.answers import count_text
from proxy.simulator.call import Call
from proxy.simulator.errors import InteractionError
from proxy.simulator.faults import Empty, Error, Filtered
from proxy.simulator.files import stamp
from proxy.simulator.interaction_shapes import CreateInteraction, bad, read_create, read_video
from proxy.simulator.interactions_store import Interaction
from proxy.simulator.media.recipe import PictureRecipe
from proxy.simulator.models import MODELS, Kind, Model, Surface, methods
from proxy.simulator.refusals import filtered_reason
from proxy.simulator.replies import Reply
from proxy.simulator.video_jobs import Phase, VideoJob
from proxy.simulator.world import World

Json = dict[str, Any]

# Gemini API pricing of gemini-omni, 2026-11.
TOKENS_PER_SECOND = {"360p": 1931, "720p": 5792, "1080p": 8688, "4k": 17376}
CLOCK_STEP = 0.02
_RPC_WORDS = {3: "invalid_request", 7: "permission_denied", 8: "rate_limit_exceeded", 13: "api_error", 14: "overloaded"}


async def create(call: Call, world: World) -> Json | Reply:
    """POST interactions. Raises InteractionError 400, 404, and 501 for a streamed video."""
    request = read_create(call.json_object())
    model = _served(request.model, call, world)
    if request.stream and model.kind is Kind.OMNI:
        raise InteractionError(501, "unimplemented", "'stream' is not simulated for videos.")
    if request.previous_interaction_id is not None:
        _kept(call, world, request.previous_interaction_id)
    interaction = Interaction(
        id="v1_" + secrets.token_urlsafe(24),
        surface=call.surface,
        model=model.id,
        created=world.settings.now(),
        input_steps=_input_steps(request),
        input_tokens=_input_tokens(request),
        labels=request.labels or {},
    )
    if model.kind is Kind.OMNI:
        _start_video(interaction, request, model, call, world)
    else:
        await asyncio.sleep(world.settings.answer_latency)
        interaction.output = [await _answer(model, request, world)]
    if request.store:
        world.interactions.put(interaction)
    if not request.background:
        await _until_done(interaction, world)
    told = await _told(interaction, call, world)
    return _events(told) if request.stream else told


async def _answer(model: Model, request: CreateInteraction, world: World) -> Json:
    if model.kind is not Kind.IMAGE:
        return {"type": "text", "text": f"Simulated {model.id}: {request.prompt()}"}
    recipe = PictureRecipe(width=1024, height=1024, model=model.id, prompt=request.prompt())
    picture = base64.b64encode(await world.studio.make(recipe)).decode()
    return {"type": "image", "mime_type": recipe.mime_type, "data": picture}


def _events(told: Json, after: int = 0) -> Reply:
    """A finished interaction as its events; the text comes word by word."""
    [output] = told["steps"][-1]["content"]
    brief = {name: value for name, value in told.items() if name not in ("steps", "usage")}
    deltas = [{**output, "text": word} for word in _words(output["text"])] if "text" in output else [output]
    events: list[Json] = [
        {"event_type": "interaction.created", "interaction": {**brief, "status": "in_progress"}},
        {"event_type": "interaction.status_update", "interaction_id": told["id"], "status": "in_progress"},
        {"event_type": "step.start", "index": 0, "step": {"type": "model_output"}},
        *({"event_type": "step.delta", "index": 0, "delta": delta} for delta in deltas),
        {"event_type": "step.stop", "index": 0},
        {"event_type": "interaction.completed", "interaction": {**brief, "usage": told["usage"]}},
    ]
    numbered = [{**event, "event_id": str(number)} for number, event in enumerate(events, start=1)]
    chunks = [
        b"event: " + event["event_type"].encode() + b"\ndata: " + orjson.dumps(event) + b"\n\n"
        for event in numbered[after:]
    ]
    return Reply(content_type="text/event-stream", chunks=(*chunks, b"data: [DONE]\n\n"))


def _words(text: str) -> list[str]:
    first, *rest = text.split(" ")
    return [first, *(f" {word}" for word in rest)]


def _served(model_id: str, call: Call, world: World) -> Model:
    model = MODELS.get(model_id)
    elsewhere = (
        call.surface is Surface.VERTEX
        and model is not None
        and model.vertex_location not in (None, call.parts["location"])
    )
    if model is None or elsewhere or "createInteraction" not in methods(model):
        raise InteractionError(404, "not_found", f"Model '{model_id}' was not found or does not support interactions.")
    if not world.lifecycle.serves(model, call.surface):
        raise InteractionError(404, "not_found", errors.model_retired(f"models/{model_id}").message)
    return model


def _start_video(interaction: Interaction, request: CreateInteraction, model: Model, call: Call, world: World) -> None:
    if model.video is None:
        raise AssertionError(f"{model.id} makes videos and has no video rules")
    order = read_video(request, model, model.video, call.surface, world.media_for(call))
    video = request.video_format()
    interaction.delivery = (video and video.delivery) or "inline"
    interaction.gcs_uri = video.gcs_uri if video else None
    if interaction.gcs_uri is not None and not world.buckets.exists(interaction.gcs_uri):
        raise bad(f"The Cloud Storage bucket of {interaction.gcs_uri} does not exist.")
    interaction.job = world.jobs.accept(call, order, interaction.id)
    _shelve(interaction, interaction.job, world)


def _shelve(interaction: Interaction, job: VideoJob, world: World) -> None:
    if job.phase(job.ends_at) is not Phase.DONE or interaction.delivery != "uri":
        return
    for number, recipe in enumerate(job.clips()):
        if interaction.gcs_uri is not None:
            uri = f"{interaction.gcs_uri.rstrip('/')}/{secrets.randbelow(10**19)}/sample_{number}.mp4"
            world.buckets.put(uri, recipe, "video/mp4", job.ends_at)
            job.delivered.append(uri)
        else:
            ready = job.ends_at + timedelta(seconds=world.settings.file_latency)
            job.delivered.append(world.files.put(recipe, "video/mp4", generated=True, ready_at=ready).id)


async def _until_done(interaction: Interaction, world: World) -> None:
    # A foreground call holds the connection for as long as the work takes, by the simulator's own clock.
    job = interaction.job
    while job is not None and job.phase(world.settings.now()) is Phase.RUNNING:  # noqa: ASYNC110  # an injected clock tells nobody
        await asyncio.sleep(CLOCK_STEP)


async def get(call: Call, world: World) -> Json | Reply:
    """GET interactions/ID; a text's or picture's also as a stream. Raises InteractionError 404."""
    interaction = _kept(call, world, call.parts["id"])
    told = await _told(interaction, call, world)
    if call.query.get("stream") == "true" and interaction.job is None:
        return _events(told, int(call.query.get("last_event_id", "0")))
    return told


async def cancel(call: Call, world: World) -> Json:
    """POST interactions/ID/cancel or :cancel; what is done stays done. Raises InteractionError 404."""
    interaction = _kept(call, world, call.parts["id"])
    job = interaction.job
    if job is not None and job.phase(world.settings.now()) is Phase.RUNNING:
        job.cancelled = True
    return await _told(interaction, call, world)


async def delete(call: Call, world: World) -> Json:
    """DELETE interactions/ID. Raises InteractionError 404."""
    interaction = _kept(call, world, call.parts["id"])
    world.interactions.delete(call.surface, interaction.id)
    return {}


def _kept(call: Call, world: World, interaction_id: str) -> Interaction:
    interaction = world.interactions.get(call.surface, interaction_id)
    if interaction is None:
        raise InteractionError(404, "not_found", f"Interaction '{interaction_id}' was not found.")
    return interaction


async def _told(interaction: Interaction, call: Call, world: World) -> Json:
    now = world.settings.now()
    told: Json = {
        "id": interaction.id,
        "object": "interaction",
        "model": interaction.model,
        "created": stamp(interaction.created),
        "updated": stamp(now),
        "status": "completed",
        **({"labels": interaction.labels} if interaction.labels else {}),
    }
    job = interaction.job
    if job is None:
        made = {item["type"]: count_text(item["text"]) if "text" in item else 1120 for item in interaction.output}
        return {**told, **_steps(interaction, interaction.output), "usage": _usage(interaction, made)}
    match job.phase(now):
        case Phase.RUNNING:
            return {**told, "status": "in_progress"}
        case Phase.CANCELLED:
            return {**told, "status": "cancelled"}
        case Phase.DONE:
            return {**told, **await _ending(interaction, job, call, world)}


async def _ending(interaction: Interaction, job: VideoJob, call: Call, world: World) -> Json:
    match job.outcome:
        case Error(code=code, message=message):
            return _failure(_RPC_WORDS.get(code, "api_error"), message)
        case Filtered(support_code=code):
            return _failure("content_blocked", filtered_reason(code))
        case Empty():
            # Seen where a region forbids the model: completed, nothing there, no output tokens.
            return {**_steps(interaction, []), "usage": _usage(interaction, {})}
        case _:
            pass
    content = await _video_content(interaction, job, call, world)
    if content is None:
        limit = world.settings.inline_limit
        return _failure("invalid_request", f"The video exceeds {limit} bytes: use delivery 'uri'.")
    tokens = {"video": TOKENS_PER_SECOND[job.order.resolution] * job.order.seconds}
    return {**_steps(interaction, [content]), "usage": _usage(interaction, tokens)}


def _failure(code: str, message: str) -> Json:
    return {"status": "failed", "errors": [{"code": code, "message": message}]}


async def _video_content(interaction: Interaction, job: VideoJob, call: Call, world: World) -> Json | None:
    """The finished video as content; None if it is too large to be delivered inline."""
    video: Json = {"type": "video", "mime_type": "video/mp4"}
    if job.delivered:
        [place] = job.delivered
        return {**video, "uri": place if place.startswith("gs://") else f"{call.base_url}/v1beta/files/{place}"}
    content = await world.studio.make(job.clips()[0])
    if interaction.surface is Surface.GEMINI and len(content) > world.settings.inline_limit:
        return None
    return {**video, "data": base64.b64encode(content).decode()}


def _steps(interaction: Interaction, output: list[Json]) -> Json:
    steps = [*interaction.input_steps, {"type": "model_output", "content": output}]
    return {"steps": steps if output else interaction.input_steps}


def _input_steps(request: CreateInteraction) -> list[Json]:
    content = [item.model_dump(exclude_none=True, exclude={"data"}) for item in request.items()]
    return [{"type": "user_input", "content": content}]


def _input_tokens(request: CreateInteraction) -> dict[str, int]:
    tokens = {"text": count_text(request.prompt())}
    for item in request.items():
        if item.type != "text":
            tokens[item.type] = tokens.get(item.type, 0) + 258
    return tokens


def _usage(interaction: Interaction, output: dict[str, int]) -> Json:
    asked, made = sum(interaction.input_tokens.values()), sum(output.values())
    return {
        "total_tokens": asked + made,
        "total_input_tokens": asked,
        "total_output_tokens": made,
        "total_thought_tokens": 0,
        "input_tokens_by_modality": _by_modality(interaction.input_tokens),
        "output_tokens_by_modality": _by_modality(output),
    }


def _by_modality(tokens: dict[str, int]) -> list[Json]:
    return [{"modality": modality, "tokens": count} for modality, count in tokens.items()]
