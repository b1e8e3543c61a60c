"""The one error tree. Only these reach a client; anything else becomes a fixed 500 with a request id.

    ApiError                       status  type                    default code
    ├── BadRequest                 400     invalid_request_error   invalid_value
    ├── Authentication             401     authentication_error    invalid_api_key
    ├── PermissionDenied           403     permission_error        permission_denied
    ├── NotFound                   404     invalid_request_error   not_found
    ├── Conflict                   409     invalid_request_error   conflict
    ├── PayloadTooLarge            413     invalid_request_error   request_too_large
    ├── RateLimited                429     rate_limit_error        rate_limit_exceeded
    ├── QuotaExhausted             429     insufficient_quota      insufficient_quota      (never worth a retry)
    ├── Internal                   500     server_error            internal_server_error
    ├── UpstreamFailed             502     upstream_error          upstream_failed
    ├── Unavailable                503     server_error            service_unavailable
    └── UpstreamTimeout            504     upstream_error          upstream_timeout

The first seven are named as in openai-python, so a reader of one knows the other. `google_errors.py` turns Google's
errors into these.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class ApiError(Exception):
    """An error as OpenAI's clients read it: status, message, type, param, code, and whether a retry makes sense.

    `retry_after` is in seconds. `should_retry` becomes the `x-should-retry` header (openai-python and openai-node obey
    it before their own status table); None leaves the client to its own rules. `extra` members stand beside the four of
    OpenAI's error object and never replace one.
    """

    status: ClassVar[int] = 500
    type: ClassVar[str] = "server_error"
    default_code: ClassVar[str] = "internal_server_error"
    default_should_retry: ClassVar[bool | None] = None

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        retry_after: float | None = None,
        should_retry: bool | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code or self.default_code
        self.retry_after = retry_after
        self.should_retry = self.default_should_retry if should_retry is None else should_retry
        self.extra: Mapping[str, Any] = extra or {}

    def body(self) -> dict[str, Any]:
        """The JSON body every route answers with: `{"error": {"message", "type", "param", "code", ...}}`."""
        return {
            "error": {**self.extra, "message": self.message, "type": self.type, "param": self.param, "code": self.code}
        }

    def headers(self) -> dict[str, str]:
        """`retry-after` (whole seconds, rounded up) and `x-should-retry`, where they are known."""
        headers: dict[str, str] = {}
        if self.retry_after is not None:
            headers["retry-after"] = str(max(0, -int(-self.retry_after // 1)))
        if self.should_retry is not None:
            headers["x-should-retry"] = "true" if self.should_retry else "false"
        return headers


class BadRequest(ApiError):
    """The request cannot be carried out as it stands; the message names the field, what is allowed and the way out."""

    status = 400
    type = "invalid_request_error"
    default_code = "invalid_value"


class Authentication(ApiError):
    """The caller's API key is missing or wrong."""

    status = 401
    type = "authentication_error"
    default_code = "invalid_api_key"


class PermissionDenied(ApiError):
    """The caller, or the credential the proxy shows Google, may not do this."""

    status = 403
    type = "permission_error"
    default_code = "permission_denied"


class NotFound(ApiError):
    """No such model, job or file, for this caller."""

    status = 404
    type = "invalid_request_error"
    default_code = "not_found"


class Conflict(ApiError):
    """The request contradicts something that already stands (an idempotency key, a job's state)."""

    status = 409
    type = "invalid_request_error"
    default_code = "conflict"
    default_should_retry = False


class PayloadTooLarge(ApiError):
    """The body, or one medium in it, is larger than is allowed."""

    status = 413
    type = "invalid_request_error"
    default_code = "request_too_large"


class RateLimited(ApiError):
    """Too many requests for now; `retry_after` says how long."""

    status = 429
    type = "rate_limit_error"
    default_code = "rate_limit_exceeded"


class QuotaExhausted(ApiError):
    """A daily quota, a spending cap or prepaid credit is used up: a retry in a minute cannot help."""

    status = 429
    type = "insufficient_quota"
    default_code = "insufficient_quota"
    default_should_retry = False


class Internal(ApiError):
    """The proxy failed in a way it did not foresee."""

    status = 500
    type = "server_error"
    default_code = "internal_server_error"


class UpstreamFailed(ApiError):
    """Google failed, refused the proxy's own credential, or answered something that makes no sense."""

    status = 502
    type = "upstream_error"
    default_code = "upstream_failed"


class Unavailable(ApiError):
    """Nothing can serve this request now: no credential is free, or Google is overloaded."""

    status = 503
    type = "server_error"
    default_code = "service_unavailable"


class UpstreamTimeout(ApiError):
    """Google did not finish within the time allowed."""

    status = 504
    type = "upstream_error"
    default_code = "upstream_timeout"
