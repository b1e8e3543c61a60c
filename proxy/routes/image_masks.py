"""The mask of an edit by Imagen, on its way from OpenAI's form to Google's."""

from collections.abc import Mapping

from proxy.media.mask import WAY_OUT, imagen_mask
from translators.content import Media, Medium
from translators.errors import BadRequest
from translators.image_dimensions import dimensions
from translators.imagen_edit import Picture, edit_inputs, imagen_image, with_mask
from translators.wire.openai import ChatCompletionRequest


async def with_imagen_mask(chat: ChatCompletionRequest, fetched: Mapping[str, Medium]) -> ChatCompletionRequest:
    """The chat with its mask, if there is one, as Imagen reads it. Raises BadRequest naming the part that is wrong."""
    inputs = edit_inputs(chat)
    if inputs.mask is None:
        return chat
    mask = _bytes_of(inputs.mask, fetched)
    # An image in a bucket is Google's to measure.
    size = dimensions(imagen_image(inputs.image, fetched).get("bytesBase64Encoded", ""))
    converted = await imagen_mask(mask, size, inputs.mask.place)
    return with_mask(chat, inputs, Media(mime_type="image/png", data=converted))


def _bytes_of(mask: Picture, fetched: Mapping[str, Medium]) -> str:
    """The mask's base64. Raises BadRequest with the way out."""
    try:
        image = imagen_image(mask, fetched)
    except BadRequest as refusal:
        raise BadRequest(f"{refusal.message} {WAY_OUT}.", param=refusal.param) from None
    if "bytesBase64Encoded" not in image:
        raise BadRequest(
            "A mask is read here, before it goes to Google: send it as a file, a data URI or an http(s) URL.",
            param=mask.place,
        )
    return image["bytesBase64Encoded"]
