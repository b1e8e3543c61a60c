"""What becomes of every field of an Images API request."""

from collections.abc import Mapping

from translators.errors import BadRequest
from translators.field_fates import Fates
from translators.wire.images import ImageRequest

FATES = Fates(
    mapped={
        "model": "an image model; any other is a 400 that names its route",
        "prompt": "the user's message",
        "image": "inlineData before the prompt: files of a form (`image`, `image[]`), data URIs, http(s) and gs:// "
        "addresses; also `images` and `input_references`. Required on edits; Imagen's edit model takes one, as the raw "
        "reference image, and the rest of Imagen none",
        "mask": "the mask reference image of Imagen's edit model (imagen-3.0-capability-001, Vertex AI): a PNG of the "
        "image's size, white there where it is fully transparent here, and EDIT_MODE_INPAINT_INSERTION. With any other "
        "model a 400 that names those that take one",
        "n": "as many calls, for Gemini makes one image a call; sampleCount for Imagen, up to 4 a call",
        "size": "aspectRatio and imageSize, the nearest that the model has; what differs is told. Also `16:9` and `2K`",
        "aspect_ratio": "generationConfig.imageConfig.aspectRatio; goes before size",
        "image_size": "generationConfig.imageConfig.imageSize; goes before size (also `resolution`)",
        "image_config": "as in a chat completion; goes before the three above",
        "style": "written into the prompt, which comes back as `revised_prompt`",
        "negative_prompt": "written into the prompt, which comes back as `revised_prompt`; Imagen's negativePrompt",
        "cache": "true keeps the images and answers the same request with them; a seed does so by itself, unless false",
        "seed": "generationConfig.seed; each further call of the same request has the next one",
        "safety_settings": "safetySettings, as given",
        "response_format": "`b64_json` unless `url` is said: then the file is stored and served for a while",
        "output_format": "`png`, `jpeg`, `webp`: asked of Vertex AI; the Gemini API chooses itself, which is told",
        "output_compression": "compressionQuality, where output_format can be asked for; told where it cannot",
        "stream": "one `completed` event for each image",
    },
    ignored={
        "user": "says who asks, not what",
        "safety_identifier": "says who asks, not what",
    },
    warned={
        "quality": "Google's models have no such setting; image_size, or another model, is the way to more detail",
        "moderation": "OpenAI's moderation does not exist here; Gemini's filters are set with safety_settings",
        "complexity": "Google's models have no such setting",
        "input_fidelity": "Gemini looks at its inputs in one way only",
        "partial_images": "Google sends no unfinished images; the finished one comes at once",
    },
    rejected={
        "background": "Google's models make opaque images; leave it out and cut the background afterwards",
        "markup": "Google's image models take none; draw the marks into the image itself",
        "frame_count": "Google's image models make single images; ask a video model by POST /v1/videos",
        "frame_duration_ms": "Google's image models make single images; ask a video model by POST /v1/videos",
        "svg": "Google's image models make pixels; ask a text model for SVG by POST /v1/chat/completions",
    },
    members={"type": "a part's own name", "detail": "a hint only"},
)

NOTHING_ASKED: Mapping[str, tuple[object, ...]] = {
    "quality": ("auto", "standard"),
    "moderation": ("auto",),
    "background": ("auto", "opaque"),
    "partial_images": ("0",),
}
"""Values by which a field asks for nothing but what happens anyway: front-ends send them with every request."""

_NO_PIXELS: Mapping[str, str] = {
    "gif": "Google's image models make single images; ask for png, jpeg or webp",
    "svg": "Google's image models make pixels; ask for png, jpeg or webp",
}


def review(request: ImageRequest) -> list[str]:
    """Tell which given fields have no effect. Raises BadRequest for the first that cannot be accepted at all."""
    why_not = _NO_PIXELS.get(request.output_format or "")
    if why_not is not None:
        raise BadRequest(f"{request.output_format!r} is not possible: {why_not}.", param="output_format")
    idle = {name: None for name, values in NOTHING_ASKED.items() if getattr(request, name) in values}
    images = request.image if isinstance(request.image, list) else [request.image]
    given = [*((f"image[{index}]", image) for index, image in enumerate(images)), ("mask", request.mask)]
    parts = [(place, image) for place, image in given if not isinstance(image, str | None)]
    return FATES.review(request.model_copy(update=idle), parts)
