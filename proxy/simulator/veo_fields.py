"""The fields of a Veo request: which exist on which surface, and what one field alone may hold.

Sources: Veo guides of the Gemini API and of Vertex AI, and the bodies that google-genai 2.19 (Gemini API) and 3.4.0
(Vertex) send, 2026-11.
"""

from collections.abc import Callable, Mapping
from typing import Any

from proxy.simulator.errors import invalid, unknown_names
from proxy.simulator.models import Surface

TOP_LEVEL: Mapping[Surface, frozenset[str]] = {
    Surface.GEMINI: frozenset({"instances", "parameters", "webhookConfig"}),
    Surface.VERTEX: frozenset({"instances", "parameters", "labels"}),
}
INSTANCE: Mapping[Surface, frozenset[str]] = {
    Surface.GEMINI: frozenset({"prompt", "image", "lastFrame", "referenceImages", "video"}),
    Surface.VERTEX: frozenset({"prompt", "image", "lastFrame", "referenceImages", "video", "mask", "cameraControl"}),
}
_BOTH = frozenset(
    {
        "sampleCount",
        "durationSeconds",
        "aspectRatio",
        "resolution",
        "personGeneration",
        "negativePrompt",
        "enhancePrompt",
    }
)
PARAMETERS: Mapping[Surface, frozenset[str]] = {
    Surface.GEMINI: _BOTH,
    Surface.VERTEX: _BOTH
    | {"storageUri", "fps", "seed", "pubsubTopic", "generateAudio", "compressionQuality", "resizeMode", "task"},
}
PERSONS: Mapping[Surface, frozenset[str]] = {
    Surface.GEMINI: frozenset({"allow_all", "allow_adult", "dont_allow"}),
    Surface.VERTEX: frozenset({"allow_all", "allow_adult", "dont_allow", "allowAll", "allowAdult", "disallow"}),
}
TASKS = frozenset({"textToVideo", "imageToVideo", "referenceToVideo", "edit", "extend", "upscale"})

MAX_SEED = 2**32 - 1


def check_names(body: Mapping[str, Any], surface: Surface) -> tuple[dict[str, Any], dict[str, Any]]:
    """The one instance and the parameters. Raises GoogleError 400 for any key that is not theirs."""
    if strangers := sorted(body.keys() - TOP_LEVEL[surface]):
        raise unknown_names([(name, "") for name in strangers])
    instances = body.get("instances")
    if not isinstance(instances, list) or len(instances) != 1 or not isinstance(instances[0], dict):
        raise invalid("`instances` must hold exactly one object.")
    parameters = body.get("parameters", {})
    if not isinstance(parameters, dict):
        raise invalid("`parameters` must be an object.")
    for given, known in ((instances[0], INSTANCE[surface]), (parameters, PARAMETERS[surface])):
        if strangers := sorted(given.keys() - known):
            raise unsupported(strangers[0])
    return instances[0], parameters


def unsupported(name: str) -> Exception:
    """400, in the words of the Gemini API."""
    return invalid(
        f"`{name}` isn't supported by this model. Please remove it or refer to the Gemini API documentation for "
        "supported usage."
    )


def check_values(parameters: Mapping[str, Any], surface: Surface) -> None:
    """Check each parameter's type and range by itself. Raises GoogleError 400 naming the parameter."""
    for name, value in parameters.items():
        if name == "personGeneration":
            fits = isinstance(value, str) and value in PERSONS[surface]
        else:
            fits = _CHECKS[name](value)
        if not fits:
            raise invalid(f"The value {value!r} for `{name}` is invalid.")


def whole(value: Any) -> int | None:
    """A JSON whole number, which a JSON boolean is not."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_number(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: (number := whole(value)) is not None and low <= number <= high


def _is_one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_duration(value: Any) -> bool:
    # The Gemini API's guide writes "8"; shipped SDKs send 8.
    return whole(value) is not None or (isinstance(value, str) and value.isdigit())


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "sampleCount": _is_number(1, 4),
    "durationSeconds": _is_duration,
    "aspectRatio": _is_text,
    "resolution": _is_text,
    "negativePrompt": _is_text,
    "enhancePrompt": _is_flag,
    "generateAudio": _is_flag,
    "storageUri": lambda value: isinstance(value, str) and value.startswith("gs://") and len(value) > len("gs://"),
    "fps": _is_number(24, 24),
    "seed": _is_number(0, MAX_SEED),
    "pubsubTopic": _is_text,
    # Vertex's guide writes them in lower case, google-genai sends them in upper case.
    "compressionQuality": _is_one_of("optimized", "lossless", "OPTIMIZED", "LOSSLESS"),
    "resizeMode": _is_one_of("pad", "crop", "PAD", "CROP"),
    "task": _is_one_of(*sorted(TASKS)),
}
