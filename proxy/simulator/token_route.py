"""Signing in: the OAuth token endpoint, the consent screen, and who and what the account is."""

from typing import Any
from urllib.parse import parse_qsl

from proxy.simulator import errors
from proxy.simulator.access import bearer
from proxy.simulator.call import Call
from proxy.simulator.replies import Reply
from proxy.simulator.settings import CLOUD_PLATFORM
from proxy.simulator.world import World

USER_EMAIL = "https://www.googleapis.com/auth/userinfo.email"


async def exchange(call: Call, world: World) -> dict[str, Any]:
    """Exchange a code, a refresh token or a signed assertion. Raises OAuthError."""
    form = dict(parse_qsl(call.content.decode()))
    if form.get("grant_type") == "authorization_code":
        return world.consent.redeem(form)
    return world.tokens.exchange(form, f"{call.base_url}/token")


async def consent(call: Call, world: World) -> Reply:
    """Send the browser back at once. Raises OAuthError."""
    return Reply(status=302, headers={"location": world.consent.agree(call.query)})


async def user(call: Call, world: World) -> dict[str, Any]:
    """The account's address. Raises GoogleError."""
    _need(call, world, USER_EMAIL, "oauth2.googleapis.com")
    return {"email": world.settings.account_email, "verified_email": True}


async def projects(call: Call, world: World) -> dict[str, Any]:
    """The account's projects, one a page, so that a client must turn pages. Raises GoogleError."""
    service = "cloudresourcemanager.googleapis.com"
    _need(call, world, CLOUD_PLATFORM, service)
    if service in world.settings.disabled_services:
        raise errors.service_disabled(service, world.settings.project)
    ids = world.settings.projects
    if ids is None:
        ids = (world.settings.project,)
    page = int(call.query.get("pageToken", "0"))
    following = {"nextPageToken": str(page + 1)} if page + 1 < len(ids) else {}
    listed = [{"projectId": one, "lifecycleState": "ACTIVE"} for one in ids[page : page + 1]]
    return {**({"projects": listed} if listed else {}), **following}


def _need(call: Call, world: World, scope: str, service: str) -> None:
    token = bearer(call)
    if token is None:
        raise errors.credentials_missing(service)
    if scope not in world.tokens.scopes(token, service):
        raise errors.scope_insufficient(service, call.verb)
