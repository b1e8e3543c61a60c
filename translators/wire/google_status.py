"""google.rpc.Status as it arrives: `{"error": {"code", "message", "status", "details": [...]}}`.

Nothing here can fail to parse: an error body is read when something has already gone wrong, and a member of an
unexpected type must not hide the rest, so such a member reads as absent.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _only(kind: type | tuple[type, ...], otherwise: Any) -> BeforeValidator:
    return BeforeValidator(lambda value: value if isinstance(value, kind) else otherwise)


def _members(value: Any) -> list[Any]:
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> dict[str, str]:
    return {key: text for key, text in value.items() if isinstance(text, str)} if isinstance(value, dict) else {}


Text = Annotated[str, _only(str, "")]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, defer_build=True)


class QuotaViolation(_Wire):
    """One entry of google.rpc.QuotaFailure; `quotaId` holds the period, e.g. `...PerDayPerProjectPerModel-FreeTier`."""

    quota_id: Text = Field(default="", alias="quotaId")
    quota_value: Text = Field(default="", alias="quotaValue")


class ErrorDetail(_Wire):
    """One entry of `details`: google.rpc.ErrorInfo, QuotaFailure or RetryInfo, told apart by the members they carry."""

    type: Text = Field(default="", alias="@type")
    reason: Text = ""
    metadata: Annotated[dict[str, str], BeforeValidator(_texts)] = Field(default_factory=dict)
    retry_delay: Text = Field(default="", alias="retryDelay")
    violations: Annotated[list[QuotaViolation], BeforeValidator(_members)] = Field(default_factory=list)


class GoogleStatus(_Wire):
    """A google.rpc.Status; `code` is an HTTP status, a google.rpc number (in an operation), or an Interactions word."""

    code: Annotated[int | str | None, _only((int, str), None)] = None
    message: Text = ""
    status: Text = ""
    details: Annotated[list[ErrorDetail], BeforeValidator(_members)] = Field(default_factory=list)
