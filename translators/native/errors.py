"""An ApiError as google.rpc.Status, the way google-genai 3.4.0 reads it (`errors.APIError`)."""

from typing import Any

from translators.errors import ApiError

STATUSES: dict[int, tuple[str, int]] = {
    400: ("INVALID_ARGUMENT", 3),
    401: ("UNAUTHENTICATED", 16),
    403: ("PERMISSION_DENIED", 7),
    404: ("NOT_FOUND", 5),
    409: ("ABORTED", 10),
    413: ("INVALID_ARGUMENT", 3),
    429: ("RESOURCE_EXHAUSTED", 8),
    500: ("INTERNAL", 13),
    502: ("INTERNAL", 13),
    503: ("UNAVAILABLE", 14),
    504: ("DEADLINE_EXCEEDED", 4),
}
"""HTTP status -> google.rpc.Code by name and number (googleapis/google/rpc/code.proto)."""
CANCELLED = 1


def status_body(error: ApiError) -> dict[str, Any]:
    """`{"error": {"code", "message", "status", "details"}}`, where `code` is the HTTP status.

    `details` holds an ErrorInfo with our code as its reason, and a RetryInfo where a time is known.
    """
    return {
        "error": {
            "code": error.status,
            "message": error.message,
            "status": STATUSES[error.status][0],
            "details": _details(error),
        }
    }


def operation_status(error: ApiError, *, cancelled: bool = False) -> dict[str, Any]:
    """The `error` of an operation, where `code` is google.rpc's own number."""
    code = CANCELLED if cancelled else STATUSES[error.status][1]
    return {"code": code, "message": error.message, "details": _details(error)}


def _details(error: ApiError) -> list[dict[str, Any]]:
    facts = {"field": error.param, **error.extra}
    details: list[dict[str, Any]] = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": error.code.upper(),
            "domain": "mediashim",
            "metadata": {name: str(value) for name, value in facts.items() if value is not None},
        }
    ]
    if error.retry_after is not None:
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{error.retry_after:g}s"})
    return details
