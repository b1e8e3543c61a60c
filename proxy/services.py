"""What one running proxy consists of, built once by `app.py` and handed to every route."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from proxy.auth import Keyring
from proxy.clock import Clock
from proxy.config import Config
from proxy.content_calls import ContentCalls
from proxy.credentials.pool import CredentialPool
from proxy.fetch import MediaFetcher
from proxy.google_files.register import FileRegister
from proxy.google_files.sessions import UploadSessions
from proxy.image_cache import ImageCache
from proxy.jobs.desk import Desk
from proxy.jobs.history import History
from proxy.media.store import MediaStore
from proxy.upstream import Upstream
from translators.catalog import Catalog, Model
from translators.chat.parse import parse_chat_completion
from translators.chat.thinking import split_thinking_suffix
from translators.resolve import Offer, Resolution, resolve, visible_models
from translators.video.read_config import unanswered
from translators.wire.openai import ChatCompletionRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The rooms of a running proxy."""

    config: Config
    keyring: Keyring
    catalog: Catalog
    pool: CredentialPool
    offers: Sequence[Offer]
    upstream: Upstream
    calls: ContentCalls
    desk: Desk
    history: History
    media: MediaStore
    image_cache: ImageCache
    fetcher: MediaFetcher
    files: FileRegister
    upload_sessions: UploadSessions
    clock: Clock
    started: datetime
    new_id: Callable[[str], str] = field(default=lambda prefix: f"{prefix}{secrets.token_hex(12)}")
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        """The program is about to stop: no longer ready, and nobody is kept waiting."""
        self.stopping.set()
        self.desk.stop()

    @property
    def aliases(self) -> Mapping[str, str]:
        """Public names of the configuration -> the model each stands for."""
        return {entry.alias: entry.target for entry in self.config.models}

    def resolve(self, model: str) -> Resolution:
        """Where a request for this model goes. Raises BadRequest or NotFound."""
        return resolve(
            self.catalog,
            model,
            self.offers,
            aliases=self.aliases,
            retired=self.config.retired_models,
        )

    def visible_models(self) -> Mapping[str, Model]:
        """Every model that the configured credentials can use, by its public name."""
        return visible_models(self.catalog, self.offers, self.aliases, retired=self.config.retired_models)

    def with_defaults(self, chat: ChatCompletionRequest) -> ChatCompletionRequest:
        """The request with what its alias says for fields that the caller left out."""
        name = split_thinking_suffix(chat.model)[0].removeprefix("models/")
        defaults = next((entry.defaults for entry in self.config.models if entry.alias == name), None)
        if not defaults:
            return chat
        said = chat.model_dump(exclude_unset=True, by_alias=True)
        video = defaults.get("video_config")
        if isinstance(video, Mapping) and chat.video_config is not None:
            defaults = {**defaults, "video_config": unanswered(video, chat.video_config)}
        return parse_chat_completion(orjson.dumps(merged(defaults, said)))


def merged(defaults: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """`said` over `defaults`, object by object."""
    return {
        **defaults,
        **{
            name: merged(defaults[name], value)
            if isinstance(value, Mapping) and isinstance(defaults.get(name), Mapping)
            else value
            for name, value in said.items()
        },
    }
