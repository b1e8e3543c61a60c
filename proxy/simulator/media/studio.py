"""Where drawing happens: off the event loop, once for equal recipes."""

import asyncio
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeAlias

from proxy.simulator.media.recipe import PictureRecipe, VideoRecipe

Media: TypeAlias = bytes | PictureRecipe | VideoRecipe
"""Bytes as they came, or what to make when someone asks for them."""


class Studio:
    """Turns recipes into bytes in two worker threads; FFmpeg and Pillow release the interpreter lock as they work."""

    def __init__(self) -> None:
        self._threads: Executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="simulated-media")

    async def make(self, media: Media) -> bytes:
        """The media's bytes; equal recipes are encoded once in the life of the process.

        Raises MediaExtraMissing without PyAV and Pillow.
        """
        if isinstance(media, bytes):
            return media
        return await asyncio.get_running_loop().run_in_executor(self._threads, _draw, media)

    def start_ahead(self, recipe: VideoRecipe) -> None:
        """Begin encoding now, so that the clip is there when its job ends."""
        self._threads.submit(_draw, recipe)

    def close(self) -> None:
        """Drop what has not begun; what has begun ends on its own."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _draw(recipe: PictureRecipe | VideoRecipe) -> bytes:
    from proxy.simulator.media.clip import make_clip
    from proxy.simulator.media.picture import make_picture

    match recipe:
        case PictureRecipe():
            return make_picture(recipe)
        case VideoRecipe():
            return make_clip(recipe)
