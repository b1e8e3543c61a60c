"""What one running proxy consists of, built once by `app.py` and handed to every route."""

import asyncio
import os
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
from proxy.interaction_repeats import InteractionRepeats
from proxy.interactions import OwnedInteractions
from proxy.jobs.desk import Desk
from proxy.jobs.history import History
from proxy.media.store import MediaStore
from proxy.metrics.tally import Tallies
from proxy.scrape import Scrape
from proxy.upstream import Upstream
from translators.catalog import Catalog, Model
from translators.chat.parse import parse_chat_completion
from translators.chat.thinking import split_thinking_suffix
from translators.errors import BadRequest
from translators.resolve import (
    Offer,
    Resolution,
    interaction_offers,
    no_interactions,
    resolve,
    resolve_agent,
    visible_models,
)
from translators.video.chat_fields import said_of_the_video
from translators.video.read_config import unanswered
from translators.wire.openai import ChatCompletionRequest

_MOST_RESOLVED = 1024
"""Names of models whose way is remembered: callers choose names, so there is an end to it."""


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
    interactions: OwnedInteractions
    interaction_repeats: InteractionRepeats
    fetcher: MediaFetcher
    files: FileRegister
    upload_sessions: UploadSessions
    tallies: Tallies
    scrape: Scrape
    scrapers: Keyring | None
    """Who may read the metrics, where they have a key of their own."""
    clock: Clock
    started: datetime
    new_id: Callable[[str], str] = field(default=lambda prefix: f"{prefix}{os.urandom(12).hex()}")
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _resolved: dict[str, Resolution] = field(default_factory=dict, repr=False)

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
        known = self._resolved.get(model)
        if known is None:
            if len(self._resolved) >= _MOST_RESOLVED:
                self._resolved.clear()
            known = self._resolved[model] = resolve(
                self.catalog,
                model,
                self.offers,
                aliases=self.aliases,
                retired=self.config.retired_models,
            )
        return known

    def resolve_interaction(self, name: str, *, agent: bool) -> Resolution:
        """Where an interaction that makes no video goes. Raises BadRequest or NotFound."""
        if agent:
            return resolve_agent(name, self.offers)
        able = interaction_offers(self.offers)
        retired = self.config.retired_models
        try:
            return resolve(self.catalog, name, able, aliases=self.aliases, retired=retired)
        except BadRequest:
            if len(able) == len(self.offers):
                raise
        self.resolve(name)  # raises its own reason for a model that nobody serves at all
        raise no_interactions(name)

    def visible_models(self) -> Mapping[str, Model]:
        """Every model that the configured credentials can use, by its public name."""
        return visible_models(self.catalog, self.offers, self.aliases, retired=self.config.retired_models)

    def defaults_of(self, model: str | None) -> Mapping[str, Any]:
        """What an alias says for fields that its callers leave out; nothing for other models."""
        name = (model or "").removeprefix("models/")
        return next((entry.defaults for entry in self.config.models if entry.alias == name), {})

    def with_defaults(self, chat: ChatCompletionRequest) -> ChatCompletionRequest:
        """The request with what its alias says for fields that the caller left out."""
        if not self.config.models:
            return chat
        defaults = self.defaults_of(split_thinking_suffix(chat.model)[0])
        if not defaults:
            return chat
        said = chat.model_dump(exclude_unset=True, by_alias=True)
        video = defaults.get("video_config")
        if isinstance(video, Mapping) and (answered := said_of_the_video(chat)):
            defaults = {**defaults, "video_config": unanswered(video, answered)}
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
