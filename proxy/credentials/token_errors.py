"""Why Google gave no token, and what the operator can do about it.

Wording of Google's token endpoint: RFC 6749, section 5.2; Google Identity docs, "Using OAuth 2.0 for server to server
applications", 2026-11.
"""

import re
from dataclasses import dataclass

from proxy.credentials.credential import Credential, CredentialKind
from proxy.credentials.secret_parts import secret_parts
from proxy.redaction import redactor
from translators.errors import ApiError, Unavailable, UpstreamFailed
from translators.google_errors import Blame, Verdict
from translators.redact import presentable

_SECRET = 8
"""A shorter text is no secret, and would black out words."""


class TokenRefreshError(Exception):
    """No token could be had for a credential; nothing was sent to the API. `verdict` says the rest."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.error.message)
        self.verdict = verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    prose: re.Pattern[str]
    code: str
    says: str


def _row(pattern: str, code: str, says: str) -> _Row:
    return _Row(prose=re.compile(pattern, re.IGNORECASE), code=code, says=says)


_SIGN_IN = "gcloud auth application-default login"
_SIGN_IN_HERE = "mediashim login"
_SIGN_IN_ELSEWHERE = "with the program that wrote its file in auth-dir"

REFUSALS: tuple[_Row, ...] = (
    _row(
        r"short-lived token|iat and exp|used too early|issued in the future",
        "upstream_clock_skew",
        "The proxy's clock is wrong, so Google refuses what {credential} signs. Set the clock (NTP) of the machine.",
    ),
    _row(
        r"invalid_rapt|reauth",
        "upstream_reauth_required",
        "Google wants the user behind {credential} to sign in again ({sign_in}). A service account avoids this.",
    ),
    _row(
        r"invalid jwt signature",
        "upstream_key_revoked",
        "The key of {credential} has been deleted or replaced. The operator must create a new key file.",
    ),
    _row(
        r"account not found|account (?:has been )?(?:disabled|deleted)|disabled_client",
        "upstream_account_disabled",
        "The account behind {credential} does not exist any more or is disabled. The operator must replace it.",
    ),
    _row(
        r"invalid_scope",
        "upstream_scope_insufficient",
        "{credential} may not use the scope https://www.googleapis.com/auth/cloud-platform. "
        "The operator must sign in again with it ({sign_in_with_scope}).",
    ),
    _row(
        r"invalid_client|unauthorized_client|deleted_client",
        "upstream_oauth_client_invalid",
        "The OAuth client of {credential} is wrong or was deleted. "
        "The operator must correct client_id and client_secret.",
    ),
    _row(
        r"invalid_grant",
        "upstream_login_expired",
        "The sign-in of {credential} has expired or was revoked. The operator must sign in again ({sign_in}).",
    ),
)
"""Refusals of the token endpoint, the first that fits."""

REFUSED = _row("", "upstream_token_refused", "Google gives no token for {credential}.")
WORKLOAD_REFUSED = _row(
    "",
    "upstream_workload_refused",
    "Google's token service refuses what the workload identity of {credential} shows. The operator must check the "
    "provider's issuer, allowed audience and attribute condition.",
)
NOT_CONFIGURED = _row(
    "",
    "upstream_no_default_credentials",
    f"There are no application default credentials for {{credential}}. The operator must run `{_SIGN_IN}`, set "
    "GOOGLE_APPLICATION_CREDENTIALS to a key file, or run on Google Cloud.",
)
MALFORMED = _row(
    "",
    "upstream_credential_malformed",
    "The file or settings of {credential} are no valid Google credential. The operator must correct them.",
)


def token_refresh_error(failure: Exception, credential: Credential) -> TokenRefreshError:
    """Turn a failure of google-auth's (or of reading a key) into a verdict on the credential."""
    from google.auth import exceptions  # lazily: nothing of Google's at import

    match failure:
        case exceptions.MalformedError():
            return _refused(MALFORMED, "", credential)
        case exceptions.DefaultCredentialsError():
            return _refused(NOT_CONFIGURED, "", credential)
        case exceptions.OAuthError():  # of the token service alone (google-auth 2.62)
            return _refused(WORKLOAD_REFUSED, str(failure.args[0]) if failure.args else "", credential)
        case exceptions.RefreshError():
            said = str(failure.args[0]) if failure.args else ""
            row = next((row for row in REFUSALS if row.prose.search(said)), REFUSED)
            return _refused(row, said, credential)
        case exceptions.TransportError() | OSError():
            return _unreachable(credential)
        case _:
            return _refused(MALFORMED, "", credential)


def _refused(row: _Row, said: str, credential: Credential) -> TokenRefreshError:
    sign_in, with_scope = _ways_in(credential)
    ours = row.says.format(
        credential=f"credential {credential.id}",
        sign_in=sign_in,
        sign_in_with_scope=with_scope,
    )
    told = _without_secrets(presentable(said), credential)
    message = ours[:1].upper() + ours[1:] + (f' Google said: "{told}"' if told else "")
    error: ApiError = UpstreamFailed(message, code=row.code, should_retry=False)
    return TokenRefreshError(Verdict(error=error, blame=Blame.CREDENTIAL, accepted="no"))


def _ways_in(credential: Credential) -> tuple[str, str]:
    """How its user signs in again, and how with the scope cloud-platform."""
    if credential.login_file is not None:
        return _SIGN_IN_HERE, _SIGN_IN_HERE
    if credential.kind is CredentialKind.CODE_ASSIST:
        return _SIGN_IN_ELSEWHERE, _SIGN_IN_ELSEWHERE
    return _SIGN_IN, f"{_SIGN_IN} --scopes=https://www.googleapis.com/auth/cloud-platform"


def _without_secrets(said: str, credential: Credential) -> str:
    """An endpoint may repeat what it was shown."""
    return redactor(part for part in secret_parts(credential) if len(part) >= _SECRET)(said)


def _unreachable(credential: Credential) -> TokenRefreshError:
    error = Unavailable(
        f"Google's token endpoint cannot be reached for credential {credential.id}. Nothing was started.",
        code="upstream_token_unreachable",
    )
    return TokenRefreshError(Verdict(error=error, blame=Blame.UPSTREAM, accepted="no"))
