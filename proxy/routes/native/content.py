"""generateContent, streamGenerateContent, countTokens, predict: the caller's body, by whichever credential answers."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from proxy.routes.context import services_of
from proxy.routes.native.named_files import files_of
from proxy.routes.native.passed_on import PassedOn
from proxy.routes.native.shape import json_of, query_of
from proxy.routes.uploaded_files import pinned_to
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


async def pass_on(request: Request, model: str, method: str) -> Response:
    """The body as it came, to the model that the name stands for; the answer as it comes. Raises ApiError.

    Files that were uploaded here are named to Google by its own addresses, and read by the credential that has them;
    of a video that was made here the copy goes along.
    """
    services = services_of(request)
    query = query_of(request)
    body = await json_of(request)
    resolution = services.resolve(model)
    _check_family(model, method, resolution.model.family)
    files = await files_of(request, file_uses(body))
    resolution = pinned_to(resolution, files.uploads)
    body = with_file_uses(body, files.media)

    def call(target: Target) -> GoogleCall:
        resource = f"models/{target.upstream_id}:{method}"
        return GoogleCall(resource=resource, body=_body(body, method, target), query=query)

    # What the caller sent goes as it came; what was put in here may have made it too large.
    as_it_is = not files.copies
    return PassedOn(lambda: services.calls.open(resolution, call, request.headers, as_it_is=as_it_is))


def _body(body: dict[str, Any], method: str, target: Target) -> dict[str, Any]:
    return counted(body, model=target.upstream_id, surface=target.surface) if method == "countTokens" else body


def _check_family(model: str, method: str, family: Family) -> None:
    if CONTENT_METHODS[method] is not family:
        raise BadRequest(
            f"{model} has no method {method}. It has: {', '.join(METHODS[family])}.",
            param="model",
            code="model_not_supported",
        )
