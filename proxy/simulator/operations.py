"""Long-running operations of Veo: submitted, polled and told as each surface tells them."""

import base64
import secrets
from typing import Any
from uuid import uuid4

from proxy.simulator import errors
from proxy.simulator.call import Call
from proxy.simulator.errors import GoogleError
from proxy.simulator.faults import Error, Filtered
from proxy.simulator.models import Surface
from proxy.simulator.refusals import filtered_reason
from proxy.simulator.serving import publisher_path, served_model
from proxy.simulator.veo_request import read_order
from proxy.simulator.video_jobs import Phase, VideoJob, new_operation_id
from proxy.simulator.world import World

_GEMINI_RESPONSE = "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse"
_VERTEX_RESPONSE = "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse"


async def submit(call: Call, world: World) -> dict[str, Any]:
    """Take on a Veo job; answers its operation's name. Raises GoogleError 400, 404."""
    model = served_model(call, world.lifecycle)
    if model.video is None:
        raise AssertionError(f"{model.id} has predictLongRunning and no video rules")
    order = read_order(model.id, model.video, call.json_object(), call.surface, world.media_for(call))
    if order.storage_uri is not None and not world.buckets.exists(order.storage_uri):
        raise GoogleError(
            400, f"The Cloud Storage bucket of {order.storage_uri} does not exist.", rpc="FAILED_PRECONDITION"
        )
    if call.surface is Surface.GEMINI:
        name = f"models/{model.id}/operations/{new_operation_id()}"
    else:
        name = f"{publisher_path(call)}/operations/{uuid4()}"
    job = world.jobs.accept(call, order, name)
    _shelve(job, call.surface, world)
    return {"name": name}


def _shelve(job: VideoJob, surface: Surface, world: World) -> None:
    """Put the clips where they will be found when the job ends."""
    if job.phase(job.ends_at) is not Phase.DONE:
        return
    if surface is Surface.GEMINI:
        for recipe in job.clips():
            stored = world.files.put(recipe, "video/mp4", generated=True, ready_at=job.ends_at)
            job.delivered.append(stored.id)
    elif job.order.storage_uri is not None:
        folder = f"{job.order.storage_uri.rstrip('/')}/{secrets.randbelow(10**19)}"
        for number, recipe in enumerate(job.clips()):
            uri = f"{folder}/sample_{number}.mp4"
            world.buckets.put(uri, recipe, "video/mp4", job.ends_at)
            job.delivered.append(uri)


async def poll_gemini(call: Call, world: World) -> dict[str, Any]:
    """GET models/M/operations/ID. Raises GoogleError 404 for an operation unknown or forgotten."""
    name = f"models/{call.model}/operations/{call.parts['id']}"
    return await _told(name, call, world)


async def poll_vertex(call: Call, world: World) -> dict[str, Any]:
    """POST :fetchPredictOperation. Raises GoogleError 400, 404."""
    body = call.json_object()
    if strangers := sorted(body.keys() - {"operationName"}):
        raise errors.unknown_names([(name, "") for name in strangers])
    name = body.get("operationName")
    if not isinstance(name, str) or not name:
        raise errors.invalid("`operation_name` must be set.")
    if not name.startswith(publisher_path(call) + "/operations/"):
        raise errors.invalid(f"The operation {name} does not belong to {publisher_path(call)}.")
    return await _told(name, call, world)


async def _told(name: str, call: Call, world: World) -> dict[str, Any]:
    job = world.jobs.find(name)
    if job is None:
        raise GoogleError(404, f"Operation {name} not found.") if call.surface is Surface.VERTEX else errors.plain(404)
    if job.phase(world.settings.now()) is Phase.RUNNING:
        return {"name": name}
    if isinstance(job.outcome, Error):
        return {"name": name, "done": True, "error": {"code": job.outcome.code, "message": job.outcome.message}}
    told = await _vertex_response(job, world) if call.surface is Surface.VERTEX else _gemini_response(job, call)
    return {"name": name, "done": True, "response": told}


def _filtering(job: VideoJob) -> dict[str, Any]:
    if not isinstance(job.outcome, Filtered):
        return {}
    reasons = [filtered_reason(job.outcome.support_code)]
    return {"raiMediaFilteredCount": job.withheld(), "raiMediaFilteredReasons": reasons}


def _gemini_response(job: VideoJob, call: Call) -> dict[str, Any]:
    uris = [f"{call.base_url}/v1beta/files/{file_id}:download?alt=media" for file_id in job.delivered]
    videos: dict[str, Any] = {"generatedSamples": [{"video": {"uri": uri}} for uri in uris]} if uris else {}
    return {"@type": _GEMINI_RESPONSE, "generateVideoResponse": {**videos, **_filtering(job)}}


async def _vertex_response(job: VideoJob, world: World) -> dict[str, Any]:
    videos: list[dict[str, str]] = [{"gcsUri": uri, "mimeType": "video/mp4"} for uri in job.delivered]
    if job.order.storage_uri is None:
        for recipe in job.clips():
            encoded = base64.b64encode(await world.studio.make(recipe)).decode()
            videos.append({"bytesBase64Encoded": encoded, "mimeType": "video/mp4"})
    return {"@type": _VERTEX_RESPONSE, **_filtering(job), **({"videos": videos} if videos else {})}


async def refuse_publisher_operation(call: Call, world: World) -> dict[str, Any]:
    """GET of a publisher operation's full name: it does not work (Vertex AI, seen 2026-11)."""
    del world
    raise GoogleError(404, f"The resource {call.path.lstrip('/')} was not found.")


async def refuse_operation_by_number(call: Call, world: World) -> dict[str, Any]:
    """GET projects/P/locations/L/operations/UUID: numbers only, so Veo's operations cannot be read there."""
    del world
    operation = call.parts["id"]
    if not operation.isdecimal():
        raise errors.invalid(f"The Operation ID must be a Long, but was instead: {operation}")
    raise GoogleError(404, f"Operation {operation} not found.")
