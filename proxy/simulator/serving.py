"""Which model a call means, or Google's 404 for it."""

from proxy.simulator import errors
from proxy.simulator.call import Call
from proxy.simulator.models import MODELS, Lifecycle, Model, Surface, methods


def publisher_path(call: Call) -> str:
    """`projects/P/locations/L/publishers/google/models/M`, or from `publishers/` on for an express call."""
    tail = f"publishers/google/models/{call.model}"
    if "project" not in call.parts:
        return tail
    return f"projects/{call.parts['project']}/locations/{call.parts['location']}/{tail}"


def served_model(call: Call, lifecycle: Lifecycle) -> Model:
    """The model, if this surface serves it in this place and with this method. Raises GoogleError 404 or 400."""
    model = MODELS.get(call.model)
    if call.surface is Surface.VERTEX:
        express = "location" not in call.parts  # Google places the call itself
        elsewhere = (
            model is not None and not express and model.vertex_location not in (None, call.parts.get("location"))
        )
        if model is None or elsewhere or not lifecycle.serves(model, call.surface):
            raise errors.publisher_model_unknown(publisher_path(call))
        if call.verb not in methods(model):
            raise errors.invalid(f"{call.model} is not supported in the {call.verb} API.")
        return model
    if call.surface is Surface.CODE_ASSIST:
        # No more is said there than this, whatever the reason (CLIProxyAPI issue 203, 2025-11).
        if model is None or not lifecycle.serves(model, call.surface):
            raise errors.plain(404)
        return model
    name = f"models/{call.model}"
    if model is not None and not lifecycle.serves(model, call.surface) and _was_on_gemini(model):
        raise errors.model_retired(name)
    if model is None or not lifecycle.serves(model, call.surface) or call.verb not in methods(model):
        raise errors.model_unknown(name, call.version, call.verb)
    return model


def _was_on_gemini(model: Model) -> bool:
    # `veo-3.1-*-001` ids were never served by API key, so they are unknown there rather than gone.
    return not (model.vertex and not model.gemini)
