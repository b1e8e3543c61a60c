"""One credential: what opens a front door of Google's, and what is configured with it."""

import fnmatch
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from proxy.addresses import DEFAULT_LOCATION, Place
from translators.wire.call import Surface


class CredentialKind(StrEnum):
    """How a credential proves itself to Google."""

    GEMINI_API_KEY = "gemini-api-key"
    VERTEX_API_KEY = "vertex-api-key"
    SERVICE_ACCOUNT = "service-account"
    AUTHORIZED_USER = "authorized-user"
    EXTERNAL_ACCOUNT = "external-account"
    """Workload identity federation: another provider's token, exchanged at Google's."""
    APPLICATION_DEFAULT = "application-default"
    CODE_ASSIST = "code-assist"
    """An authorised user who signed in by the Gemini CLI, at Gemini Code Assist's door."""

    @property
    def surface(self) -> Surface:
        """The front door this kind opens."""
        return _DOORS.get(self, Surface.VERTEX)

    @property
    def uses_tokens(self) -> bool:
        """Whether it is shown as a short-lived OAuth token rather than as a key."""
        return self is not CredentialKind.GEMINI_API_KEY and self is not CredentialKind.VERTEX_API_KEY


_DOORS: Mapping[CredentialKind, Surface] = {
    CredentialKind.GEMINI_API_KEY: Surface.GEMINI,
    CredentialKind.CODE_ASSIST: Surface.CODE_ASSIST,
}
"""Every other kind opens Vertex AI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAlias:
    """A model's public name (`alias`) and Google's (`name`), for one credential."""

    name: str
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A frozen, configured credential; its repr shows nothing secret.

    `id` is public and stable: it stands in job rows, errors and logs. `secret` is the API key, `info` the JSON of a
    service account or authorised user; a gateway of one's own may need neither. `priority`: higher goes first.
    `weight` counts for weighted rotation only. `models` replaces the catalogue for this credential where it is given;
    `excluded_models` are case-insensitive patterns with `*`. `storage_uri` (gs://...) is where Vertex puts videos.
    `login_file` is where a sign-in of `mediashim login` is kept, and its refreshed tokens are written back.
    `request_retry`: further rounds of text and image calls it takes part in; None: as many as all do.
    Raises ValueError where an address or header cannot be made of it.
    """

    id: str
    kind: CredentialKind
    secret: str | None = field(default=None, repr=False)
    info: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)
    base_url: str | None = None
    project: str | None = None
    location: str = DEFAULT_LOCATION
    quota_project: str | None = None
    prefix: str = ""
    priority: int = 0
    weight: int = 1
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    models: tuple[ModelAlias, ...] = ()
    excluded_models: tuple[str, ...] = ()
    proxy_url: str | None = field(default=None, repr=False)
    storage_uri: str | None = None
    login_file: Path | None = None
    disable_cooling: bool = False
    request_retry: int | None = None
    place: Place = field(init=False, repr=False, compare=False)
    """Where its calls go."""

    def __post_init__(self) -> None:
        place = Place(surface=self.kind.surface, base_url=self.base_url, project=self.project, location=self.location)
        object.__setattr__(self, "place", place)
        if self.secret is not None and not _fits_in_a_header(self.secret):
            raise ValueError(f"the API key of {self.id} contains characters that no key has")
        for name, text in self.headers.items():
            if not _HEADER_NAME.fullmatch(name) or not text.isprintable():
                raise ValueError(f"header {name!r} of {self.id} cannot be sent")

    @property
    def surface(self) -> Surface:
        """The front door it opens."""
        return self.kind.surface

    def excludes(self, model: str) -> bool:
        """Whether this credential is configured not to serve that model."""
        return any(fnmatch.fnmatchcase(model.lower(), pattern.lower()) for pattern in self.excluded_models)


def public_id(kind: CredentialKind, identity: str, base_url: str | None = None) -> str:
    """A stable name for a credential that tells nothing of it: `gemini-0a1b2c3d`, from a SHA-256 of what identifies it.

    `identity` is the API key, or the account's e-mail address. Project, location and all settings are left out, so that
    jobs pinned to a credential survive a change of them.
    """
    digest = hashlib.sha256("\0".join((kind, identity, (base_url or "").rstrip("/"))).encode()).hexdigest()
    return f"{_ID_WORDS[kind]}-{digest[:8]}"


_ID_WORDS: Mapping[CredentialKind, str] = {
    CredentialKind.GEMINI_API_KEY: "gemini",
    CredentialKind.VERTEX_API_KEY: "vertex-key",
    CredentialKind.SERVICE_ACCOUNT: "vertex",
    CredentialKind.AUTHORIZED_USER: "vertex-user",
    CredentialKind.EXTERNAL_ACCOUNT: "vertex-workload",
    CredentialKind.APPLICATION_DEFAULT: "vertex-adc",
    CredentialKind.CODE_ASSIST: "code-assist",
}


_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def _fits_in_a_header(secret: str) -> bool:
    return secret.isascii() and secret.isprintable() and " " not in secret
