"""What tests of video requests share: the shipped catalogue, a target in it, and a chat completion that asks."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

import translators
from translators.catalog import Catalog
from translators.resolve import Offer, Target, resolve
from translators.wire.call import Surface
from translators.wire.openai import ChatCompletionRequest

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
PNG_URI = f"data:image/png;base64,{PNG}"
CATALOG_DATA: dict[str, Any] = yaml.safe_load(
    Path(translators.__file__).with_name("catalog.yaml").read_text(encoding="utf-8")
)


@cache
def shipped_catalog() -> Catalog:
    """The catalogue as it ships."""
    return Catalog.of(CATALOG_DATA)


def relay(surface: Surface) -> Offer:
    """A credential with a base URL of its own: it gets every id as it was sent."""
    return Offer(credential_id=f"{surface.value}-relay", surface=surface, own_base_url=True)


def google(surface: Surface) -> Offer:
    """A credential for Google's own host."""
    return Offer(credential_id=f"{surface.value}-key", surface=surface)


def target_of(model: str, surface: Surface, catalog: Catalog | None = None) -> Target:
    """The model itself on a surface, retired or not."""
    return resolve(catalog or shipped_catalog(), model, [relay(surface)]).targets[0]


def chat_of(content: Any = "A red fox", **members: Any) -> ChatCompletionRequest:
    """A chat completion whose only message has this content."""
    return ChatCompletionRequest.model_validate(
        {"model": "veo-3.1-generate-001", "messages": [{"role": "user", "content": content}], **members}
    )


def image_part(url: str = PNG_URI, **extra: Any) -> dict[str, Any]:
    """An image part with whatever stands beside it."""
    return {"type": "image_url", "image_url": {"url": url}, **extra}
