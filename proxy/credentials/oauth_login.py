"""Google's installed-app sign-in, the calling half: a code becomes tokens, tokens tell the account and its projects.

Blocking, for the command line. Every function raises LoginError.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from proxy.credentials.oauth_consent import CLOUD_PLATFORM, Consent, LoginError
from proxy.credentials.token_transport import TokenTransport
from translators.redact import presentable


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Google's addresses for signing in (Google Identity and Resource Manager docs, 2026-11)."""

    consent: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
    user: str = "https://www.googleapis.com/oauth2/v2/userinfo"
    projects: str = "https://cloudresourcemanager.googleapis.com/v1/projects"


class Granted(BaseModel):
    """The token endpoint's answer to a code; lifetime in seconds."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str = Field(min_length=1, repr=False)
    token_type: str = "Bearer"  # noqa: S105  # a word
    expires_in: int = Field(gt=0)
    scope: str = ""

    def expiry(self, now: datetime) -> datetime:
        """When the access token ends."""
        return now + timedelta(seconds=self.expires_in)


@dataclass(frozen=True, slots=True)
class Account:
    """What is asked of Google on behalf of one sign-in."""

    endpoints: Endpoints
    transport: TokenTransport = field(repr=False)

    def redeem(self, consent: Consent, code: str) -> Granted:
        """Exchange the code; refuses a grant without the scope cloud-platform, which users can untick."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": consent.client.client_id,
            "client_secret": consent.client.client_secret,
            "redirect_uri": consent.redirect_uri,
            "code_verifier": consent.verifier,
        }
        told = self._call(self.endpoints.token, "exchange the code", form=form)
        try:
            granted = Granted.model_validate(told)
        except ValidationError:
            raise LoginError("Google gave no refresh token. Run `mediashim login` again.") from None
        if CLOUD_PLATFORM not in granted.scope.split():
            raise LoginError(
                f"The scope {CLOUD_PLATFORM} was not granted, and Vertex AI needs it. "
                "Run `mediashim login` again and leave every box ticked."
            )
        return granted

    def email(self, granted: Granted) -> str:
        """The account's address."""
        email = self._call(self.endpoints.user, "ask for the e-mail address", granted=granted).get("email")
        if not isinstance(email, str) or not email:
            raise LoginError("Google did not tell the account's e-mail address. Run `mediashim login` again.")
        return email

    def projects(self, granted: Granted) -> list[str]:
        """The ids of the account's active projects, page by page, sorted."""
        found: list[str] = []
        query = {"filter": "lifecycleState:ACTIVE", "pageSize": "500"}
        while True:
            address = f"{self.endpoints.projects}?{urlencode(query)}"
            page = self._call(address, "list the account's projects (--project PROJECT needs no list)", granted=granted)
            entries = page.get("projects")
            found += [
                str(entry["projectId"])
                for entry in (entries if isinstance(entries, list) else [])
                if isinstance(entry, dict) and entry.get("projectId")
            ]
            following = page.get("nextPageToken")
            if not following:
                return sorted(found)
            query["pageToken"] = str(following)

    def _call(
        self, url: str, purpose: str, *, form: Mapping[str, str] | None = None, granted: Granted | None = None
    ) -> dict[str, Any]:
        from google.auth import exceptions

        headers = {"authorization": f"Bearer {granted.access_token}"} if granted else {}
        try:
            if form is None:
                answer = self.transport(url, headers=headers)
            else:
                headers["content-type"] = "application/x-www-form-urlencoded"
                answer = self.transport(url, "POST", urlencode(form).encode(), headers)
        except exceptions.TransportError as failure:
            raise LoginError(f"Google cannot be reached to {purpose} ({failure}).") from None
        told = _object(answer.data)
        if answer.status != 200:
            raise LoginError(f"Google refused to {purpose}: {_refusal(told, answer.status)}")
        return told


def _object(data: bytes) -> dict[str, Any]:
    try:
        told = json.loads(data)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _refusal(told: Mapping[str, Any], status: int) -> str:
    """Google's sentence: OAuth's `error_description`, or google.rpc's `error.message`."""
    error = told.get("error")
    said = error.get("message") if isinstance(error, dict) else told.get("error_description") or error
    return presentable(str(said)) if said else f"HTTP {status}"
