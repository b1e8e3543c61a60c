"""What an HTTP status of Google's means where no known cause is named with it."""

from collections.abc import Mapping
from types import MappingProxyType

from translators.errors import (
    BadRequest,
    Conflict,
    NotFound,
    PayloadTooLarge,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Unavailable,
    UpstreamFailed,
    UpstreamTimeout,
)
from translators.google_error_row import Blame, Row

PER_DAY = Row(
    error=QuotaExhausted,
    code="insufficient_quota",
    blame=Blame.CREDENTIAL_MODEL,
    says="The daily quota of {credential} for {target} is used up. "
    "Wait until it resets (midnight Pacific time), use another model, or ask the operator for a higher quota.",
)
"""A 429 whose QuotaFailure names a period of a day; Google sends a RetryInfo of seconds with it all the same."""

NO_QUOTA = Row(
    error=QuotaExhausted,
    code="model_requires_billing",
    blame=Blame.CREDENTIAL_MODEL,
    says="The project of {credential} has no quota at all for {target}: Google serves it to paying projects only. "
    "The operator must set up billing (https://aistudio.google.com/projects).",
)
"""A 429 with a limit of 0: not used up, never granted."""

NOT_FOUND: Mapping[str, Row] = MappingProxyType(
    {
        "model": Row(
            error=NotFound,
            code="model_not_found",
            blame=Blame.CREDENTIAL_MODEL,
            says="Google does not know {target}, or does not serve it to {credential} by this method.{successor} "
            "GET /v1/models lists what is there.",
        ),
        "operation": Row(
            error=NotFound,
            code="operation_not_found",
            blame=Blame.REQUEST,
            says="Google no longer knows this operation, or it belongs to another credential than {credential}.",
        ),
        "interaction": Row(
            error=NotFound,
            code="interaction_not_found",
            blame=Blame.REQUEST,
            says="Google no longer knows this interaction, or it belongs to another credential than {credential}.",
        ),
        "file": Row(
            error=NotFound,
            code="file_not_found",
            blame=Blame.REQUEST,
            says="Google no longer has this file, or it belongs to another credential than {credential}. "
            "Google keeps generated files for two days.",
        ),
    }
)
"""A bare 404, by what was asked for."""

WEB_PAGE_404 = Row(
    error=UpstreamFailed,
    code="upstream_wrong_endpoint",
    blame=Blame.CREDENTIAL,
    retry=False,
    says="The address called with {credential} is not an API of Google's (404 without a JSON error). "
    "The operator must check its base-url, project and location.",
)
"""A 404 that no API wrote: Google's front end (or a relay's) answers a path it does not know with a web page."""

BY_STATUS: Mapping[int, Row] = MappingProxyType(
    {
        400: Row(
            error=BadRequest, code="invalid_value", blame=Blame.REQUEST, says="Google refused the request as invalid."
        ),
        401: Row(
            error=UpstreamFailed,
            code="upstream_unauthenticated",
            blame=Blame.CREDENTIAL,
            retry=False,
            says="Google does not accept {credential}. The operator must check it or sign in again.",
        ),
        402: Row(
            error=QuotaExhausted,
            code="insufficient_quota",
            blame=Blame.CREDENTIAL,
            says="{credential} has no credit left. The operator must refill it.",
        ),
        403: Row(
            error=PermissionDenied,
            code="upstream_permission_denied",
            blame=Blame.CREDENTIAL_MODEL,
            retry=False,
            says="Google does not let {credential} use {target}. The operator must check its permissions.",
        ),
        405: Row(
            error=UpstreamFailed,
            code="upstream_wrong_endpoint",
            blame=Blame.CREDENTIAL_MODEL,
            retry=False,
            says="Google does not allow this method on {target}. The operator must check the base-url of {credential}.",
        ),
        408: Row(
            error=UpstreamTimeout,
            code="upstream_timeout",
            blame=Blame.UPSTREAM,
            says="Google gave up waiting for the request.",
        ),
        409: Row(
            error=Conflict,
            code="upstream_conflict",
            blame=Blame.REQUEST,
            says="The request contradicts something that Google is already doing.",
        ),
        413: Row(
            error=PayloadTooLarge,
            code="request_too_large",
            blame=Blame.REQUEST,
            says="The request is too large for Google. Send smaller or fewer images and videos.",
        ),
        416: Row(
            error=BadRequest,
            code="invalid_value",
            blame=Blame.REQUEST,
            says="A value, or the byte range, of the request lies outside what Google allows.",
        ),
        429: Row(
            error=RateLimited,
            code="rate_limit_exceeded",
            blame=Blame.CREDENTIAL_MODEL,
            says="Google's rate limit for {target} is reached with {credential}. Try again a little later.",
        ),
        499: Row(
            error=UpstreamFailed,
            code="upstream_cancelled",
            blame=Blame.UPSTREAM,
            says="Google cancelled the call.",
        ),
        500: Row(
            error=UpstreamFailed,
            code="upstream_failed",
            blame=Blame.UPSTREAM,
            says="Google failed with an internal error.",
        ),
        501: Row(
            error=UpstreamFailed,
            code="upstream_wrong_endpoint",
            blame=Blame.CREDENTIAL_MODEL,
            retry=False,
            says="Google has not implemented this method for {target}.",
        ),
        503: Row(
            error=Unavailable,
            code="upstream_unavailable",
            blame=Blame.UPSTREAM,
            says="Google is overloaded or briefly unavailable.",
        ),
        504: Row(
            error=UpstreamTimeout,
            code="upstream_timeout",
            blame=Blame.UPSTREAM,
            says="Google did not finish within its own time limit.",
        ),
    }
)
"""The HTTP status alone, where Google names no cause that the table knows."""

OTHER_4XX = Row(
    error=BadRequest,
    code="upstream_rejected",
    blame=Blame.REQUEST,
    says="Google refused the request with status {status}.",
)
OTHER_5XX = Row(
    error=UpstreamFailed,
    code="upstream_failed",
    blame=Blame.UPSTREAM,
    says="Google, or something on the way to it, failed with status {status}.",
)
MAKES_NO_SENSE = Row(
    error=UpstreamFailed,
    code="upstream_malformed_answer",
    blame=Blame.UPSTREAM,
    says="Google answered with status {status} and something that makes no sense.",
)
"""A success nobody can read, or a redirect of an API call."""
