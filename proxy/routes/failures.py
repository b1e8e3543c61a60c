"""Every failure as OpenAI's clients read it; what is not of our tree becomes a fixed 500 that tells nothing."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from proxy.credentials.token_errors import TokenRefreshError
from proxy.upstream_failures import Lost, NotSent
from translators.errors import ApiError, BadRequest, Internal, NotFound

log = logging.getLogger("mediashim")

FailureShape = Callable[[ApiError], dict[str, Any]]
"""An error -> the body of its answer."""

OPENAPI = "/openapi.json"
"""Where the description is, if the server gives it out."""
NOTHING = "nothing_here"
"""The route that has every path below Google's versions and answers none."""
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


@contextmanager
def door_failures() -> Iterator[None]:
    """What goes wrong at the door to Google, as the ApiError that the caller is told."""
    try:
        yield
    except TokenRefreshError as failure:
        raise failure.verdict.error from None
    except (NotSent, Lost) as failure:
        raise failure.verdict().error from None


def shape_failures(request: Request, body: FailureShape) -> None:
    """From here on, this request's failures have another protocol's body. Status and headers stay."""
    request.state.failure_body = body


def failure_response(error: Exception, body: FailureShape = own_body) -> Response:
    """The answer to a request that failed before its first byte."""
    known = as_api_error(error)
    return JSONResponse(body(known), status_code=known.status, headers=known.headers())


def failed(error: Exception, scope: Scope) -> Response:
    """The answer to what a route raised, or the router, in the protocol that the request had by then."""
    if isinstance(error, HTTPException):
        return _not_routed(error, Request(scope))
    return failure_response(error, scope.get("state", {}).get("failure_body", own_body))


def _not_routed(error: HTTPException, request: Request) -> Response:
    """A path or method that is not there, in the same shape as every other error."""
    asked = f"{request.method} {request.url.path}"
    allowed = ", ".join(_allowed(request))
    if error.status_code == 404 or (error.status_code == 405 and not allowed):
        missing = NotFound(f"There is no {asked} here. {way_out(request)}", code="unknown_url")
        return failure_response(missing)
    if error.status_code == 405:
        message = f"There is no {asked} here; this path takes {allowed}. {way_out(request)}"
        known, headers = BadRequest(message, code="method_not_allowed"), {"allow": allowed}
    else:
        known, headers = BadRequest(f"{asked}: {error.detail}.", code="bad_request"), dict(error.headers or {})
    return JSONResponse(known.body(), status_code=error.status_code, headers=headers)


def way_out(request: Request) -> str:
    """Where it is said what there is."""
    described = any(getattr(route, "path", None) == OPENAPI for route in request.app.routes)
    return "GET / names what there is" + (f", and GET {OPENAPI} describes it." if described else ".")


def _allowed(request: Request) -> list[str]:
    """Every method that some route has for this path; Starlette names those of the first one only."""
    found = {
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.name != NOTHING and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
    return sorted(found)
