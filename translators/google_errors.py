"""Google's errors -> the one error tree, and a verdict on what else may help.

The causes are tables (`google_error_causes.py`, `google_error_statuses.py`); reading a body is `google_fault.py`.
Nothing of an upstream body but Google's own sentence reaches a caller, and that redacted and cut.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from translators.errors import ApiError, BadRequest, QuotaExhausted
from translators.google_error_causes import CAUSES
from translators.google_error_row import Blame, Row
from translators.google_error_statuses import (
    BY_STATUS,
    MAKES_NO_SENSE,
    NO_QUOTA,
    NOT_FOUND,
    OTHER_4XX,
    OTHER_5XX,
    PER_DAY,
    WEB_PAGE_404,
)
from translators.google_fault import Fault, read_fault, read_operation_fault
from translators.redact import presentable, redact
from translators.support_codes import explain_support_codes

__all__ = [
    "Blame",
    "ErrorContext",
    "Target",
    "Verdict",
    "explain_support_codes",
    "filtered",
    "from_google",
    "judge",
    "operation_error",
]

Accepted = Literal["no", "unknown"]


class Target(StrEnum):
    """What a call was about; a 404 means something else for each."""

    MODEL = "model"
    OPERATION = "operation"
    INTERACTION = "interaction"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorContext:
    """What the proxy knows about the call that failed; all of it may be shown to the caller.

    `credential` is the public id, never the secret. `successor` is the model that replaces a retired one.
    `paid_submit` marks the one POST that starts a paid job.
    """

    credential: str = ""
    model: str | None = None
    project: str | None = None
    successor: str | None = None
    target: Target = Target.MODEL
    paid_submit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A failure, judged: what to tell the caller, whose fault it is, and whether Google may have taken the work on.

    `retry_after` is in seconds and only ever Google's own number. `accepted` is "no" where Google certainly did not
    start anything, else "unknown".
    """

    error: ApiError
    blame: Blame
    retry_after: float | None = None
    accepted: Accepted = "unknown"

    def may_try_another(self, *, paid: bool) -> bool:
        """Whether another credential may be tried: never for a request that is itself wrong, nor to pay twice."""
        return self.blame is not Blame.REQUEST and (self.accepted == "no" or not paid)


def from_google(status: int, body: bytes | None, *, about: ErrorContext) -> ApiError:
    """The error a client sees for an HTTP answer of Google's that is no success (or a success nobody can read)."""
    return judge(status, body, about=about).error


def judge(status: int, body: bytes | None, *, about: ErrorContext) -> Verdict:
    """Judge an HTTP answer of Google's: error, blame, Google's own retry delay, and whether it may have been accepted.

    A 4xx other than 408 and 499 certainly started nothing. Anything else may have: Google is known to answer 503
    after it accepted a job. For a paid submit that may have been accepted the error says `x-should-retry: false`.
    """
    fault = read_fault(status, body)
    accepted: Accepted = "no" if 400 <= status < 500 and status not in {408, 499} else "unknown"
    row = _row_for(fault, target=about.target)
    retry = False if about.paid_submit and accepted == "unknown" else row.retry
    error = _error(row, fault, about, retry=retry)
    return Verdict(error=error, blame=row.blame, retry_after=error.retry_after, accepted=accepted)


def operation_error(status: Mapping[str, Any], *, about: ErrorContext | None = None) -> ApiError:
    """The error of a long-running operation (`{"code": google.rpc number, "message", "details"}`) or an interaction.

    The job had been accepted, so the error always says `x-should-retry: false`: a repeat is a new, paid job.
    """
    fault = read_operation_fault(status)
    about = about or ErrorContext()
    return _error(_row_for(fault, target=about.target), fault, about, retry=False)


def filtered(reasons: Sequence[str], count: int) -> ApiError:
    """The error for an operation that succeeded with `count` results withheld; `reasons` are Google's sentences.

    Withheld videos are not billed (Vertex AI pricing and Veo docs, 2026-11).
    """
    said = [presentable(reason) for reason in reasons if reason.strip()]
    meanings = list(dict.fromkeys(meaning for reason in reasons for meaning in explain_support_codes(reason)))
    message = " ".join(
        [
            f"Google's content filter withheld {count} result{'' if count == 1 else 's'}{_because(meanings)}.",
            *(f'Google said: "{reason}"' for reason in said),
            "Google does not bill withheld results. Rephrase the prompt or change the images.",
        ]
    )
    extra = {"reasons": said, "explanations": meanings}
    return BadRequest(message, code="content_filter", should_retry=False, extra=extra)


def _row_for(fault: Fault, *, target: Target) -> Row:
    named = next((row for row in CAUSES if row.fits(fault)), None)
    if named is not None:
        return named
    match fault.http:
        case 429 if any(value == "0" for value in fault.quota_values):
            return NO_QUOTA
        case 429 if any("perday" in quota_id.lower() for quota_id in fault.quota_ids):
            return PER_DAY
        case 404 if target is Target.MODEL and not fault.readable:
            return WEB_PAGE_404
        case 404:
            return NOT_FOUND[target]
        case status if status in BY_STATUS:
            return BY_STATUS[status]
        case status if 400 <= status < 500:
            return OTHER_4XX
        case status if status >= 500:
            return OTHER_5XX
        case _:
            return MAKES_NO_SENSE


def _error(row: Row, fault: Fault, about: ErrorContext, *, retry: bool | None) -> ApiError:
    model = presentable(about.model) if about.model else None
    ours = row.says.format(
        credential=f"credential {about.credential}" if about.credential else "the credential in use",
        model=model,
        target=f"model {model}" if model else "this model",
        link=_activation_link(fault),
        project=_project(fault, about),
        successor=f" Use {about.successor} instead." if about.successor else "",
        status=fault.http,
        explained=_because(explain_support_codes(fault.message)),
    )
    said = presentable(fault.message)
    return row.error(
        (ours[:1].upper() + ours[1:]) + (f' Google said: "{said}"' if said else ""),
        param="model" if row.code in {"model_not_found", "model_requires_billing", "wrong_endpoint"} else None,
        code=row.code,
        # A spent day comes with a delay of seconds; repeating it would send callers into a wall.
        retry_after=None if issubclass(row.error, QuotaExhausted) else fault.retry_after,
        should_retry=retry,
        extra={"successor": about.successor} if row.code == "model_not_found" and about.successor else None,
    )


def _because(meanings: Sequence[str]) -> str:
    return f" because of {', '.join(meanings)}" if meanings else ""


def _project(fault: Fault, about: ErrorContext) -> str:
    consumer = fault.metadata.get("consumer", "")
    project = about.project or (consumer if consumer.startswith("projects/") else "").removeprefix("projects/")
    return f"project {presentable(project)}" if project else "the Google Cloud project"


def _activation_link(fault: Fault) -> str:
    """Google's own link where it gives one, and only to Google's console: the caller may click on it."""
    link = fault.metadata.get("activationUrl", "")
    trusted = link.startswith(("https://console.developers.google.com/", "https://console.cloud.google.com/"))
    return redact(link) if trusted else "https://console.cloud.google.com/apis/library"
