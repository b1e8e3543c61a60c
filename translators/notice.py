"""What a caller is told about a request that was carried out, but not to the letter."""

from dataclasses import dataclass
from enum import StrEnum


class NoticeCode(StrEnum):
    """What was done."""

    UNKNOWN_FIELD = "unknown_field"
    """Nobody here knows the field; it had no effect."""
    NOT_SUPPORTED = "not_supported"
    """The field is known, but Google has nothing like it; it had no effect."""
    ADAPTED = "adapted"
    """The value was changed into the nearest thing that Google takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One entry of an answer's `warnings`: what happened to which field, in words."""

    code: NoticeCode
    message: str
    param: str | None = None

    def body(self) -> dict[str, str | None]:
        """The entry as JSON: `{"code", "message", "param"}`."""
        return {"code": self.code.value, "message": self.message, "param": self.param}
