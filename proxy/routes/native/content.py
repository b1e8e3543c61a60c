"""generateContent, streamGenerateContent, countTokens, predict: the caller's body, by whichever credential answers."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from proxy.routes.context import caller_of, services_of
from proxy.routes.native.passed_on import PassedOn
from proxy.routes.native.shape import json_of
from proxy.routes.uploaded_files import pinned_to, uploads_named
from translators.catalog import Family
from translators.errors import BadRequest
from translators.native.count_tokens import counted
from translators.native.file_uses import file_uses, with_file_uses
from translators.native.models import METHODS
from translators.resolve import Target
from translators.wire.call import GoogleCall

CONTENT_METHODS: Mapping[str, Family] = {
    "generateContent": Family.GEMINI,
    "streamGenerateContent": Family.GEMINI,
    "countTokens": Family.GEMINI,
    "predict": Family.IMAGEN,
}
"""Method -> the family of models that has it."""
PASSED = frozenset({"alt", "$alt", "fields", "$fields", "prettyPrint", "$prettyPrint"})
"""Google's system parameters that shape an answer (Google Cloud API docs, "System parameters", 2026-11)."""
KEYS = frozenset({"key", "auth_token"})
"""What opens this proxy's door, and is shown to nobody behind it."""


async def pass_on(request: Request, model: str, method: str) -> Response:
    """The body as it came, to the model that the name stands for; the answer as it comes. Raises ApiError.

    Files that were uploaded here are named to Google by its own addresses, and read by the credential that has them.
    """
    services = services_of(request)
    query = _query(request)
    body = await json_of(request)
    resolution = services.resolve(model)
    _check_family(model, method, resolution.model.family)
    named = await uploads_named(request, caller_of(request).id, file_uses(body))
    resolution = pinned_to(resolution, named)
    body = with_file_uses(body, {link: (one.file.uri, one.file.mime_type) for link, one in named.items()})

    def call(target: Target) -> GoogleCall:
        resource = f"models/{target.upstream_id}:{method}"
        return GoogleCall(resource=resource, body=_body(body, method, target), query=query)

    return PassedOn(lambda: services.calls.open(resolution, call, request.headers, as_it_is=True))


def _body(body: dict[str, Any], method: str, target: Target) -> dict[str, Any]:
    return counted(body, model=target.upstream_id, surface=target.surface) if method == "countTokens" else body


def _query(request: Request) -> dict[str, str]:
    said = {name: value for name, value in request.query_params.items() if name not in KEYS}
    unknown = next((name for name in said if name not in PASSED), None)
    if unknown is not None:
        raise BadRequest(
            f'Invalid query received. Unknown name "{unknown}": Cannot bind query parameter. '
            f"Known: {', '.join(sorted(PASSED))}.",
            param=unknown,
        )
    return said


def _check_family(model: str, method: str, family: Family) -> None:
    if CONTENT_METHODS[method] is not family:
        raise BadRequest(
            f"{model} has no method {method}. It has: {', '.join(METHODS[family])}.",
            param="model",
            code="model_not_supported",
        )
