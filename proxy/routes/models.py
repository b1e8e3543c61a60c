"""GET /v1/models: what the configured credentials can use, for clients and for people who choose a model."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.routes.context import caller_of, services_of
from proxy.services import Services
from proxy.wiring import display_names
from translators.errors import NotFound
from translators.model_list import model_entry
from translators.resolve import RetiredModels, visible_models


async def list_models(request: Request) -> Response:
    """All models, CLIProxyAPI's four fields first."""
    caller_of(request)
    return JSONResponse({"data": _entries(services_of(request)), "object": "list"})


async def get_model(request: Request) -> Response:
    """One model. Raises NotFound."""
    caller_of(request)
    wanted = request.path_params["model"].removeprefix("models/")
    for entry in _entries(services_of(request)):
        if entry["id"] == wanted:
            return JSONResponse(entry)
    raise NotFound(
        f"The model {wanted} does not exist, or no configured credential offers it. GET /v1/models lists them.",
        param="model",
        code="model_not_found",
    )


def _entries(services: Services) -> list[dict[str, Any]]:
    started = int(services.started.timestamp())
    visible = visible_models(
        services.catalog, services.offers, services.aliases, RetiredModels(services.config.retired_models)
    )
    shown = display_names(services.config)
    return [model_entry(name, model, created=started, display_name=shown.get(name)) for name, model in visible.items()]
