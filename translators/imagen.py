"""A chat completion with an Imagen model -> `:predict`, and its predictions -> a chat completion with images.

Imagen takes one prompt and no conversation; its edit model an image and a mask beside it (`imagen_edit.py`).
Body as google-genai 3.4.0 sends it; Vertex AI docs, "Imagen API", 2026-11.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from translators.chat.fields import IGNORED, WARNED, review_fields
from translators.chat.generation import response_modalities
from translators.chat.image_config import ImageLimits, check_image_choices, check_known
from translators.chat.prompt import Prompt, last_prompt
from translators.chat.request import TranslatedRequest
from translators.content import HoldsMedia, Medium, sniff_base64
from translators.errors import BadRequest, UpstreamFailed
from translators.imagen_edit import edit_inputs, reference_images, unmarked
from translators.wire.call import GoogleCall
from translators.wire.google import PredictAnswer, Prediction
from translators.wire.openai import ChatCompletionRequest, ImageConfig

PARAMETERS: Mapping[str, str] = {
    "negative_prompt": "negativePrompt",
    "person_generation": "personGeneration",
    "guidance_scale": "guidanceScale",
    "language": "language",
    "enhance_prompt": "enhancePrompt",
    "safety_setting": "safetySetting",
    "add_watermark": "addWatermark",
    "output_options": "outputOptions",
}
"""Members of image_config -> `parameters`, beside aspect_ratio and image_size."""

EDIT_PARAMETERS: Mapping[str, str] = {name: PARAMETERS[name] for name in PARAMETERS if name != "enhance_prompt"}
"""The same of an edit (google-genai 3.4.0, `EditImageConfig`)."""

MOST_IMAGES = 4
"""sampleCount's maximum (Vertex AI docs, "Imagen API")."""

_USED = frozenset({"model", "messages", "stream", "modalities", "n", "seed", "image_config"})
_FILTERED = "image_filtered"


def to_predict(
    request: ChatCompletionRequest,
    *,
    model: str,
    image_limits: ImageLimits | None = None,
    edits: bool = False,
    fetched: Mapping[str, Medium] | None = None,
) -> TranslatedRequest:
    """Translate the last user message into a predict call.

    `edits`: the model changes an image; a mask is Imagen's by now, and what is linked is in `fetched`.
    Raises BadRequest for a prompt without text or with media that the model does not take, a value outside the limits,
    and unknown members of image_config. Fields of the request that Imagen has nothing for are told.
    """
    response_modalities(request, is_image_model=True)
    prompt = last_prompt(request)
    inputs = edit_inputs(request) if edits else None
    _check_prompt(prompt, takes_media=edits)
    config = request.image_config or ImageConfig()
    aspect_ratio, image_size = check_image_choices(config, image_limits)
    extra = config.model_extra or {}
    given = {name: value for name, value in extra.items() if value is not None}
    names = PARAMETERS if inputs is None else EDIT_PARAMETERS
    check_known(given, known=tuple(names))
    if request.n is not None and request.n > MOST_IMAGES:
        raise BadRequest(f"Imagen makes at most {MOST_IMAGES} images at once.", param="n")
    if request.seed is not None and given.get("add_watermark"):
        raise BadRequest(
            "A seed works only without watermark; leave one of them out.", param="image_config.add_watermark"
        )
    parameters = {
        "sampleCount": request.n or 1,
        "aspectRatio": aspect_ratio,
        "sampleImageSize": image_size,
        "seed": request.seed,
        # Imagen refuses a seed as long as it marks its images.
        "addWatermark": False if request.seed is not None else None,
        # Without it a filtered image is missing without a word.
        "includeRaiReason": True,
        "editMode": inputs.mode if inputs else None,
        **{names[name]: value for name, value in given.items()},
    }
    pictures = {"referenceImages": reference_images(inputs, fetched or {})} if inputs else {}
    return TranslatedRequest(
        call=GoogleCall(
            resource=f"models/{model}:predict",
            body={
                "instances": [{"prompt": prompt.text, **pictures}],
                "parameters": {name: value for name, value in parameters.items() if value is not None},
            },
        ),
        warnings=(
            *review_fields(unmarked(request, inputs) if inputs else request),
            *_without_effect(request),
            *_history(request),
        ),
    )


def from_predictions(
    answer: PredictAnswer,
    *,
    id: str,  # noqa: A002 - the name of the member it becomes
    created: int,
    model: str,
    asked: int = 1,
    warnings: Sequence[str] = (),
) -> dict[str, Any]:
    """Build the chat completion: one choice with all images. `asked` is the number of images that were asked for.

    Filtered images are told: all of them filtered is `content_filter` with an `error`, some of them is a warning.
    Raises UpstreamFailed when there is neither an image nor a reason. Predict tells no usage, so there is none.
    """
    made = [prediction for prediction in answer.predictions if prediction.bytes_base64_encoded]
    reasons = [prediction.rai_filtered_reason for prediction in answer.predictions if prediction.rai_filtered_reason]
    if not made and not reasons:
        raise UpstreamFailed("Imagen answered with neither an image nor a reason.", code="empty_upstream_answer")
    missing = max(asked - len(made), 0)
    why = f"Google's safety filter withheld {_images(missing or len(reasons))}. {' '.join(reasons)}".strip()
    failed = not made
    told = [*warnings, *([why] if made and missing else [])]
    error = {"code": _FILTERED, "message": why}
    return {
        "id": id,
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": why if failed or missing else None,
                    "reasoning_content": None,
                    "tool_calls": None,
                    **(
                        {"images": [_image(prediction, index) for index, prediction in enumerate(made)]} if made else {}
                    ),
                },
                "finish_reason": "content_filter" if failed else "stop",
                "native_finish_reason": _FILTERED if failed else "stop",
                **({"error": error} if failed else {}),
            }
        ],
        **({"error": error} if failed else {}),
        **({"warnings": told} if told else {}),
    }


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count} images"


def _image(prediction: Prediction, index: int) -> dict[str, Any]:
    data = prediction.bytes_base64_encoded
    mime_type = prediction.mime_type or sniff_base64(data) or "application/octet-stream"
    return {
        "type": "image_url",
        "image_url": HoldsMedia(url=f"data:{mime_type};base64,{data}"),
        "index": index,
        **({"revised_prompt": prediction.prompt} if prediction.prompt else {}),
    }


def _check_prompt(prompt: Prompt, *, takes_media: bool) -> None:
    if prompt.others and not takes_media:
        raise BadRequest(
            "Imagen takes a text prompt only; use a Gemini image model to work from images.",
            param=f"messages[{prompt.index}].content",
        )
    if not prompt.text.strip():
        raise BadRequest("The prompt is empty.", param=f"messages[{prompt.index}].content")


def _without_effect(request: ChatCompletionRequest) -> list[str]:
    return [
        f"{field} had no effect: Imagen has no such setting."
        for field in sorted(request.model_fields_set & type(request).model_fields.keys())
        if field not in {*_USED, *IGNORED, *WARNED} and getattr(request, field) not in (None, [], {}, False)
    ]


def _history(request: ChatCompletionRequest) -> list[str]:
    if len(request.messages) == 1:
        return []
    return ["messages: only the last of the user's was used, for Imagen takes one prompt and no conversation."]
