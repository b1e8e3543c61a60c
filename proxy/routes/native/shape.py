"""What all routes of Google's protocols have in common: how failures look, the JSON body, what the caller is told."""

import json
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from proxy.routes.context import body_of
from proxy.routes.failures import shape_failures
from translators.errors import BadRequest
from translators.native.errors import status_body

Endpoint = Callable[[Request], Awaitable[Response]]

WARNINGS = "x-mediashim-warnings"
"""A JSON list of sentences: Google's bodies have no place for them."""


def googles(endpoint: Endpoint) -> Endpoint:
    """The same endpoint, its failures as google.rpc.Status."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        shape_failures(request, status_body)
        return await endpoint(request)

    return answer


def warned(warnings: Sequence[str]) -> dict[str, str]:
    """The header that tells the caller; none where there is nothing to tell."""
    return {WARNINGS: json.dumps(list(dict.fromkeys(warnings)))} if warnings else {}


async def json_of(request: Request) -> dict[str, Any]:
    """The body, a JSON object. Raises BadRequest and PayloadTooLarge."""
    try:
        body = orjson.loads(await body_of(request))
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Invalid JSON payload received. {error}.") from None
    if not isinstance(body, dict):
        raise BadRequest("Invalid JSON payload received. An object is expected.")
    return body
