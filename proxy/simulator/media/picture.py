"""Draws one picture and encodes it."""

import io
from functools import lru_cache

from proxy.simulator.media.canvas import Words, ground, write_words
from proxy.simulator.media.recipe import PictureRecipe

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}


@lru_cache(maxsize=64)
def make_picture(recipe: PictureRecipe) -> bytes:
    """Encode the picture as its `mime_type` says (image/png or image/jpeg).

    Raises MediaExtraMissing without Pillow.
    """
    picture = ground(recipe.width, recipe.height, recipe.prompt)
    size = f"{recipe.width} x {recipe.height}"
    write_words(picture, Words(prompt=recipe.prompt, model=recipe.model, details=(size, *recipe.details)))
    encoded = io.BytesIO()
    picture.save(encoded, _FORMATS[recipe.mime_type], compress_level=1)
    return encoded.getvalue()
