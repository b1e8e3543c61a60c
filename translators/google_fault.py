"""What Google's error body says, in one flat value, whatever shape the body came in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from translators.wire.google_status import GoogleStatus

GOOGLE_RPC_CODES: Mapping[int, tuple[str, int]] = {
    1: ("CANCELLED", 499),
    2: ("UNKNOWN", 500),
    3: ("INVALID_ARGUMENT", 400),
    4: ("DEADLINE_EXCEEDED", 504),
    5: ("NOT_FOUND", 404),
    6: ("ALREADY_EXISTS", 409),
    7: ("PERMISSION_DENIED", 403),
    8: ("RESOURCE_EXHAUSTED", 429),
    9: ("FAILED_PRECONDITION", 400),
    10: ("ABORTED", 409),
    11: ("OUT_OF_RANGE", 400),
    12: ("UNIMPLEMENTED", 501),
    13: ("INTERNAL", 500),
    14: ("UNAVAILABLE", 503),
    15: ("DATA_LOSS", 500),
    16: ("UNAUTHENTICATED", 401),
}
"""google.rpc.Code number -> its name and HTTP status (googleapis google/rpc/code.proto)."""

INTERACTIONS_CODES: Mapping[str, int] = {
    "invalid_request": 400,
    "failed_precondition": 400,
    "parameter_unknown": 400,
    "out_of_range": 416,
    "authentication": 401,
    "payment_required": 402,
    "permission_denied": 403,
    "not_found": 404,
    "model_not_found": 404,
    "rate_limit_exceeded": 429,
    "quota_exceeded": 429,
    "cancelled": 499,
}
"""The Interactions API's own error words -> HTTP status (Gemini API docs, "API errors", 2026-11)."""

_DURATION = re.compile(r"(\d+(?:\.\d+)?)s")
_RETRY_IN = re.compile(r"retry in (\d+(?:\.\d+)?)\s?s", re.IGNORECASE)
_RESET_AFTER = re.compile(r"quota will reset after ([\d.hms]*[hms])", re.IGNORECASE)
_STEP = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_SECONDS: Mapping[str, float] = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One failure of Google's, read.

    `http` is the status that counts, `reasons` Google's machine words for the cause (ErrorInfo reasons and Interactions
    codes), `retry_after` is in seconds, `readable` is False for a web page, an empty body or noise.
    """

    http: int
    rpc: str = ""
    reasons: frozenset[str] = frozenset()
    message: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    quota_ids: tuple[str, ...] = ()
    quota_values: tuple[str, ...] = ()
    retry_after: float | None = None
    readable: bool = True


def read_fault(http: int, body: bytes | None) -> Fault:
    """Read an HTTP error answer: an object, Vertex's JSON list, an Interactions or OAuth error, or none of them.

    A status below 400 that carries an error (an error inside a stream) counts as the status the body names.
    """
    status = _status_in(body)
    if status is None:
        return Fault(http=http, readable=False)
    named = _http_named_by(status)
    return _fault(status, http=http if http >= 400 or named is None else named)


def read_operation_fault(error: Mapping[str, Any]) -> Fault:
    """Read the `error` of a finished operation, or of an interaction, whose codes are words."""
    status = GoogleStatus.model_validate(dict(error))
    named = _http_named_by(status)
    return _fault(status, http=500 if named is None else named)


def _status_in(body: bytes | None) -> GoogleStatus | None:
    try:
        document = orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return None
    if isinstance(document, list):
        document = document[0] if document else None
    error = document.get("error") if isinstance(document, dict) else None
    match error:
        case dict():
            return GoogleStatus.model_validate(error)
        case str():  # RFC 6749, section 5.2: {"error": "invalid_grant", "error_description": "..."}
            return GoogleStatus(code=error, message=document.get("error_description", ""))
        case _:
            return None


def _http_named_by(status: GoogleStatus) -> int | None:
    match status.code:
        case int(number) if number in GOOGLE_RPC_CODES:
            return GOOGLE_RPC_CODES[number][1]
        case int(number) if 400 <= number < 600:
            return number
        case str(word):
            return INTERACTIONS_CODES.get(word)
        case _:
            return None


def _fault(status: GoogleStatus, *, http: int) -> Fault:
    words = {detail.reason for detail in status.details} | ({status.code} if isinstance(status.code, str) else set())
    number = status.code if isinstance(status.code, int) else 0
    violations = [violation for detail in status.details for violation in detail.violations]
    return Fault(
        http=http,
        rpc=status.status or GOOGLE_RPC_CODES.get(number, ("", 0))[0],
        reasons=frozenset(words - {""}),
        message=status.message,
        metadata={key: text for detail in status.details for key, text in detail.metadata.items()},
        quota_ids=tuple(violation.quota_id for violation in violations),
        quota_values=tuple(violation.quota_value for violation in violations),
        retry_after=_retry_after(status),
    )


def _retry_after(status: GoogleStatus) -> float | None:
    delays = [match for detail in status.details if (match := _DURATION.fullmatch(detail.retry_delay))]
    found = delays[0] if delays else _RETRY_IN.search(status.message)
    return float(found[1]) if found else _reset_after(status)


def _reset_after(status: GoogleStatus) -> float | None:
    """Seconds until a quota of Code Assist's is full again, by machine word or by prose.

    Symptom: a 429 without RetryInfo whose credential rests for a second and is asked again. Source: answers that users
    of the Gemini CLI published, 2025-10 to 2026-05 (`quotaResetDelay: "539.477544ms"`, "Your quota will reset after
    21h53m56s."). Pinned by tests/golden/errors/code_assist_quota.json and code_assist_quota_in_prose.json.
    """
    delays = (detail.metadata.get("quotaResetDelay", "") for detail in status.details)
    prose = _RESET_AFTER.search(status.message)
    said = next(filter(None, delays), prose[1] if prose else "")
    steps = _STEP.findall(said)
    return sum(float(number) * _SECONDS[unit] for number, unit in steps) if steps else None
