"""Model listing: what the surface serves today, and nothing that is retired."""

from typing import Any

from proxy.simulator.call import Call
from proxy.simulator.errors import invalid, model_unknown, publisher_model_unknown
from proxy.simulator.models import MODELS, Model, Surface, methods
from proxy.simulator.world import World

_LONGEST_PAGE = 1000
_PAGE = 50


async def list_models(call: Call, world: World) -> dict[str, Any]:
    """GET models?pageSize=&pageToken=. Raises GoogleError 400 for a page that is none."""
    served = [model for model in MODELS.values() if world.lifecycle.serves(model, call.surface)]
    size = min(_number(call, "pageSize", _PAGE) or _PAGE, _LONGEST_PAGE)
    start = _number(call, "pageToken", 0)
    key = "publisherModels" if call.surface is Surface.VERTEX else "models"
    page: dict[str, Any] = {key: [_described(model, call.surface) for model in served[start : start + size]]}
    if start + size < len(served):
        page["nextPageToken"] = str(start + size)
    return page


async def get_model(call: Call, world: World) -> dict[str, Any]:
    """GET models/M. Raises GoogleError 404 for one that is not served."""
    model = MODELS.get(call.model)
    if model is None or not world.lifecycle.serves(model, call.surface):
        if call.surface is Surface.VERTEX:
            raise publisher_model_unknown(f"publishers/google/models/{call.model}")
        raise model_unknown(f"models/{call.model}", call.version, "getModel")
    return _described(model, call.surface)


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "") or str(default)
    if not text.isdecimal():
        raise invalid(f"Invalid value for `{name}`: {text}")
    return int(text)


def _described(model: Model, surface: Surface) -> dict[str, Any]:
    if surface is Surface.VERTEX:
        return {"name": f"publishers/google/models/{model.id}", "versionId": "default", "launchStage": "GA"}
    return {
        "name": f"models/{model.id}",
        "version": "001",
        "displayName": model.id.replace("-", " ").title(),
        "description": f"Simulated {model.kind} model",
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": sorted(methods(model)),
        **({"thinking": True} if model.thinks else {}),
    }
