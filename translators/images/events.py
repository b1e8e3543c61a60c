"""Images as the Images API streams them: an `image_generation.completed` (or `image_edit.completed`) for each.

Google sends no unfinished images, so there is no `partial_image`; OpenAI's own description allows for fewer than were
asked for when the image is ready sooner (openai-python 3.52, `partial_images`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from translators.content import HoldsMedia
from translators.images.answer import Picture


def completed_event(
    picture: Picture,
    *,
    edit: bool,
    created: int,
    usage: Mapping[str, Any] | None,
    link: str | None = None,
    warnings: Sequence[str] = (),
) -> dict[str, Any]:
    """The event of one image, named by its `type`. `created` is unix seconds."""
    return HoldsMedia(
        {
            "type": f"{'image_edit' if edit else 'image_generation'}.completed",
            **({"b64_json": picture.media.data} if link is None else {"url": link}),
            "created_at": created,
            # openai-python's events need both words; there is nothing to choose, which is their "auto".
            "quality": "auto",
            "background": "opaque",
            "output_format": picture.output_format,
            "size": picture.size or "auto",
            **({"revised_prompt": picture.revised_prompt} if picture.revised_prompt else {}),
            **({"usage": usage} if usage else {}),
            **({"warnings": list(warnings)} if warnings else {}),
        }
    )
