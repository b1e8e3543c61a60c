"""predictLongRunning, and asking for its operation: GET on the Gemini API, fetchPredictOperation on Vertex AI."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.jobs.errors import raised
from proxy.jobs.job import Job, JobState
from proxy.respond import JsonAroundMedia
from proxy.routes.context import caller_of, services_of
from proxy.routes.native.place import Asked, placed
from proxy.routes.native.results import buckets_or, download_address
from proxy.routes.native.shape import json_of, warned
from translators.errors import ApiError, BadRequest, NotFound
from translators.native.errors import operation_status
from translators.native.operation import done_operation, failed_operation, pending_operation
from translators.native.read_veo import read_veo
from translators.wire.call import Surface


async def predict_long_running(request: Request, model: str) -> Response:
    """Place the job; its operation is named after it, below the model that was asked for. Raises ApiError."""
    caller_of(request)
    spec = read_veo(await json_of(request))
    told = await placed(request, Asked(model=model, spec=spec), what="operation")
    name = f"{_resource(request).rpartition(':')[0]}/operations/{told.job.id}"
    return JSONResponse(pending_operation(name), headers=warned(told.warnings))


async def get_operation(request: Request) -> Response:
    """Where the operation stands. Raises NotFound for one that is not the caller's."""
    params = request.path_params
    return await _shown(request, params["model"], params["operation"], _resource(request))


async def fetch_predict_operation(request: Request, model: str) -> Response:
    """The same, asked by POST. Raises BadRequest and NotFound."""
    caller_of(request)
    name = (await json_of(request)).get("operationName")
    if not isinstance(name, str) or "/operations/" not in name:
        raise BadRequest(
            "Invalid value at 'operationName': the name of an operation is expected.", param="operationName"
        )
    return await _shown(request, model, name.rpartition("/operations/")[2], name)


async def _shown(request: Request, model: str, job_id: str, name: str) -> Response:
    services, caller = services_of(request), caller_of(request)
    job = await services.desk.get(job_id, caller.id)
    if job is None or job.asked_model != model:
        raise NotFound(f"Operation {name} is not found.", code="operation_not_found")
    await services.desk.claimed(job)
    target = job.pinned or job.targets[0]
    return JsonAroundMedia(await _operation(request, job, name), headers=warned((*target.warnings, *job.warnings)))


async def _operation(request: Request, job: Job, name: str) -> dict[str, Any]:
    if not job.ended:
        return pending_operation(name)
    if job.state is not JobState.COMPLETED:
        return failed_operation(name, operation_status(raised(job), cancelled=job.state is JobState.CANCELLED))
    if "publishers/google/" not in name:
        samples = [{"uri": download_address(request, job, index)} for index in range(len(job.media))]
        return done_operation(name, samples, Surface.GEMINI)
    try:
        videos = await buckets_or(
            request, job, uri="gcsUri", data="bytesBase64Encoded", mime_type="mimeType", by_address=None
        )
    except ApiError as error:
        return failed_operation(name, operation_status(error))
    return done_operation(name, videos, Surface.VERTEX)


def _resource(request: Request) -> str:
    """The path below the API version."""
    path: str = request.scope["path"]
    return path.lstrip("/").partition("/")[2]
