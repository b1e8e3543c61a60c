"""Images that are answered by address: stored with what is known of them, and served by /media/<name>."""

import base64
from collections.abc import Mapping

from pydantic import JsonValue

from proxy.media.mime import suffix_for
from proxy.media.store import MediaStore
from translators.content import Media
from translators.errors import UpstreamFailed


async def store_image(store: MediaStore, image: Media, metadata: Mapping[str, JsonValue]) -> str:
    """The name of the stored image. It is paid for, so a full store takes it too.

    Raises UpstreamFailed for a type of file that is not kept.
    """
    suffix = suffix_for(image.mime_type)
    if suffix is None:
        raise UpstreamFailed(
            f"Google made an image of type {image.mime_type}, which is not kept here. Ask for it as b64_json.",
            code="unknown_image_type",
        )
    async with store.writing(suffix=suffix, metadata=metadata, paid=True) as writer:
        await writer.write(base64.b64decode(image.data))
    return writer.name
