"""Every failure as OpenAI's clients read it; what is not of our tree becomes a fixed 500 that tells nothing."""

import logging
from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from translators.errors import ApiError, BadRequest, Internal, NotFound

log = logging.getLogger("mediashim")

FailureShape = Callable[[ApiError], dict[str, Any]]
"""An error -> the body of its answer."""

UNFORESEEN = "The proxy failed in a way it did not foresee. The x-request-id header names the request for its operator."


def as_api_error(error: Exception) -> ApiError:
    """The error a client may see; one that is not of our tree is logged and hidden."""
    if isinstance(error, ApiError):
        return error
    log.error("unforeseen failure", exc_info=error)
    return Internal(UNFORESEEN)


def own_body(error: ApiError) -> dict[str, Any]:
    """The body an error has by itself: OpenAI's, and for a rejected key CLIProxyAPI's."""
    return error.body()


def shape_failures(request: Request, body: FailureShape) -> None:
    """From here on, this request's failures have another protocol's body. Status and headers stay."""
    request.state.failure_body = body


def failure_response(error: Exception, body: FailureShape = own_body) -> Response:
    """The answer to a request that failed before its first byte."""
    known = as_api_error(error)
    return JSONResponse(body(known), status_code=known.status, headers=known.headers())


async def answer_failure(request: Request, error: Exception) -> Response:
    """`failure_response` in the request's own protocol, as Starlette calls it for an ApiError."""
    return failure_response(error, getattr(request.state, "failure_body", own_body))


async def answer_http_failure(request: Request, error: Exception) -> Response:
    """A path or method that is not there, in the same shape as every other error."""
    if not isinstance(error, HTTPException):
        return failure_response(error)
    if error.status_code == 404:
        known: ApiError = NotFound(
            f"There is no {request.method} {request.url.path} here. GET / names what there is.",
            code="unknown_url",
        )
    else:
        known = BadRequest(f"{request.method} {request.url.path}: {error.detail}.", code="method_not_allowed")
    return JSONResponse(known.body(), status_code=error.status_code, headers=dict(error.headers or {}))
