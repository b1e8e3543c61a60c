"""The body of `:predictLongRunning`, in the Gemini API's words or Vertex AI's, -> VideoSpec: the way back of to_veo.

Shapes: google-genai 2.19 (Gemini API) and 3.4.0 (Vertex AI); `inlineData`, `numberOfVideos` and seconds as a text are
the Gemini API's REST documents (2026-10), which its SDK never followed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from translators.errors import BadRequest
from translators.native.members import (
    a_list,
    a_number,
    a_switch,
    a_text,
    an_object,
    inline_media,
    media_at,
    one_of,
    refuse,
    some_labels,
)
from translators.video.read_config import PERSON_GENERATION, RESOLUTIONS
from translators.video.spec import Reference, VideoMedia, VideoSpec
from translators.video.veo import PARAMETERS as WRITTEN

Read = Callable[[Any, str], Any]

_INSTANCE = "instances[0]"
_MASK_MODES = {"insert": "insert", "remove": "remove"}


def _word(allowed: Mapping[str, Any]) -> Read:
    return lambda value, field: one_of(value, field, allowed)


_READ: Mapping[str, Read] = {
    "samples": a_number,
    "fps": a_number,
    "duration": a_number,
    "seed": a_number,
    "aspect_ratio": a_text,
    "resolution": _word(RESOLUTIONS),
    "person_generation": _word(PERSON_GENERATION),
    "negative_prompt": a_text,
    "enhance_prompt": a_switch,
    "generate_audio": a_switch,
    "compression_quality": _word({"optimized": "optimized", "lossless": "lossless"}),
    "resize_mode": _word({"pad": "pad", "crop": "crop"}),
    "storage_uri": a_text,
}
PARAMETERS: Mapping[str, str] = {
    **{key: member for member, key in WRITTEN.items()},
    "numberOfVideos": "samples",
    "storageUri": "storage_uri",
}
"""A key below `parameters` -> our member."""
NAMES: Mapping[str, str] = {
    **{member: f"parameters.{key}" for member, key in WRITTEN.items()},
    "storage_uri": "parameters.storageUri",
    "labels": "labels",
    "prompt": f"{_INSTANCE}.prompt",
    "image": f"{_INSTANCE}.image",
    "last_frame": f"{_INSTANCE}.lastFrame",
    "reference_images": f"{_INSTANCE}.referenceImages",
    "video": f"{_INSTANCE}.video",
    "mask": f"{_INSTANCE}.mask",
    "mask_mode": f"{_INSTANCE}.mask.maskMode",
}
"""Our member -> where a caller of this protocol says it, for errors."""


def read_veo(body: Any) -> VideoSpec:
    """Read the request. Raises BadRequest, in Google's words, for what is unknown or makes no sense."""
    top = an_object(body, "", ("instances", "parameters", "labels"))
    instances = a_list(top.get("instances"), "instances")
    if len(instances) != 1:
        raise refuse("instances", f"exactly one is expected, not {len(instances)}. Send one request for each.")
    members = {**_instance(instances[0]), **_parameters(top.get("parameters", {}))}
    labels = some_labels(top["labels"], "labels") if "labels" in top else None
    return VideoSpec(labels=labels, named=dict(NAMES), **members)


def _parameters(value: Any) -> dict[str, Any]:
    said = an_object(value, "parameters", PARAMETERS)
    members: dict[str, Any] = {}
    for key, given in said.items():
        member, field = PARAMETERS[key], f"parameters.{key}"
        read = _READ[member](given, field)
        if members.setdefault(member, read) != read:
            raise refuse(field, f"{NAMES[member]} says something else. Send one of them.")
    return members


def _instance(value: Any) -> dict[str, Any]:
    said = an_object(value, _INSTANCE, ("prompt", "image", "lastFrame", "referenceImages", "video", "mask"))
    members: dict[str, Any] = {"prompt": a_text(said.get("prompt", ""), NAMES["prompt"])}
    for key, member in (("image", "image"), ("lastFrame", "last_frame"), ("video", "video")):
        if key in said:
            members[member] = _medium(said[key], f"{_INSTANCE}.{key}")
    if "referenceImages" in said:
        entries = a_list(said["referenceImages"], NAMES["reference_images"])
        members["references"] = tuple(_reference(entry, index) for index, entry in enumerate(entries))
    if "mask" in said:
        members.update(_mask(said["mask"]))
    return members


def _reference(value: Any, index: int) -> Reference:
    field = f"{NAMES['reference_images']}[{index}]"
    entry = an_object(value, field, ("image", "referenceType"))
    style = one_of(entry.get("referenceType", "asset"), f"{field}.referenceType", {"asset": False, "style": True})
    return Reference(media=_medium(entry.get("image"), f"{field}.image"), style=style)


def _mask(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise refuse(NAMES["mask"], "an object is expected.")
    picture = {name: member for name, member in value.items() if name != "maskMode"}
    mode = one_of(value.get("maskMode", "insert"), NAMES["mask_mode"], _MASK_MODES)
    return {"mask": _medium(picture, NAMES["mask"]), "mask_mode": mode}


_FORMS = ("bytesBase64Encoded", "encodedVideo", "inlineData", "gcsUri", "uri")


def _medium(value: Any, field: str) -> VideoMedia:
    entry = an_object(value, field, (*_FORMS, "mimeType", "encoding"))
    match [name for name in _FORMS if name in entry]:
        case ["bytesBase64Encoded" | "encodedVideo" as form]:
            type_name = "encoding" if form == "encodedVideo" else "mimeType"
            return inline_media(entry[form], entry.get(type_name), field, type_name)
        case ["inlineData"]:
            inline = an_object(entry["inlineData"], f"{field}.inlineData", ("mimeType", "data"))
            return inline_media(inline.get("data"), inline.get("mimeType"), f"{field}.inlineData", "mimeType")
        case ["gcsUri" | "uri" as form]:
            return media_at(entry[form], entry.get("mimeType"), f"{field}.{form}")
        case _:
            raise BadRequest(
                f"Invalid value at '{field}': exactly one of {', '.join(_FORMS)} is expected.", param=field
            )
