"""GET /v1/models: what the configured credentials can use, for clients and for people who choose a model.

Who sends `Anthropic-Version`, or is Claude's command line, gets Anthropic's form of it, as from CLIProxyAPI; Google's
own clients get Google's (`native/models.py` says how they are told).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.routes.context import caller_of, services_of
from proxy.routes.failures import shape_failures
from proxy.routes.native.models import get_gemini_model, list_gemini_models, speaks_google
from proxy.routes.native.shape import googles
from proxy.wiring import display_names
from translators.errors import NotFound
from translators.messages.errors import error_body
from translators.messages.models import model_info, model_page
from translators.model_list import model_entry


async def list_models(request: Request) -> Response:
    """All models, CLIProxyAPI's four fields first."""
    if speaks_google(request):
        return await googles(list_gemini_models)(request)
    if _for_anthropic(request):
        shape_failures(request, error_body)
    caller_of(request)
    entries = _entries(request)
    return JSONResponse(model_page(entries) if _for_anthropic(request) else {"data": entries, "object": "list"})


async def get_model(request: Request) -> Response:
    """One model. Raises NotFound."""
    if speaks_google(request):
        return await googles(get_gemini_model)(request)
    if _for_anthropic(request):
        shape_failures(request, error_body)
    caller_of(request)
    wanted = request.path_params["model"].removeprefix("models/")
    for entry in _entries(request):
        if entry["id"] == wanted:
            return JSONResponse(entry)
    raise NotFound(
        f"The model {wanted} does not exist, or no configured credential offers it. GET /v1/models lists them.",
        param="model",
        code="model_not_found",
    )


def _for_anthropic(request: Request) -> bool:
    return "anthropic-version" in request.headers or request.headers.get("user-agent", "").startswith("claude-cli")


def _entries(request: Request) -> list[dict[str, Any]]:
    services = services_of(request)
    visible = services.visible_models()
    shown = display_names(services.config)
    if _for_anthropic(request):
        return [
            model_info(name, model, created=services.started, display_name=shown.get(name))
            for name, model in visible.items()
        ]
    started = int(services.started.timestamp())
    return [model_entry(name, model, created=started, display_name=shown.get(name)) for name, model in visible.items()]
