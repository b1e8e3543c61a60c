"""Where Google's protocols are: the Gemini API's paths, and Vertex AI's with a project or (express mode) without."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from proxy.routes.context import caller_of
from proxy.routes.failures import way_out
from proxy.routes.native.content import CONTENT_METHODS, pass_on
from proxy.routes.native.files import delete_file, get_file
from proxy.routes.native.interactions import (
    cancel_interaction,
    create_interaction,
    delete_interaction,
    get_interaction,
)
from proxy.routes.native.models import (
    get_gemini_model,
    get_publisher_model,
    list_gemini_models,
    list_publisher_models,
    speaks_google,
)
from proxy.routes.native.operations import fetch_predict_operation, get_operation, predict_long_running
from proxy.routes.native.shape import googles
from proxy.routes.native.uploaded import list_files
from proxy.routes.native.uploads import upload_file
from proxy.routes.route import Endpoint, route
from translators.errors import NotFound

GEMINI = ("/v1beta", "/v1", "/v1alpha")
"""google-genai 3.x asks under v1, all before it under v1beta."""
_PLACE = "projects/{project}/locations/{location}"
VERTEX = tuple(f"/{version}/{place}" for version in ("v1beta1", "v1") for place in (_PLACE, "publishers/google"))
"""A project's place, or express mode."""
VIDEO_METHODS = {
    "predictLongRunning": predict_long_running,
    "fetchPredictOperation": fetch_predict_operation,
}


async def model_method(request: Request) -> Response:
    """`models/{model}:{method}`."""
    caller_of(request)
    model, method = request.path_params["model"], request.path_params["method"]
    if method in CONTENT_METHODS:
        return await pass_on(request, model, method)
    if method in VIDEO_METHODS:
        return await VIDEO_METHODS[method](request, model)
    raise NotFound(
        f"There is no method {method} here. There are: {', '.join((*CONTENT_METHODS, *VIDEO_METHODS))}.",
        code="unknown_url",
    )


async def files_of_v1(request: Request) -> Response:
    """Google's list for Google's clients (`native/models.py` says how they are told). Raises NotFound for others."""
    return await (googles(list_files) if speaks_google(request) else no_openai_files)(request)


async def no_openai_files(request: Request) -> Response:
    """OpenAI's Files API is not served. Raises NotFound with the way out."""
    caller_of(request)
    raise NotFound(
        "OpenAI's Files API is not served here. Send the file in the request (file_data, a data URI or a URL), or "
        "upload it to /upload/v1beta/files as google-genai's files.upload does, and name it as file_id: files/...",
        code="unknown_url",
    )


async def nothing_here(request: Request) -> Response:
    """Any other path below Google's own versions, in Google's shape. Raises NotFound."""
    raise NotFound(f"There is no {request.method} {request.url.path} here. {way_out(request)}", code="unknown_url")


def native_routes() -> list[BaseRoute]:
    """Every route; `GET /v1/models` and below it is shared with OpenAI's (`routes/models.py`)."""
    return [
        *(route for base in GEMINI for route in _gemini(base)),
        *(route for base in VERTEX for route in _vertex(base)),
        _route("/v1beta/{path:path}", nothing_here, "GET", "POST", "PATCH", "DELETE"),
        _route("/v1beta1/{path:path}", nothing_here, "GET", "POST", "PATCH", "DELETE"),
    ]


def _gemini(base: str) -> list[BaseRoute]:
    # Before the single model: its name may have a slash in it.
    named = [_route(f"{base}/models/{{model:path}}/operations/{{operation}}", get_operation, "GET")]
    if base != "/v1":
        named += [
            _route(f"{base}/models", list_gemini_models, "GET"),
            _route(f"{base}/models/{{model:path}}", get_gemini_model, "GET"),
        ]
    return [
        *named,
        _route(f"{base}/models/{{model:path}}:{{method}}", model_method, "POST"),
        *(_files_of_v1() if base == "/v1" else [_route(f"{base}/files", list_files, "GET")]),
        _route(f"{base}/files/{{file:path}}", get_file, "GET"),
        _route(f"{base}/files/{{file:path}}", delete_file, "DELETE"),
        _route(f"/upload{base}/files", upload_file, "POST", "PUT"),
        *_interactions(base),
    ]


def _files_of_v1() -> list[BaseRoute]:
    """The one path that OpenAI's Files API and Google's share."""
    return [route("/v1/files", files_of_v1, "GET"), route("/v1/files", no_openai_files, "POST")]


def _vertex(base: str) -> list[BaseRoute]:
    publisher = base if base.endswith("/publishers/google") else f"{base}/publishers/google"
    return [
        _route(f"{publisher}/models", list_publisher_models, "GET"),
        _route(f"{publisher}/models/{{model}}", get_publisher_model, "GET"),
        _route(f"{publisher}/models/{{model}}:{{method}}", model_method, "POST"),
        *(_interactions(base) if publisher != base else []),
    ]


def _interactions(base: str) -> list[BaseRoute]:
    one = f"{base}/interactions/{{video_id}}"
    return [
        _route(f"{base}/interactions", create_interaction, "POST"),
        _route(one, get_interaction, "GET"),
        _route(one, delete_interaction, "DELETE"),
        _route(f"{one}/cancel", cancel_interaction, "POST"),
        _route(f"{one}:cancel", cancel_interaction, "POST"),
    ]


def _route(path: str, endpoint: Endpoint, *methods: str) -> Route:
    return route(path, googles(endpoint), *methods)
