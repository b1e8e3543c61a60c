"""An Images API request -> the chat completions that make its images."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from translators.as_chat import AsChat, Trail
from translators.catalog import Family, Kind, Model
from translators.conversation import conversation_of
from translators.errors import BadRequest
from translators.imagen import MOST_IMAGES
from translators.imagen_edit import MASK, is_mask
from translators.images.fields import review
from translators.images.mask import check_mask, edits_by_mask
from translators.images.size import Shape, read_size
from translators.read_body import Branches, bad_request
from translators.wire.call import Surface
from translators.wire.images import ImageReference, ImageRequest
from translators.wire.openai import ChatCompletionRequest, ImageConfig, ImagePart, TextPart, UserMessage

_BRANCHES = Branches(tags=frozenset(), models=frozenset({"str", "ImageReference", "MediaUrl"}))
_OTHER_ROUTES = {
    Kind.TEXT: "POST /v1/chat/completions",
    Kind.VIDEO: "POST /v1/videos or POST /v1/chat/completions",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOrder:
    """What was ordered: the chat completion of one call, how many images, and what to compare them with.

    `output_format` is the caller's word ("jpeg"); `by_link` asks for addresses instead of base64.
    """

    asked: AsChat
    count: int
    shape: Shape
    output_format: str | None
    by_link: bool
    stream: bool
    has_inputs: bool


def parse_image_request(members: Any) -> ImageRequest:
    """Read a body, JSON or form, that is an object by now. Raises BadRequest naming the place."""
    try:
        return ImageRequest.model_validate(members)
    except ValidationError as error:
        raise bad_request(error.errors(include_url=False), _BRANCHES) from None


def check_makes_images(model: Model, asked: str) -> None:
    """Raise BadRequest, with the right route, for a model that makes something else."""
    if model.kind is not Kind.IMAGE:
        raise BadRequest(
            f"{asked} makes {model.kind.value}, not images. Ask for it with {_OTHER_ROUTES[model.kind]}.",
            param="model",
            code="model_not_supported",
        )


def read_order(
    request: ImageRequest, model: Model, surfaces: Sequence[Surface], *, edit: bool, masking: Sequence[str] = ()
) -> ImageOrder:
    """Translate a request for one model on the surfaces that could serve it; `masking` are the models that take masks.

    Raises BadRequest naming the field.
    """
    warnings = review(request)
    check_mask(request, model, masking)
    inputs = _inputs(request, model, edit=edit)
    shape = read_size(request.size, model.image)
    config, beaten = _image_config(request, shape)
    form, untold = _output_options(request, model, surfaces)
    members = {**form, **config}
    chat = ChatCompletionRequest(
        model=request.model,
        messages=[UserMessage(role="user", content=[*inputs, TextPart(type="text", text=request.prompt)])],
        modalities=["image"],
        **({"image_config": ImageConfig.model_validate(members)} if members else {}),
        **({"seed": request.seed} if request.seed is not None else {}),
        **({"safety_settings": request.safety_settings} if request.safety_settings else {}),
        **conversation_of(request),
    )
    return ImageOrder(
        asked=AsChat(chat=chat, trail=_trail(request, inputs), warnings=(*warnings, *shape.warnings, *beaten, *untold)),
        count=request.n or 1,
        shape=Shape() if beaten else shape,
        output_format=request.output_format,
        by_link=request.response_format == "url",
        stream=bool(request.stream),
        has_inputs=bool(inputs),
    )


def calls_of(chat: ChatCompletionRequest, count: int, family: Family) -> tuple[list[ChatCompletionRequest], list[str]]:
    """One chat completion for each call that `count` images take, and what must be told about it.

    The same seed would make the same image again: each further call has the next one.
    """
    most = MOST_IMAGES if family is Family.IMAGEN else 1
    sizes = [min(most, count - begun) for begun in range(0, count, most)]
    calls = [
        chat.model_copy(
            update={
                **({"n": size} if size > 1 else {}),
                **({"seed": chat.seed + index} if chat.seed is not None and index else {}),
            }
        )
        for index, size in enumerate(sizes)
    ]
    if chat.seed is None or len(calls) == 1:
        return calls, []
    return calls, [f"seed: it took {len(calls)} calls, with the seeds {chat.seed} to {calls[-1].seed}, one for each."]


def _inputs(request: ImageRequest, model: Model, *, edit: bool) -> list[ImagePart]:
    given = request.image if isinstance(request.image, list) else [] if request.image is None else [request.image]
    changes = edits_by_mask(model)
    if (edit or changes) and not given:
        raise BadRequest(
            f"{model.id} changes an image and makes none from words alone; send one as `image`, or use another model."
            if changes
            else "An edit needs an image. To make one from words alone, POST /v1/images/generations.",
            param="image",
            code="missing_required_parameter",
        )
    most = model.image.max_inputs if model.image else len(given)
    if given and model.family is Family.IMAGEN and not changes:
        raise BadRequest(
            f"{model.id} works from words alone; use a Gemini image model to work from images.", param="image"
        )
    if len(given) > most:
        raise BadRequest(
            f"{model.id} takes at most {most} image{'s'[: most != 1]}; {len(given)} were given.", param="image"
        )
    images = [
        ImagePart(type="image_url", image_url=_address(image, f"image[{index}]")) for index, image in enumerate(given)
    ]
    if not request.mask:
        return images
    mask = {"type": "image_url", "image_url": _address(request.mask, "mask"), "role": MASK}
    return [*images, ImagePart.model_validate(mask)]


def _address(image: str | ImageReference, place: str) -> str:
    if isinstance(image, str):
        return image
    if image.image_url is None:
        raise BadRequest(
            "An image is a file, a data URI, or an object with image_url; file ids of OpenAI's are unknown here.",
            param=place,
        )
    return image.image_url if isinstance(image.image_url, str) else image.image_url.url


def _image_config(request: ImageRequest, shape: Shape) -> tuple[dict[str, Any], list[str]]:
    """The members of image_config, nearer ones over those of `size`; and whether `size` was beaten."""
    said = request.image_config.model_dump(exclude_none=True) if request.image_config else {}
    direct = {
        name: getattr(request, name) for name in ("aspect_ratio", "image_size", "style", "negative_prompt", "cache")
    }
    nearer = {**{name: value for name, value in direct.items() if value is not None}, **said}
    by_size = {"aspect_ratio": shape.aspect_ratio, "image_size": shape.image_size}
    beaten = [name for name, value in by_size.items() if value is not None and nearer.get(name, value) != value]
    told = [f"size: {name} was said too and goes before it." for name in beaten]
    return {**{name: value for name, value in by_size.items() if value is not None}, **nearer}, told


def _output_options(
    request: ImageRequest, model: Model, surfaces: Sequence[Surface]
) -> tuple[dict[str, Any], list[str]]:
    """What Vertex AI can be told about the file; it writes PNG and JPEG (Vertex AI docs, imageOutputOptions)."""
    choosable = request.output_format in ("png", "jpeg") and all(surface is Surface.VERTEX for surface in surfaces)
    if not choosable:
        quality = request.output_compression
        return {}, [] if quality is None else ["output_compression had no effect: the file's form is Google's choice."]
    options: dict[str, Any] = {"mimeType": f"image/{request.output_format}"}
    if request.output_compression is not None:
        options["compressionQuality"] = request.output_compression
    name = "output_options" if model.family is Family.IMAGEN else "image_output_options"
    return {name: options}, []


def _trail(request: ImageRequest, inputs: Sequence[ImagePart]) -> Trail:
    listed = isinstance(request.image, list)
    ratio = "aspect_ratio" if request.aspect_ratio else "size" if request.size else "image_config.aspect_ratio"
    tier = "image_size" if request.image_size else "size" if request.size else "image_config.image_size"
    return Trail(
        {
            "messages": "image" if inputs else "prompt",
            "messages[0].content": "prompt",
            **{
                f"messages[0].content[{index}]": _own_name(part, index, listed=listed)
                for index, part in enumerate(inputs)
            },
            "image_config.aspect_ratio": ratio,
            "image_config.image_size": tier,
        }
    )


def _own_name(part: ImagePart, index: int, *, listed: bool) -> str:
    return "mask" if is_mask(part) else f"image[{index}]" if listed else "image"
