"""An edit by Imagen: the pictures of a chat's last user message -> `referenceImages` and `editMode` of a predict call.

A part with `role: mask` is the mask, as Imagen reads it: white is what shall be edited (google-genai 3.4.0,
`types.MaskReferenceImage`: non-zero values indicate where). Body as google-genai 3.4.0's `edit_image` sends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from translators.chat.media import link_url, media_part
from translators.chat.prompt import last_prompt
from translators.content import HoldsMedia, Media, Medium
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest, ImagePart, UserMessage

MASK = "mask"
"""The role of the part that is the mask; the same word marks one in a chat that asks for a video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture of a message; `place` is its path in the chat completion, `number` its place among the parts."""

    number: int
    place: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditInputs:
    """What an edit looks at, in the message at `index`."""

    index: int
    image: Picture
    mask: Picture | None = None

    @property
    def mode(self) -> str:
        """Google's `editMode`."""
        return "EDIT_MODE_DEFAULT" if self.mask is None else "EDIT_MODE_INPAINT_INSERTION"


def edit_inputs(request: ChatCompletionRequest) -> EditInputs:
    """The image and the mask. Raises BadRequest naming the part for anything but one image and at most one mask."""
    prompt = last_prompt(request)
    content = f"messages[{prompt.index}].content"
    images: list[Picture] = []
    masks: list[Picture] = []
    for number, part in prompt.parts:
        place = f"{content}[{number}]"
        if not isinstance(part, ImagePart):
            raise BadRequest("An edit by Imagen takes a text, one image and at most one mask.", param=place)
        same = masks if is_mask(part) else images
        if same:
            what = "mask" if is_mask(part) else "image"
            raise BadRequest(f"An edit by Imagen takes one {what}; this would be a second one.", param=place)
        same.append(Picture(number=number, place=f"{place}.image_url", url=link_url(part.image_url)))
    if not images:
        raise BadRequest(
            "This model changes an image and makes none from words alone: send the image beside the prompt, or use "
            "another model.",
            param=content,
        )
    return EditInputs(index=prompt.index, image=images[0], mask=masks[0] if masks else None)


def is_mask(part: ImagePart) -> bool:
    """Whether the part says of itself that it is one."""
    return (part.model_extra or {}).get("role") == MASK


def reference_images(inputs: EditInputs, fetched: Mapping[str, Medium]) -> list[dict[str, Any]]:
    """Google's `referenceImages`. Raises BadRequest naming the part for what Imagen cannot read."""
    raw = {
        "referenceImage": imagen_image(inputs.image, fetched),
        "referenceId": 1,
        "referenceType": "REFERENCE_TYPE_RAW",
    }
    if inputs.mask is None:
        return [raw]
    mask = {
        "referenceImage": imagen_image(inputs.mask, fetched),
        "referenceId": 2,
        "referenceType": "REFERENCE_TYPE_MASK",
        "maskImageConfig": {"maskMode": "MASK_MODE_USER_PROVIDED"},
    }
    return [raw, mask]


def imagen_image(picture: Picture, fetched: Mapping[str, Medium]) -> dict[str, str]:
    """Google's `Image`: its bytes in base64, or the address of an object. Raises BadRequest naming the part."""
    match media_part(picture.url, fetched=fetched, param=picture.place):
        case {"inlineData": {"mimeType": str(mime_type), "data": str(data)}} if mime_type.startswith("image/"):
            return HoldsMedia(bytesBase64Encoded=data, mimeType=mime_type)
        case {"fileData": {"fileUri": str(uri), "mimeType": str(mime_type)}} if uri.startswith(
            "gs://"
        ) and mime_type.startswith("image/"):
            return {"gcsUri": uri, "mimeType": mime_type}
        case _:
            raise BadRequest(
                "Imagen reads images: a data URI, an http(s) URL, or a gs:// address of one.", param=picture.place
            )


def with_mask(request: ChatCompletionRequest, inputs: EditInputs, mask: Media) -> ChatCompletionRequest:
    """The same request with another picture in the mask's place."""
    part = {"type": "image_url", "image_url": mask.data_uri, "role": MASK}
    return _replaced(request, inputs, ImagePart.model_validate(part))


def unmarked(request: ChatCompletionRequest, inputs: EditInputs) -> ChatCompletionRequest:
    """The same request without the word that marks the mask: it has its effect, so nothing is to be told about it."""
    return _replaced(request, inputs, None)


def _replaced(request: ChatCompletionRequest, inputs: EditInputs, mask: ImagePart | None) -> ChatCompletionRequest:
    """With `mask` in the mask's place; None is the same part without its role."""
    message = request.messages[inputs.index]
    if inputs.mask is None or not isinstance(message, UserMessage) or isinstance(message.content, str):
        return request
    parts = [*message.content]
    old = parts[inputs.mask.number]
    parts[inputs.mask.number] = mask or ImagePart.model_validate(old.model_dump(exclude={"role"}))
    messages = [*request.messages]
    messages[inputs.index] = message.model_copy(update={"content": parts})
    return request.model_copy(update={"messages": messages})
