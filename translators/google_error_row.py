"""One row of the table of Google's errors: how a cause is recognised, and what becomes of it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from translators.errors import ApiError
from translators.google_fault import Fault


class Blame(StrEnum):
    """Whose fault a failure is, and so what else may help."""

    REQUEST = "request"
    """The request: it fails with every credential."""
    CREDENTIAL = "credential"
    """The credential: it fails with every model."""
    CREDENTIAL_MODEL = "credential_model"
    """This credential with this model: a quota, an allow-list, a region."""
    UPSTREAM = "upstream"
    """Google, or the way there: it may pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cause: how it is recognised (`reasons` or `prose`, within `http` if given) and what becomes of it.

    `says` is a template over {credential}, {model}, {target}, {link}, {project}, {successor}, {status}.
    """

    error: type[ApiError]
    code: str
    blame: Blame
    says: str
    http: frozenset[int] = frozenset()
    reasons: frozenset[str] = frozenset()
    prose: re.Pattern[str] | None = None
    retry: bool | None = None

    def fits(self, fault: Fault) -> bool:
        """Whether this row is about that fault."""
        if self.http and fault.http not in self.http:
            return False
        return bool(self.reasons & fault.reasons) or bool(self.prose and self.prose.search(fault.message))
