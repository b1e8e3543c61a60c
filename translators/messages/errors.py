"""Errors as Anthropic's clients read them: `{"type": "error", "error": {"type", "message"}}`.

Types from anthropic-python 2.11, types.shared.ErrorType (2026-11), and `request_too_large` from Anthropic's
documentation of errors. The status stays the one of our tree: the SDKs choose their exception by it.
"""

from collections.abc import Mapping
from typing import Any

from translators import errors
from translators.errors import ApiError

TYPES: Mapping[type[ApiError], str] = {
    errors.BadRequest: "invalid_request_error",
    errors.Authentication: "authentication_error",
    errors.PermissionDenied: "permission_error",
    errors.NotFound: "not_found_error",
    errors.Conflict: "conflict_error",
    errors.PayloadTooLarge: "request_too_large",
    errors.RateLimited: "rate_limit_error",
    errors.QuotaExhausted: "rate_limit_error",
    errors.Internal: "api_error",
    errors.UpstreamFailed: "api_error",
    errors.Unavailable: "overloaded_error",
    errors.UpstreamTimeout: "timeout_error",
}
"""Each error of our tree -> Anthropic's type."""

_STREAMED: Mapping[str, str] = {
    "invalid_request_error": "invalid_request_error",
    "authentication_error": "authentication_error",
    "permission_error": "permission_error",
    "rate_limit_error": "rate_limit_error",
    "insufficient_quota": "rate_limit_error",
}
"""OpenAI's type, all that is left of an error inside a stream -> Anthropic's; the others are `api_error`."""


def error_body(error: ApiError) -> dict[str, Any]:
    """An error as a body, and as the data of an `error` event; `code` and `param` stand beside Anthropic's two."""
    kind = next((name for cls, name in TYPES.items() if isinstance(error, cls)), "api_error")
    named = error.param is not None and error.param not in error.message
    message = f"{error.param}: {error.message}" if named else error.message
    return _body(kind, message, code=error.code, param=error.param)


def error_event(error: Mapping[str, Any]) -> dict[str, Any]:
    """The same from the error object that a chat stream ended with."""
    kind = _STREAMED.get(error["type"], "api_error")
    return _body(kind, error["message"], code=error.get("code"), param=error.get("param"))


def _body(kind: str, message: str, *, code: str | None, param: str | None) -> dict[str, Any]:
    about = {"code": code, "param": param}
    known = {name: value for name, value in about.items() if value is not None}
    return {"type": "error", "error": {"type": kind, "message": message, **known}}
