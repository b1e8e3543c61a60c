"""What all routes of Google's protocols have in common: how failures look, the JSON body, what the caller is told."""

import json
from collections.abc import Collection, Sequence
from functools import wraps
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from proxy.routes.failures import shape_failures
from proxy.routes.large_body import parsed
from proxy.routes.route import Endpoint
from translators.errors import BadRequest
from translators.native.errors import status_body

WARNINGS = "x-mediashim-warnings"
"""A JSON list of sentences: Google's bodies have no place for them."""

PASSED = frozenset({"alt", "$alt", "fields", "$fields", "prettyPrint", "$prettyPrint"})
"""Google's system parameters that shape an answer (Google Cloud API docs, "System parameters", 2026-11)."""
KEYS = frozenset({"key", "auth_token"})
"""What opens this proxy's door, and is shown to nobody behind it."""


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
        body = await parsed(request, orjson.loads)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Invalid JSON payload received. {error}.") from None
    if not isinstance(body, dict):
        raise BadRequest("Invalid JSON payload received. An object is expected.")
    return body


def query_of(request: Request, known: Collection[str] = ()) -> dict[str, str]:
    """What of the query goes on to Google: its system parameters, and `known`. Raises BadRequest for any other."""
    said = {name: value for name, value in request.query_params.items() if name not in KEYS}
    allowed = PASSED | frozenset(known)
    unknown = next((name for name in said if name not in allowed), None)
    if unknown is not None:
        raise BadRequest(
            f'Invalid query received. Unknown name "{unknown}": Cannot bind query parameter. '
            f"Known: {', '.join(sorted(allowed))}.",
            param=unknown,
        )
    return said
