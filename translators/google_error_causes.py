"""Every cause that Google is known to name, in one table: the first row that fits decides what the caller hears.

Words are those of google/api/error_reason.proto and of the Gemini API docs, "API errors" (2026-11); prose is quoted
from answers that users of the Gemini API and Vertex AI published (2024 to 2026-11).

Two rules behind the statuses. Google's 401, and its 400 for a wrong key, concern the proxy's own credential: the
caller's key was fine, so the caller must not see a 401. Google's 403 stays a 403, with a code that says which.
"""

import re

from translators.errors import BadRequest, NotFound, PermissionDenied, QuotaExhausted, UpstreamFailed
from translators.google_error_row import Blame, Row


def _words(*reasons: str) -> frozenset[str]:
    return frozenset(reasons)


def _prose(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_KEYS_PAGE = "https://aistudio.google.com/apikey"

CAUSES: tuple[Row, ...] = (
    # -- the credential itself --------------------------------------------------------------------------------------
    Row(
        reasons=_words("API_KEY_INVALID"),
        prose=_prose(r"API key (?:not valid|expired)"),
        error=UpstreamFailed,
        code="upstream_invalid_api_key",
        blame=Blame.CREDENTIAL,
        retry=False,
        says=f"Google does not accept the API key of {{credential}}. The operator must replace it ({_KEYS_PAGE}).",
    ),
    Row(
        prose=_prose(r"reported as leaked"),
        error=PermissionDenied,
        code="upstream_api_key_leaked",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="Google has blocked the API key of {credential} because it was published. "
        f"The operator must create a new one ({_KEYS_PAGE}) and keep it out of public places.",
    ),
    Row(
        reasons=_words("ACCESS_TOKEN_EXPIRED"),
        error=UpstreamFailed,
        code="upstream_token_expired",
        blame=Blame.CREDENTIAL,
        says="The access token of {credential} has expired, and a fresh one was refused too. "
        "The operator must check the proxy's clock and sign in again.",
    ),
    Row(
        reasons=_words("ACCESS_TOKEN_TYPE_UNSUPPORTED"),
        prose=_prose(r"API keys are not supported by this API"),
        error=UpstreamFailed,
        code="upstream_token_type_unsupported",
        blame=Blame.CREDENTIAL_MODEL,
        retry=False,
        says="Google does not take this kind of credential here ({credential}). "
        "The operator must use a service account or an OAuth login for {target} on Vertex AI.",
    ),
    Row(
        reasons=_words("CREDENTIALS_MISSING"),
        error=UpstreamFailed,
        code="upstream_credentials_missing",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="Google saw no credential in the call made with {credential}. The operator must check its key or file, "
        "and that nothing between the proxy and Google removes headers.",
    ),
    Row(
        reasons=_words("ACCOUNT_STATE_INVALID", "USER_BLOCKED_BY_ADMIN", "GCP_SUSPENDED"),
        error=UpstreamFailed,
        code="upstream_account_disabled",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="The Google account behind {credential} is disabled or deleted. The operator must restore or replace it.",
    ),
    Row(
        reasons=_words("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        prose=_prose(r"insufficient authentication scopes"),
        error=PermissionDenied,
        code="upstream_scope_insufficient",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="The token of {credential} lacks the scope https://www.googleapis.com/auth/cloud-platform. "
        "The operator must sign in again with that scope (mediashim login, or gcloud auth application-default login "
        "--scopes=https://www.googleapis.com/auth/cloud-platform).",
    ),
    Row(
        reasons=_words("API_KEY_SERVICE_BLOCKED"),
        error=PermissionDenied,
        code="upstream_api_key_service_blocked",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="The API key of {credential} is restricted to other APIs. The operator must add this API to the key's "
        "API restrictions (https://console.cloud.google.com/apis/credentials).",
    ),
    Row(
        reasons=_words("API_KEY_HTTP_REFERRER_BLOCKED", "API_KEY_ANDROID_APP_BLOCKED", "API_KEY_IOS_APP_BLOCKED"),
        error=PermissionDenied,
        code="upstream_api_key_referrer_blocked",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="The API key of {credential} is restricted to certain web sites or apps, and a server is none of them. "
        "The operator must remove that restriction (https://console.cloud.google.com/apis/credentials).",
    ),
    Row(
        reasons=_words("API_KEY_IP_ADDRESS_BLOCKED"),
        error=PermissionDenied,
        code="upstream_api_key_ip_blocked",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="The API key of {credential} is restricted to certain IP addresses, and the proxy's is not among them. "
        "The operator must add it (https://console.cloud.google.com/apis/credentials).",
    ),
    # -- the project behind it --------------------------------------------------------------------------------------
    Row(
        reasons=_words("SERVICE_DISABLED"),
        prose=_prose(r"has not been used in project .* before or it is disabled"),
        error=PermissionDenied,
        code="upstream_api_not_enabled",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="The API is not enabled in {project} ({credential}). The operator must enable it: {link}",
    ),
    Row(
        reasons=_words("BILLING_DISABLED"),
        prose=_prose(r"requires billing to be enabled"),
        error=PermissionDenied,
        code="upstream_billing_disabled",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="Billing is off in {project} ({credential}). "
        "The operator must enable it: https://console.cloud.google.com/billing",
    ),
    Row(
        reasons=_words("CONSUMER_SUSPENDED"),
        prose=_prose(r"Consumer .* has been suspended"),
        error=PermissionDenied,
        code="upstream_consumer_suspended",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="Google has suspended {project} ({credential}). The operator must settle that with Google, "
        "or use another project.",
    ),
    Row(
        reasons=_words("CONSUMER_INVALID", "RESOURCE_PROJECT_INVALID"),
        error=PermissionDenied,
        code="upstream_project_invalid",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="Google does not know {project} ({credential}). The operator must correct the project id.",
    ),
    Row(
        reasons=_words("USER_PROJECT_DENIED"),
        error=PermissionDenied,
        code="upstream_user_project_denied",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="{credential} may not charge its quota project. The operator must grant it "
        "roles/serviceusage.serviceUsageConsumer there, or set another quota project.",
    ),
    Row(
        reasons=_words(
            "SECURITY_POLICY_VIOLATED",
            "LOCATION_POLICY_VIOLATED",
            "ORG_RESTRICTION_VIOLATION",
            "RESOURCE_USAGE_RESTRICTION_VIOLATED",
            "LOCATION_TAX_POLICY_VIOLATED",
        ),
        error=PermissionDenied,
        code="upstream_policy_violated",
        blame=Blame.CREDENTIAL_MODEL,
        retry=False,
        says="A policy of the organisation behind {credential} forbids this call. Its administrator must allow it.",
    ),
    Row(
        reasons=_words("IAM_PERMISSION_DENIED"),
        prose=_prose(r"Permission '[\w.]+' denied"),
        error=PermissionDenied,
        code="upstream_iam_permission_denied",
        blame=Blame.CREDENTIAL_MODEL,
        retry=False,
        says="{credential} lacks an IAM permission in {project}. The operator must grant it roles/aiplatform.user "
        "(and, for a bucket, storage.objects.get and storage.objects.create).",
    ),
    # -- money and quota --------------------------------------------------------------------------------------------
    Row(
        prose=_prose(
            r"only (?:accessible|available) to billed users|billed users only|free tier is not available"
            r"|without a billing account|(?:please )?enable billing"
        ),
        http=frozenset({400, 403}),
        error=BadRequest,
        code="model_requires_billing",
        blame=Blame.CREDENTIAL_MODEL,
        retry=False,
        says="Google serves {target} to paying projects only, and that of {credential} has no billing. The operator "
        "must set up billing (https://aistudio.google.com/projects), or the request must name another model.",
    ),
    Row(
        reasons=_words("payment_required", "SPENDING_CAP_EXCEEDED"),
        prose=_prose(r"spend(?:ing)?[ -]cap|SPENDING_CAP_EXCEEDED|\bpre-?pa(?:y|id)\w*.*(?:deplet|exhaust)"),
        error=QuotaExhausted,
        code="insufficient_quota",
        blame=Blame.CREDENTIAL,
        says="The spending cap or prepaid credit of {credential} is used up. "
        "The operator must raise or refill it (https://aistudio.google.com/spend).",
    ),
    Row(
        reasons=_words("quota_exceeded"),
        error=QuotaExhausted,
        code="insufficient_quota",
        blame=Blame.CREDENTIAL_MODEL,
        says="The daily quota of {credential} for {target} is used up. "
        "Wait until it resets, use another model, or ask the operator for a higher quota.",
    ),
    # -- the request ------------------------------------------------------------------------------------------------
    Row(
        prose=_prose(r"support codes?:|usage guidelines|responsible ai|violat\w+ .*(?:safety|content) polic"),
        http=frozenset({400, 403}),
        error=BadRequest,
        code="content_filter",
        blame=Blame.REQUEST,
        retry=False,
        says="Google's content filter refused the request{explained}. Rephrase the prompt or change the images.",
    ),
    Row(
        prose=_prose(r"user location is not supported"),
        error=BadRequest,
        code="location_not_supported",
        blame=Blame.CREDENTIAL,
        retry=False,
        says="Google does not offer the Gemini API where the proxy runs. The operator must use Vertex AI, or a proxy "
        "server in a supported country (https://ai.google.dev/gemini-api/docs/available-regions).",
    ),
    Row(
        prose=_prose(
            r"only supports? (?:the )?interactions api|operation id must be a long"
            r"|not supported (?:by|on) this (?:method|endpoint)|does not support this (?:method|endpoint)"
        ),
        error=BadRequest,
        code="wrong_endpoint",
        blame=Blame.CREDENTIAL_MODEL,
        retry=False,
        says="Google does not serve {target} through the method that was called. Use a model of the right kind, or ask "
        "the operator to correct this model's backend in the catalogue.",
    ),
    Row(
        http=frozenset({403, 404}),
        prose=_prose(r"(?:permission to access the file|file) .*may not exist|file .* not found"),
        error=NotFound,
        code="file_not_found",
        blame=Blame.REQUEST,
        says="Google no longer has this file, or it belongs to another credential than {credential}. "
        "Google keeps generated files for two days.",
    ),
    Row(
        http=frozenset({400, 404}),
        prose=_prose(r"no longer available|has been (?:shut down|retired|discontinued)|is retired"),
        error=NotFound,
        code="model_not_found",
        blame=Blame.CREDENTIAL_MODEL,
        retry=False,
        says="Google has retired {target}.{successor}",
    ),
    Row(
        reasons=_words("model_not_found"),
        error=NotFound,
        code="model_not_found",
        blame=Blame.CREDENTIAL_MODEL,
        says="Google does not know {target}, or not for {credential}.{successor} GET /v1/models lists what is there.",
    ),
)
"""By machine word or by prose; a cause told by prose alone stands after those with a word of their own kind."""
