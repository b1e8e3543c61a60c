"""The whole program as one ASGI application: every room opened, and closed in reverse; the only wiring there is."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Lifespan

from proxy import logs
from proxy.auth import Keyring
from proxy.callback_address import CallbackAddresses
from proxy.clock import Clock, SystemClock
from proxy.config import Config
from proxy.content_calls import ContentCalls, Patience
from proxy.credentials.affinity import SessionAffinity
from proxy.credentials.cooldown import CooldownPolicy
from proxy.credentials.pool import CredentialPool
from proxy.credentials.secret_parts import secret_parts
from proxy.credentials.tokens import Tokens
from proxy.envelope import Envelope
from proxy.fetch import MediaFetcher
from proxy.google_files.register import FileRegister
from proxy.google_files.sender import send
from proxy.google_files.sessions import UploadSessions
from proxy.google_files.uploads import Uploads, limits_of
from proxy.image_cache import ImageCache
from proxy.interaction_repeats import InteractionRepeats
from proxy.interactions import OwnedInteractions
from proxy.jobs.google import Google
from proxy.jobs.room import open_jobs_room
from proxy.media.store import MediaStore
from proxy.metrics.tally import Tallies
from proxy.name_locks import NameLocks
from proxy.routes.by_path import ByPath
from proxy.routes.failures import failed
from proxy.routes.openrouter_videos import told
from proxy.routes.table import routes
from proxy.scrape import scraping
from proxy.services import Services
from proxy.upstream import Upstream
from proxy.webhook_outbox import Outbox
from proxy.webhooks import Webhooks
from proxy.wiring import Entry, entries_of, known_models, lanes_of, offers_of, read_catalog
from translators.catalog import Catalog

log = logging.getLogger("mediashim")

CONTENT_TIMEOUT = 600.0
"""Seconds for one answer of text or images, whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the program takes from outside, so that tests can give it something else."""

    clock: Clock = field(default_factory=SystemClock)
    entries: Sequence[Entry] | None = None
    """Credentials instead of the configuration's (the simulator's)."""
    storage_base_url: str = "https://storage.googleapis.com"
    counts_folder: Path | None = None
    """Where the workers of one run leave what they have counted, for whoever is asked; None: there is no other."""


class Application(Starlette):
    """Starlette with the envelope in the place of its own middleware, which would answer what is raised by itself."""

    def __init__(
        self,
        routes: Sequence[BaseRoute],
        lifespan: Lifespan[Starlette],
        *,
        origins: Sequence[str],
        tallies: Tallies,
    ) -> None:
        super().__init__(routes=routes, lifespan=lifespan)
        self._origins = origins
        self._tallies = tallies

    def build_middleware_stack(self) -> ASGIApp:
        """The envelope around the routes, as Starlette asks for it at the first request."""
        return Envelope(
            ByPath(self.router, self.routes),
            new_id=lambda: f"req_{os.urandom(12).hex()}",
            origins=self._origins,
            failed=failed,
            tallies=self._tallies,
        )


def create_app(config: Config, surroundings: Surroundings | None = None) -> Starlette:
    """The application for one configuration. Raises ConfigError for credentials that cannot be used."""
    around = surroundings or Surroundings()
    catalog = read_catalog(config)
    entries = list(around.entries) if around.entries is not None else entries_of(config)
    tallies = Tallies(known_models(catalog, entries, config))
    for entry in entries:
        logs.hide(secret_parts(entry.credential))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            locks = await asyncio.to_thread(NameLocks, config.data_dir / "locks")
            stack.callback(locks.close)
            app.state.services = await _open(stack, config, around, entries, catalog, locks, tallies)
            app.state.webhooks = await _open_webhooks(stack, app.state.services, locks)
            for entry in entries:
                log.info("credential %s (%s)", entry.credential.id, entry.credential.kind.value)
            yield

    chosen = routes(described=config.docs, measured=config.metrics.enabled)
    return Application(chosen, lifespan, origins=config.cors.allow_origins, tallies=tallies)


async def _open(
    stack: AsyncExitStack,
    config: Config,
    around: Surroundings,
    entries: Sequence[Entry],
    catalog: Catalog,
    locks: NameLocks,
    tallies: Tallies,
) -> Services:
    """Open every room in order; the stack closes them in reverse."""
    clock = around.clock
    tokens = Tokens(now=clock.now, default_proxy_url=config.proxy_url.get_secret_value() or None, tallies=tallies)
    stack.push_async_callback(tokens.close)
    upstream = Upstream(
        tokens=tokens,
        clock=time.monotonic,
        default_proxy_url=config.proxy_url.get_secret_value() or None,
        storage_base_url=around.storage_base_url,
        allow_hosts=config.fetch.allow_hosts,
        tallies=tallies,
    )
    await upstream.open()
    stack.push_async_callback(upstream.close)
    pool = CredentialPool(
        [entry.credential for entry in entries],
        clock=time.monotonic,
        strategy=config.routing.strategy,
        policy=CooldownPolicy(
            enabled=not config.disable_cooling,
            transient_seconds=max(config.transient_error_cooldown_seconds, 0),
        ),
    )
    # Before the jobs, so that it ends after them and has counted their last steps.
    scrape = await stack.enter_async_context(
        scraping(
            tallies,
            pool=pool,
            upstream=upstream,
            clock=clock,
            monotonic=time.monotonic,
            folder=around.counts_folder,
        )
    )
    media = MediaStore(
        config.data_dir / "media",
        max_bytes=config.media.max_bytes,
        retention=timedelta(seconds=config.media.retention),
        now=clock.now,
        tallies=tallies,
    )
    fetcher = await stack.enter_async_context(MediaFetcher(config.fetch))
    google = Google(upstream=upstream, pool=pool, catalog=catalog)
    uploads = Uploads(
        upstream,
        clock,
        limits_of(config),
        upload=partial(send, default_proxy_url=config.proxy_url.get_secret_value() or None),
        tallies=tallies,
    )
    stack.push_async_callback(uploads.close)
    jobs = await stack.enter_async_context(
        open_jobs_room(config, google, uploads, media, lanes_of(entries), clock, locks, tallies)
    )
    patience = Patience(
        rounds=config.request_retry,
        credentials=config.max_retry_credentials,
        longest_wait=config.max_retry_interval,
    )
    return Services(
        config=config,
        keyring=Keyring.of(config),
        catalog=catalog,
        pool=pool,
        offers=offers_of(entries, config),
        upstream=upstream,
        calls=ContentCalls(
            upstream,
            pool,
            clock,
            patience=patience,
            timeout=CONTENT_TIMEOUT,
            uploads=uploads,
            affinity=_affinity(config),
        ),
        desk=jobs.desk,
        history=jobs.history,
        media=media,
        image_cache=ImageCache(
            media,
            config.data_dir / "images",
            max_entries=config.images.cache.max_entries,
            ttl=timedelta(seconds=config.images.cache.ttl),
            now=clock.now,
            tallies=tallies,
        ),
        interactions=OwnedInteractions(config.data_dir / "interactions", now=clock.now),
        interaction_repeats=InteractionRepeats(now=clock.now),
        fetcher=fetcher,
        files=FileRegister(config.data_dir / "files", now=clock.now),
        upload_sessions=UploadSessions(config.data_dir / "uploads", now=clock.now),
        tallies=tallies,
        scrape=scrape,
        scrapers=Keyring.of_metrics(config),
        clock=clock,
        started=clock.now(),
    )


def _affinity(config: Config) -> SessionAffinity | None:
    if not config.routing.session_affinity:
        return None
    return SessionAffinity(seconds=config.routing.session_affinity_ttl, clock=time.monotonic)


async def _open_webhooks(stack: AsyncExitStack, services: Services, locks: NameLocks) -> Webhooks:
    """The sender of callbacks, at work on what is still owed."""
    config = services.config
    own = {caller.id: caller.webhook_secret for _, caller in services.keyring.callers}

    def secret_of(caller_id: str) -> str:
        secret = own.get(caller_id)
        return config.webhooks.secret.get_secret_value() if secret is None else secret

    webhooks = Webhooks(
        desk=services.desk,
        outbox=Outbox(config.data_dir / "webhooks"),
        addresses=CallbackAddresses(config.fetch.allow_hosts),
        clock=services.clock,
        describe=lambda job, base: told(services, job, base),
        secret_of=secret_of,
        locks=locks,
    )
    stack.push_async_callback(webhooks.close)
    await webhooks.start()
    return webhooks
