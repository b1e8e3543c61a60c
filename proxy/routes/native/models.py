"""models.list and models.get in Google's shapes.

`GET /v1/models` is OpenAI's and Google's at once: it is Google's for who shows `x-goog-api-key`, `x-goog-api-client`
or `?key=`, as google-genai 3.4.0 and Google's documented curl calls do.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.routes.context import caller_of, services_of
from proxy.wiring import display_names
from translators.catalog import Model
from translators.errors import NotFound
from translators.native.models import gemini_model, page_of, publisher_model
from translators.resolve import visible_models


def speaks_google(request: Request) -> bool:
    """Whether a request that could be OpenAI's is one of Google's clients'."""
    return (
        "x-goog-api-key" in request.headers or "x-goog-api-client" in request.headers or "key" in request.query_params
    )


async def list_gemini_models(request: Request) -> Response:
    """A page of `models`."""
    caller_of(request)
    shown = display_names(services_of(request).config)
    entries = [gemini_model(name, model, shown.get(name)) for name, model in _visible(request).items()]
    return JSONResponse(_page(request, entries, "models"))


async def get_gemini_model(request: Request) -> Response:
    """One model. Raises NotFound."""
    caller_of(request)
    name, model = _one(request)
    return JSONResponse(gemini_model(name, model, display_names(services_of(request).config).get(name)))


async def list_publisher_models(request: Request) -> Response:
    """A page of `publisherModels`."""
    caller_of(request)
    return JSONResponse(_page(request, [publisher_model(name) for name in _visible(request)], "publisherModels"))


async def get_publisher_model(request: Request) -> Response:
    """One model. Raises NotFound."""
    caller_of(request)
    return JSONResponse(publisher_model(_one(request)[0]))


def _page(request: Request, entries: list[dict[str, object]], key: str) -> dict[str, object]:
    query = request.query_params
    return page_of(entries, key, size=query.get("pageSize"), token=query.get("pageToken"))


def _visible(request: Request) -> dict[str, Model]:
    services = services_of(request)
    return visible_models(services.catalog, services.offers, services.aliases, services.config.retired_models)


def _one(request: Request) -> tuple[str, Model]:
    name = request.path_params["model"]
    model = _visible(request).get(name)
    if model is None:
        raise NotFound(
            f"models/{name} is not found, or no configured credential offers it. Call ListModels to see what there is.",
            param="model",
            code="model_not_found",
        )
    return name, model
