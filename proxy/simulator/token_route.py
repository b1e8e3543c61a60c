"""POST /token: the OAuth endpoint."""

from typing import Any
from urllib.parse import parse_qsl

from proxy.simulator.call import Call
from proxy.simulator.world import World


async def exchange(call: Call, world: World) -> dict[str, Any]:
    """Exchange a refresh token or a signed assertion. Raises OAuthError."""
    return world.tokens.exchange(dict(parse_qsl(call.content.decode())), f"{call.base_url}/token")
