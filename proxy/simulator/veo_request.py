"""From a predictLongRunning body to a video order, or Google's refusal: how the fields of a Veo request go together.

Sources: Veo guides of the Gemini API and of Vertex AI, 2026-11.
"""

from collections.abc import Callable, Mapping
from typing import Any

from proxy.simulator.errors import GoogleError, invalid
from proxy.simulator.inputs import checked, decoded
from proxy.simulator.media.recipe import VideoRecipe
from proxy.simulator.media.studio import Media
from proxy.simulator.models import Surface, Video
from proxy.simulator.orders import VideoOrder
from proxy.simulator.veo_fields import check_names, check_values, unsupported

Lookup = Callable[[str], Media | None]
"""Finds what a `gs://` or Files API URI names."""

IMAGE_TYPES = frozenset({"image/png", "image/jpeg"})
MAX_IMAGE_BYTES = 20 * 1024 * 1024
EXTENSION_SECONDS = 7
LONGEST_SOURCE: Mapping[Surface, int] = {Surface.GEMINI: 141, Surface.VERTEX: 30}
MASK_MODES = ("INSERT", "REMOVE", "REMOVE_STATIC", "OUTPAINT")
"""google-genai 3.4.0, `VideoGenerationMaskMode`."""
_EXCLUSIVE = (
    ("video", "image"),
    ("video", "lastFrame"),
    ("video", "referenceImages"),
    ("referenceImages", "image"),
    ("referenceImages", "lastFrame"),
)


def read_order(model: str, limits: Video, body: Mapping[str, Any], surface: Surface, lookup: Lookup) -> VideoOrder:
    """The order in a predictLongRunning body. Raises GoogleError 400 for whatever the model or the surface refuses."""
    instance, parameters = check_names(body, surface)
    check_values(parameters, surface)
    mode = _mode(instance, limits)
    _check_references(instance, limits, surface, lookup)
    _check_mask(instance, surface, lookup)
    _check_frame(parameters, limits)
    resolution = str(parameters.get("resolution", limits.default_resolution))
    samples = int(parameters.get("sampleCount", 1))
    if samples > limits.samples:
        raise invalid(f"`sampleCount` must be between 1 and {limits.samples} for this model.")
    if "generateAudio" in parameters and not limits.audio:
        raise unsupported("generateAudio")
    _check_persons(parameters, mode, surface)
    source = _source(instance, surface, lookup) if mode == "extend" else None
    seconds = _seconds(parameters, limits, mode, resolution, surface)
    return VideoOrder(
        model=model,
        prompt=_prompt(instance),
        mode=mode,
        seconds=seconds if source is None else source + EXTENSION_SECONDS,
        resolution=resolution,
        aspect_ratio=str(parameters.get("aspectRatio", "16:9")),
        audio=limits.audio and bool(parameters.get("generateAudio", True)),
        samples=samples,
        seed=parameters.get("seed"),
        first_frame=_image(instance["image"], "image", surface, lookup) if "image" in instance else None,
        last_frame=_image(instance["lastFrame"], "lastFrame", surface, lookup) if "lastFrame" in instance else None,
        storage_uri=parameters.get("storageUri"),
    )


def _mode(instance: Mapping[str, Any], limits: Video) -> str:
    for one, other in _EXCLUSIVE:
        if one in instance and other in instance:
            raise invalid(f"`{one}` and `{other}` cannot be used together.")
    if "mask" in instance:
        if not limits.mask:
            raise unsupported("mask")
        return "edit"
    if "video" in instance:
        if not limits.extend:
            raise unsupported("video")
        return "extend"
    if "lastFrame" in instance:
        if not limits.last_frame:
            raise unsupported("lastFrame")
        if "image" not in instance:
            raise invalid("`lastFrame` requires `image` to be set.")
        return "first and last frame"
    if "referenceImages" in instance:
        return "reference images"
    return "image to video" if "image" in instance else "text to video"


def _prompt(instance: Mapping[str, Any]) -> str:
    prompt = instance.get("prompt", "")
    if not isinstance(prompt, str):
        raise invalid("`prompt` must be a string.")
    if not prompt.strip() and not instance.keys() & {"image", "video"}:
        raise invalid("Text prompt is required: `prompt` must not be empty without `image` or `video`.")
    return prompt


def _check_frame(parameters: Mapping[str, Any], limits: Video) -> None:
    allowed = {"aspectRatio": sorted(limits.aspect_ratios), "resolution": list(limits.resolutions)}
    for name, values in allowed.items():
        if name in parameters and parameters[name] not in values:
            raise invalid(
                f"The value {parameters[name]!r} for `{name}` is not supported by this model. Supported: "
                f"{', '.join(values)}."
            )


def _seconds(parameters: Mapping[str, Any], limits: Video, mode: str, resolution: str, surface: Surface) -> int:
    full = limits.full_length
    seconds = int(parameters.get("durationSeconds", full))
    if mode == "extend":
        fine = seconds == full or (surface is Surface.VERTEX and seconds == EXTENSION_SECONDS)
        if not fine or resolution != limits.default_resolution:
            raise invalid(f"Video extension requires `durationSeconds` {full} and `resolution` 720p.")
        return seconds
    if seconds not in limits.durations:
        raise invalid(
            f"The number value for `durationSeconds` is out of bound. Please provide a value between "
            f"{min(limits.durations)} and {max(limits.durations)}, inclusive; supported: "
            f"{', '.join(map(str, sorted(limits.durations)))}."
        )
    if seconds != full and resolution in limits.long_only:
        raise invalid(f"Resolution {resolution} requires duration seconds to be {full} seconds.")
    if seconds != full and mode == "reference images":
        raise invalid(f"`referenceImages` requires `durationSeconds` to be {full}.")
    return seconds


def _check_persons(parameters: Mapping[str, Any], mode: str, surface: Surface) -> None:
    if surface is not Surface.GEMINI or "personGeneration" not in parameters:
        return
    # Veo 3.1 guide of the Gemini API: text and extension allow_all only, anything with an image allow_adult only.
    wanted = "allow_all" if mode in ("text to video", "extend") else "allow_adult"
    if parameters["personGeneration"] != wanted:
        raise invalid(f"{parameters['personGeneration']} for personGeneration is currently not supported for {mode}.")


def _check_references(instance: Mapping[str, Any], limits: Video, surface: Surface, lookup: Lookup) -> None:
    if "referenceImages" not in instance:
        return
    given = instance["referenceImages"]
    if not limits.references:
        raise unsupported("referenceImages")
    if not isinstance(given, list) or not given or len(given) > limits.references:
        raise invalid(f"`referenceImages` must hold 1 to {limits.references} images.")
    kinds = set()
    for reference in given:
        if not isinstance(reference, dict) or reference.keys() - {"image", "referenceType"}:
            raise invalid("Each of `referenceImages` holds `image` and `referenceType`.")
        kinds.add(str(reference.get("referenceType", "")).lower())
        _image(reference.get("image"), "referenceImages.image", surface, lookup)
    styles = surface is Surface.VERTEX and limits.style_reference
    if kinds != {"asset"} and not (styles and kinds == {"style"} and len(given) == 1):
        raise invalid("`referenceType` must be `asset`" + (" or, for a single image, `style`." if styles else "."))


def _check_mask(instance: Mapping[str, Any], surface: Surface, lookup: Lookup) -> None:
    if "mask" not in instance:
        return
    if "video" not in instance:
        raise invalid("`mask` requires `video` to be set.")
    _source(instance, surface, lookup)
    mask = instance["mask"]
    if not isinstance(mask, dict) or mask.get("maskMode") not in MASK_MODES:
        raise invalid(f"`mask.maskMode` must be one of {', '.join(MASK_MODES)}.")
    _image({name: value for name, value in mask.items() if name != "maskMode"}, "mask", surface, lookup)


def _image(value: Any, field: str, surface: Surface, lookup: Lookup) -> bytes:
    if not isinstance(value, dict):
        raise invalid(f"`{field}` must be an object.")
    match sorted(value):
        case ["bytesBase64Encoded", "mimeType"]:
            content = decoded(value["bytesBase64Encoded"], field)
        case ["inlineData"] if surface is Surface.GEMINI and isinstance(value["inlineData"], dict):
            # The Gemini API's guide writes inlineData; shipped SDKs send bytesBase64Encoded.
            value = value["inlineData"]
            content = decoded(value.get("data"), field)
        case ["gcsUri", "mimeType"] if surface is Surface.VERTEX:
            found = lookup(str(value["gcsUri"]))
            if not isinstance(found, bytes):
                raise GoogleError(404, f"Could not read {value['gcsUri']}: no such image.")
            content = found
        case _:
            raise invalid(
                f"Input instance with `{field}` should contain both `bytesBase64Encoded` and `mimeType` in str type."
            )
    if len(content) > MAX_IMAGE_BYTES:
        raise invalid(f"`{field}` is larger than 20 MB.")
    return checked(content, value.get("mimeType"), field, IMAGE_TYPES)


def _source(instance: Mapping[str, Any], surface: Surface, lookup: Lookup) -> int:
    """Length in seconds of the video to extend."""
    video = instance["video"]
    if not isinstance(video, dict):
        raise invalid("`video` must be an object.")
    match surface, sorted(video):
        case (Surface.GEMINI, ["uri"]):
            found = lookup(str(video["uri"]))
            if not isinstance(found, VideoRecipe):
                raise invalid("Input video must be a video that was generated by Veo and is still stored.")
            seconds = found.seconds
        case (Surface.GEMINI, ["encodedVideo", "encoding"]):
            seconds = _length(decoded(video["encodedVideo"], "video"))
        case (Surface.VERTEX, ["bytesBase64Encoded", "mimeType"]):
            seconds = _length(decoded(video["bytesBase64Encoded"], "video"))
        case (Surface.VERTEX, ["gcsUri", "mimeType"]):
            found = lookup(str(video["gcsUri"]))
            if found is None:
                raise GoogleError(404, f"Could not read {video['gcsUri']}: no such video.")
            seconds = found.seconds if isinstance(found, VideoRecipe) else _length(bytes_of(found))
        case _:
            raise invalid("`video` must name one video.")
    if not 1 <= seconds <= LONGEST_SOURCE[surface]:
        raise invalid(f"Input video must be between 1 and {LONGEST_SOURCE[surface]} seconds long.")
    return seconds


def bytes_of(media: Media) -> bytes:
    """The bytes of an uploaded video. Raises GoogleError 400 for a picture."""
    if not isinstance(media, bytes):
        raise invalid("Input video must be a video.")
    return media


def _length(content: bytes) -> int:
    from proxy.simulator.media.probe import seconds_of

    seconds = seconds_of(content)
    if seconds is None:
        raise invalid("Unable to process input video: not an MP4.")
    return seconds
