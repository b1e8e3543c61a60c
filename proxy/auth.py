"""Who is calling: an inbound API key becomes a Caller, or a 401 that reads as CLIProxyAPI's does.

The places and their order, the whole-value rule and the bodies are CLIProxyAPI's (internal/access/config_access,
2026-08), so a client that works there works here.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from proxy.config.callers import CallerKey
from proxy.config.loopback import host_of, is_loopback
from proxy.config.problems import ConfigError, Problem
from proxy.config.schema import Config
from translators.errors import Authentication, PermissionDenied

_HEADERS = ("x-goog-api-key", "x-api-key")
_PARAMETERS = ("key", "auth_token")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The holder of an inbound key, as jobs, limits and logs know it; the key itself is not in here.

    `id` is stable over restarts and machines and says nothing about the key. Money is in US dollars; None = no limit.
    """

    id: str
    name: str
    priority: int = 0
    delivery: Literal["data", "url"] | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    """Signs the calls to the caller's own addresses; the server's own secret where it is None."""


ANYONE = Caller(id="anyone", name="anyone")
"""The caller where no keys are configured."""


class Rejected(Authentication):
    """No key, or none that is known: 401 with CLIProxyAPI's body, whose `error` is text and not OpenAI's object."""

    def body(self) -> dict[str, Any]:
        """`{"error": "Missing API key"}` or `{"error": "Invalid API key"}`."""
        return {"error": self.message}

    def headers(self) -> dict[str, str]:
        """The content type that CLIProxyAPI sends, byte for byte."""
        return {**super().headers(), "content-type": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The keys that open the door, as keyed digests: comparing them tells nothing about a key, not even its length."""

    callers: tuple[tuple[bytes, Caller], ...]
    salt: bytes = field(repr=False)
    allowed_origins: frozenset[str] | None = frozenset()
    """Web pages that may call an open proxy besides those of this machine; None = all. Means nothing with keys."""

    @classmethod
    def of(cls, config: Config) -> Self:
        """The keyring of a configuration."""
        salt = secrets.token_bytes(32)
        return cls(
            callers=tuple((_digest(entry.key.get_secret_value(), salt), _caller(entry)) for entry in config.api_keys),
            salt=salt,
            allowed_origins=None if config.allow_open else frozenset(config.cors.allow_origins) - {"*"},
        )

    @classmethod
    def of_metrics(cls, config: Config) -> Self | None:
        """The one key that opens the metrics; None where any caller's does."""
        key = config.metrics.key.get_secret_value()
        if not key:
            return None
        salt = secrets.token_bytes(32)
        return cls(callers=((_digest(key, salt), Caller(id="metrics", name="metrics")),), salt=salt)

    def find(self, key: str) -> Caller | None:
        """The caller with this key. Every key is compared, in a time that depends on neither key."""
        digest = _digest(key, self.salt)
        found = None
        for known, caller in self.callers:
            if hmac.compare_digest(digest, known):
                found = caller
        return found


def authenticate(headers: Mapping[str, str], query: Mapping[str, str], keyring: Keyring) -> Caller:
    """The caller of a request; `headers` are looked up in lower case.

    Keys are looked for in Authorization (Bearer in any case; a value without that scheme is used whole),
    X-Goog-Api-Key, X-Api-Key, `?key=` and `?auth_token=`; the first known one wins, so a bad one beside a good one does
    no harm. Raises Rejected (401), and PermissionDenied (403) for another website's page where no keys are configured.
    """
    if not keyring.callers:
        _refuse_foreign_page(headers.get("origin"), keyring.allowed_origins)
        return ANYONE
    shown = False
    authorization = headers.get("authorization")
    if authorization:
        shown = True
        if caller := keyring.find(_bearer(authorization)):
            return caller
    for places, names in ((headers, _HEADERS), (query, _PARAMETERS)):
        for name in names:
            key = places.get(name)
            if key:
                shown = True
                if caller := keyring.find(key):
                    return caller
    raise Rejected("Invalid API key" if shown else "Missing API key")


def check_exposure(config: Config) -> None:
    """Nothing, or ConfigError when everyone who can reach the address could spend the owner's money."""
    if config.api_keys or config.allow_open or is_loopback(config.host):
        return
    where = f"host {config.host}" if config.host else "every address (host is empty)"
    raise ConfigError(
        [
            Problem(
                location=("api-keys",),
                message=(
                    f"none are set, and the proxy would listen on {where}: whoever reaches it could spend your money. "
                    "Set api-keys (or MEDIASHIM_API_KEYS), or host: 127.0.0.1, or allow-open: true if something in "
                    "front of the proxy asks for keys"
                ),
            )
        ]
    )


def _bearer(value: str) -> str:
    scheme, separator, key = value.partition(" ")
    return key.strip() if separator and scheme.lower() == "bearer" else value


def _refuse_foreign_page(origin: str | None, allowed: frozenset[str] | None) -> None:
    """A browser sends Origin with each POST; without this, any website could have its visitors' proxies buy videos."""
    if origin is None or allowed is None or origin in allowed or is_loopback(host_of(origin)):
        return
    raise PermissionDenied(
        "This proxy has no api-keys and therefore serves web pages of this machine only. Configure api-keys, or name "
        "the page's origin in cors.allow-origins.",
        code="origin_not_allowed",
    )


def _caller(entry: CallerKey) -> Caller:
    # A hash of its own kind, so that it equals no digest that another program may have published of the same key.
    identity = hashlib.sha256(b"mediashim caller\0" + entry.key.get_secret_value().encode()).hexdigest()[:12]
    return Caller(
        id=f"caller-{identity}",
        name=entry.name or f"caller-{identity}",
        priority=entry.priority,
        delivery=entry.delivery,
        webhook_secret=entry.webhook_secret.get_secret_value() if entry.webhook_secret is not None else None,
    )


def _digest(key: str, salt: bytes) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), key=salt, digest_size=32).digest()
