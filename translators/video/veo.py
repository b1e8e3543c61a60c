"""VideoSpec -> predictLongRunning, for the Gemini API and for Vertex AI.

The two take the same envelope and differ in a few words. Shapes: dumps of google-genai 2.19 (Gemini API) and 3.4.0
(Vertex), held equal by tests/translators/video/test_oracle.py.
"""

from typing import Any

from translators.content import HoldsMedia
from translators.video.spec import VideoMedia, VideoSpec
from translators.wire.call import GoogleCall, Surface

PARAMETERS = {
    "samples": "sampleCount",
    "fps": "fps",
    "duration": "durationSeconds",
    "seed": "seed",
    "aspect_ratio": "aspectRatio",
    "resolution": "resolution",
    "person_generation": "personGeneration",
    "negative_prompt": "negativePrompt",
    "enhance_prompt": "enhancePrompt",
    "generate_audio": "generateAudio",
    "compression_quality": "compressionQuality",
    "resize_mode": "resizeMode",
}
"""Our member -> the key below `parameters`."""

_CAPITALS = frozenset({"compressionQuality", "resizeMode"})
"""Keys whose words google-genai 3.4.0 sends in capitals, where the Vertex docs (2026-11) write small letters."""

_MASK_MODES = {None: "INSERT", "insert": "INSERT", "remove": "REMOVE"}


def to_veo(spec: VideoSpec, model: str, surface: Surface, *, storage_uri: str | None = None) -> GoogleCall:
    """Translate a request to `models/{model}:predictLongRunning`.

    `storage_uri` is a gs:// prefix of this job's own (Vertex only). Nothing the caller did not say is sent.
    """
    parameters = {
        key: value.upper() if key in _CAPITALS else value
        for member, key in PARAMETERS.items()
        if (value := getattr(spec, member)) is not None
    }
    if storage_uri is not None:
        parameters["storageUri"] = storage_uri
    body: dict[str, Any] = {"instances": [_instance(spec, surface)]}
    if parameters:
        body["parameters"] = parameters
    if spec.labels:
        body["labels"] = dict(spec.labels)
    return GoogleCall(resource=f"models/{model}:predictLongRunning", body=body)


def _instance(spec: VideoSpec, surface: Surface) -> dict[str, Any]:
    members: dict[str, Any] = {
        "prompt": spec.prompt or None,
        "image": _image(spec.image),
        "lastFrame": _image(spec.last_frame),
        "referenceImages": [
            {"image": _image(reference.media), "referenceType": "STYLE" if reference.style else "ASSET"}
            for reference in spec.references
        ]
        or None,
        "video": _video(spec.video, surface),
        "mask": {**(_image(spec.mask) or {}), "maskMode": _MASK_MODES[spec.mask_mode]} if spec.mask else None,
    }
    return {key: value for key, value in members.items() if value is not None}


def _image(medium: VideoMedia | None) -> dict[str, Any] | None:
    if medium is None:
        return None
    if medium.data is not None:
        return HoldsMedia(bytesBase64Encoded=medium.data, mimeType=medium.mime_type)
    return {key: value for key, value in (("gcsUri", medium.uri), ("mimeType", medium.mime_type)) if value is not None}


def _video(medium: VideoMedia | None, surface: Surface) -> dict[str, Any] | None:
    """The Gemini API says `uri` and `encodedVideo` where Vertex says `gcsUri` and `bytesBase64Encoded`."""
    if medium is None or surface is Surface.VERTEX:
        return _image(medium)
    if medium.data is not None:
        return HoldsMedia(encodedVideo=medium.data, encoding=medium.mime_type)
    return {"uri": medium.uri}
