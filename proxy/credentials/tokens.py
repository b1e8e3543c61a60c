"""OAuth tokens: minted by google-auth in a thread, one refresh at a time for each credential, ahead of expiry."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from proxy import logs
from proxy.credentials.credential import Credential, CredentialKind
from proxy.credentials.login_file import Login, keep_refreshed, read_login
from proxy.credentials.secret_parts import secret_members
from proxy.credentials.token_errors import TokenRefreshError, token_refresh_error
from proxy.credentials.token_transport import TokenTransport
from proxy.forward_proxy import forward_proxy
from proxy.metrics.google_call import CallKind, by_a_library
from proxy.metrics.tally import Tallies

log = logging.getLogger("mediashim")

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TOKEN_ENDPOINT = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
REFRESH_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AccessToken:
    """A bearer token, the project that pays for quota where the credential carries one, and when it expires (UTC)."""

    value: str
    quota_project: str | None
    expires_at: datetime | None

    def good_at(self, now: datetime, *, ahead: timedelta = timedelta(0)) -> bool:
        """Whether it is still valid `ahead` of now."""
        return self.expires_at is None or now + ahead < self.expires_at


class Tokens:
    """Holds a token for each credential. `now` returns the aware wall-clock time."""

    def __init__(
        self, *, now: Callable[[], datetime], default_proxy_url: str | None = None, tallies: Tallies | None = None
    ) -> None:
        self._now = now
        self._tallies = tallies or Tallies()
        self._default_proxy_url = default_proxy_url
        self._held: dict[str, AccessToken] = {}
        self._refreshes: dict[str, asyncio.Task[AccessToken]] = {}
        self._kept_tried: set[str] = set()

    async def token(self, credential: Credential) -> AccessToken:
        """A token with five minutes left; one that has less only while no new one can be had.

        Raises TokenRefreshError.
        """
        held = self._held.get(credential.id)
        now = self._now()
        if held is not None and held.good_at(now, ahead=REFRESH_AHEAD):
            return held
        try:
            return await self._refresh(credential)
        except TokenRefreshError:
            if held is not None and held.good_at(now):
                return held
            raise

    async def renew(self, credential: Credential, *, refused: str) -> AccessToken:
        """A token other than the one Google just refused; calls that were refused together share one refresh."""
        held = self._held.get(credential.id)
        if held is not None and held.value != refused and held.good_at(self._now()):
            return held
        self._held.pop(credential.id, None)
        return await self._refresh(credential)

    async def close(self) -> None:
        """Wait for refreshes under way: a thread cannot be interrupted."""
        await asyncio.gather(*self._refreshes.values(), return_exceptions=True)

    async def _refresh(self, credential: Credential) -> AccessToken:
        task = self._refreshes.get(credential.id)
        if task is None:
            task = asyncio.create_task(self._mint_and_hold(credential), name=f"token of {credential.id}")
            # Read even when every caller has gone, so that no failure is reported as forgotten.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._refreshes[credential.id] = task
        # Shielded: a caller that goes away must not take the token from those who wait with it.
        return await asyncio.shield(task)

    async def _mint_and_hold(self, credential: Credential) -> AccessToken:
        try:
            token = None
            if credential.login_file is not None and credential.id not in self._kept_tried:
                # Once: a kept token that Google refuses must not come back.
                self._kept_tried.add(credential.id)
                token = await asyncio.to_thread(_kept, credential.login_file, self._now())
            if token is None:
                token = await self._minted(credential)
            self._held[credential.id] = token
            return token
        finally:
            del self._refreshes[credential.id]

    async def _minted(self, credential: Credential) -> AccessToken:
        """A new one, by google-auth."""
        with by_a_library(self._tallies, self._now, credential.id, CallKind.TOKEN):
            return await asyncio.to_thread(_mint, credential, self._default_proxy_url)


def _kept(path: Path, now: datetime) -> AccessToken | None:
    """Blocking: the token that a login file holds, if it is good for a while yet."""
    try:
        login = read_login(path)
    except ValueError:
        return None  # minting says what is wrong
    logs.hide(secret_members(login.model_dump()))
    token = AccessToken(value=login.access_token, quota_project=None, expires_at=login.expiry)
    return token if token.good_at(now, ahead=REFRESH_AHEAD) else None


def _mint(credential: Credential, default_proxy_url: str | None) -> AccessToken:
    """Blocking: read what the credential is made of, and exchange it for a token."""
    try:
        transport = TokenTransport(proxy_url=forward_proxy(credential.proxy_url, default_proxy_url))
        login = read_login(credential.login_file) if credential.login_file is not None else None
        # Who signed in again since the start has other secrets than the credential was made of.
        logs.hide(secret_members(login.model_dump()) if login is not None else ())
        google_credentials = _google_credentials(credential, transport, login)
        google_credentials.refresh(transport)
    except Exception as failure:
        raise token_refresh_error(failure, credential) from failure
    expiry = google_credentials.expiry  # naive, in UTC (google-auth 2.62)
    quota_project = credential.quota_project or getattr(google_credentials, "quota_project_id", None)
    expires_at = expiry.replace(tzinfo=UTC) if expiry is not None else None
    if credential.login_file is not None and login is not None and expires_at is not None:
        _keep(credential.login_file, login, google_credentials, expires_at)
    return AccessToken(value=google_credentials.token, quota_project=quota_project, expires_at=expires_at)


def _keep(path: Path, login: Login, google_credentials: Any, expiry: datetime) -> None:
    """Write a refreshed token back; a token that cannot be kept still works, so that is no failure."""
    try:
        keep_refreshed(
            path,
            login,
            access_token=google_credentials.token,
            refresh_token=google_credentials.refresh_token,
            expiry=expiry,
        )
    except (OSError, ValueError) as error:
        log.warning(
            "the refreshed token of %s cannot be kept: %s", path.name, getattr(error, "strerror", None) or error
        )


def _google_credentials(credential: Credential, transport: TokenTransport, login: Login | None) -> Any:
    """google-auth's object for a credential; imported here, so that a start without one costs nothing.

    `login` is what the credential's login file holds now: who signs in again needs no restart.
    """
    match credential.kind:
        case CredentialKind.SERVICE_ACCOUNT:
            from google.oauth2 import service_account

            return service_account.Credentials.from_service_account_info(dict(credential.info or {}), scopes=[SCOPE])
        case CredentialKind.AUTHORIZED_USER | CredentialKind.CODE_ASSIST:
            from google.oauth2.credentials import Credentials

            # Not `from_authorized_user_info`, which ignores a `token_uri` in the file; and no scopes: those granted at
            # sign-in hold, and asking for another set is refused.
            info = dict(credential.info or {})
            if login is not None:
                info |= login.model_dump(include={"refresh_token", "client_id", "client_secret"})
            return Credentials(
                token=None,
                refresh_token=info["refresh_token"],
                client_id=info["client_id"],
                client_secret=info["client_secret"],
                token_uri=info.get("token_uri") or TOKEN_ENDPOINT,
                quota_project_id=info.get("quota_project_id"),
            )
        case CredentialKind.EXTERNAL_ACCOUNT:
            return _workload(dict(credential.info or {}))
        case CredentialKind.APPLICATION_DEFAULT:
            import google.auth

            request: Any = transport  # google-auth asks for no more than the call itself
            google_credentials, _ = google.auth.default(scopes=[SCOPE], request=request)
            return google_credentials
        case CredentialKind.GEMINI_API_KEY | CredentialKind.VERTEX_API_KEY:
            raise AssertionError("an API key has no token")


def _workload(info: dict[str, Any]) -> Any:
    """google-auth's object for workload identity federation, by the kind of its source as google.auth.default tells it.

    Made directly: `google.auth.load_credentials_from_dict` is deprecated (google-auth 2.62).
    """
    if info["subject_token_type"] == "urn:ietf:params:aws:token-type:aws4_request":  # noqa: S105  # a kind
        from google.auth import aws

        return aws.Credentials.from_info(info, scopes=[SCOPE])
    if "executable" in info["credential_source"]:
        from google.auth import pluggable

        return pluggable.Credentials.from_info(info, scopes=[SCOPE])
    from google.auth import identity_pool

    return identity_pool.Credentials.from_info(info, scopes=[SCOPE])
