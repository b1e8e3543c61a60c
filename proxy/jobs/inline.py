"""The body of a poll with its media cut out: base64 goes to the media store while it streams in, the rest is JSON."""

import base64
import binascii
from collections.abc import AsyncIterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from pydantic import JsonValue

from proxy.media.json_base64 import PLACEHOLDER_PREFIX, BadMedia, cut_base64
from proxy.media.store import MediaStore
from proxy.media.writer import MediaWriter
from translators.video.outcome import RemoteVideo


@dataclass(frozen=True, slots=True)
class InlineBody:
    """A small JSON body, and the names of the media that stood in it, in their order."""

    text: bytes
    names: tuple[str, ...]

    async def settle(self, videos: Sequence[RemoteVideo], media: MediaStore) -> tuple[str | None, ...]:
        """The stored name of each inline video, None for one that is elsewhere; media that are no video are removed.

        An interaction repeats the pictures it was asked with, so not every medium of a body is a result.
        """
        names = tuple([await self._stored(video, media) for video in videos])
        for name in set(self.names) - set(names):
            await media.delete(name)
        return names

    async def _stored(self, video: RemoteVideo, media: MediaStore) -> str | None:
        if video.data is None:
            return None
        number = video.data.removeprefix(PLACEHOLDER_PREFIX)
        if number != video.data:
            return self.names[int(number)]
        return await _keep(video.data, media)


async def _keep(text: str, media: MediaStore) -> str:
    """Store a medium that was too short to be cut out. Raises BadMedia."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadMedia(str(error)) from None
    async with media.writing(suffix=".mp4", paid=True) as writer:
        await writer.write(data)
    return writer.name


async def read_body(
    chunks: AsyncIterable[bytes], media: MediaStore, *, metadata: Mapping[str, JsonValue]
) -> InlineBody:
    """Read a whole body with flat memory. Raises MediaJsonError, and then nothing is left in the store."""
    writers: list[MediaWriter] = []
    async with AsyncExitStack() as stack:

        async def sink(cut: int, data: bytes) -> None:
            if cut == len(writers):
                writing = media.writing(suffix=".mp4", metadata=metadata, paid=True)
                writers.append(await stack.enter_async_context(writing))
            await writers[cut].write(data)

        text = await cut_base64(chunks, sink)
    return InlineBody(text, tuple(writer.name for writer in writers))
