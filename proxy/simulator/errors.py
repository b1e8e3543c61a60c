"""Google's own error bodies, by the situation that calls for them.

Shapes and reasons: Google AI and Google Cloud error documentation and recorded answers, 2026-11. Where Google publishes
no wording, the status, the google.rpc name and the ErrorInfo reason are Google's and the sentence is ours.
"""

from collections.abc import Mapping
from typing import Any

RPC_NAMES: Mapping[int, str] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}

_DEFAULT_MESSAGES: Mapping[int, str] = {
    400: "Request contains an invalid argument.",
    401: "Request had invalid authentication credentials.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    429: "Resource exhausted. Please try again later.",
    500: "An internal error has occurred. Please retry.",
    503: "The model is overloaded. Please try again later.",
    504: "Deadline expired before operation could complete.",
}

GEMINI_SERVICE = "generativelanguage.googleapis.com"
GEMINI_ORIGIN = f"https://{GEMINI_SERVICE}/"
VERTEX_SERVICE = "aiplatform.googleapis.com"
CODE_ASSIST_SERVICE = "cloudaicompanion.googleapis.com"


class GoogleError(Exception):
    """A google.rpc.Status as the JSON surfaces send it: `{"error": {"code", "message", "status", "details"}}`."""

    def __init__(
        self, status: int, message: str, *, rpc: str | None = None, details: list[dict[str, Any]] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.rpc = rpc or RPC_NAMES.get(status, "UNKNOWN")
        self.details = details or []

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        error: dict[str, Any] = {"code": self.status, "message": self.message, "status": self.rpc}
        return {"error": {**error, "details": self.details} if self.details else error}


class InteractionError(Exception):
    """The Interactions API's own form, with a word for a code: `{"error": {"code": "invalid_request", "message"}}`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"error": {"code": self.code, "message": self.message}}


class OAuthError(Exception):
    """RFC 6749 section 5.2: `{"error", "error_description"}`."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"error": self.error, "error_description": self.description}


class NoSuchPage(Exception):
    """The front end's own 404: HTML, no JSON."""

    status = 404

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def html(self) -> str:
        """The page, as Google's front end words it."""
        return (
            "<!DOCTYPE html>\n<html lang=en>\n  <title>Error 404 (Not Found)!!1</title>\n"
            "  <p><b>404.</b> <ins>That's an error.</ins>\n"
            "  <p>The requested URL was not found on this server. <ins>That's all we know.</ins>\n"
        )


def error_info(reason: str, service: str, **metadata: str) -> dict[str, Any]:
    """A google.rpc.ErrorInfo detail."""
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": service, **metadata},
    }


def plain(status: int) -> GoogleError:
    """What Google says with this status when it says nothing in particular; 429 carries quota and retry details."""
    if status == 429:
        return quota_exhausted()
    return GoogleError(status, _DEFAULT_MESSAGES.get(status, "Unknown error."))


def api_key_invalid() -> GoogleError:
    """400, not 401: a wrong or expired API key."""
    message = "API key not valid. Please pass a valid API key."
    localized = {"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en-US", "message": message}
    return GoogleError(400, message, details=[error_info("API_KEY_INVALID", GEMINI_SERVICE), localized])


def unregistered_caller() -> GoogleError:
    """403: the Gemini API without any credential."""
    return GoogleError(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
        "form of API consumer identity to call this API.",
    )


def credentials_missing(service: str) -> GoogleError:
    """401: Vertex without a credential."""
    return GoogleError(
        401,
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other "
        "valid authentication credential.",
        details=[error_info("CREDENTIALS_MISSING", service)],
    )


def api_key_not_supported(method: str, service: str = VERTEX_SERVICE) -> GoogleError:
    """401: an API key where only a principal will do, as for Veo on Vertex."""
    return GoogleError(
        401,
        "API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that "
        "assert a principal.",
        details=[error_info("CREDENTIALS_MISSING", service, method=method)],
    )


def token_refused(reason: str, service: str) -> GoogleError:
    """401: an access token that is unknown (ACCESS_TOKEN_TYPE_UNSUPPORTED) or old (ACCESS_TOKEN_EXPIRED)."""
    return GoogleError(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential.",
        details=[error_info(reason, service)],
    )


def scope_insufficient(service: str, method: str) -> GoogleError:
    """403: a good token that was not issued for this API."""
    return GoogleError(
        403,
        "Request had insufficient authentication scopes.",
        details=[error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", service, method=method)],
    )


def service_disabled(service: str, project: str) -> GoogleError:
    """403: the API is not switched on in the project."""
    url = f"https://console.developers.google.com/apis/api/{service}/overview?project={project}"
    return GoogleError(
        403,
        f"{service} has not been used in project {project} before or it is disabled. Enable it by visiting {url} then "
        "retry.",
        details=[error_info("SERVICE_DISABLED", service, consumer=f"projects/{project}", activationUrl=url)],
    )


def permission_denied(permission: str, resource: str) -> GoogleError:
    """403: IAM says no; also what a project that is not the caller's looks like."""
    return GoogleError(
        403,
        f"Permission '{permission}' denied on resource '//{VERTEX_SERVICE}/{resource}' (or it may not exist).",
        details=[error_info("IAM_PERMISSION_DENIED", VERTEX_SERVICE, permission=permission, resource=resource)],
    )


def quota_exhausted(model: str = "unknown", *, retry_seconds: float = 34.4) -> GoogleError:
    """429 with QuotaFailure, Help and RetryInfo, as the Gemini API sends it for a per-minute quota."""
    types = "type.googleapis.com/google.rpc."
    violation = {
        "quotaMetric": f"{GEMINI_SERVICE}/generate_content_paid_tier_requests",
        "quotaId": "GenerateRequestsPerMinutePerProjectPerModel",
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": "10",
    }
    link = {
        "description": "Learn more about Gemini API quotas",
        "url": "https://ai.google.dev/gemini-api/docs/rate-limits",
    }
    return GoogleError(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        details=[
            {"@type": types + "QuotaFailure", "violations": [violation]},
            {"@type": types + "Help", "links": [link]},
            {"@type": types + "RetryInfo", "retryDelay": f"{retry_seconds:g}s"},
        ],
    )


def invalid(message: str) -> GoogleError:
    """400 INVALID_ARGUMENT."""
    return GoogleError(400, message)


def unknown_names(fields: list[tuple[str, str]]) -> GoogleError:
    """400: JSON keys that the message does not have, as (name, place); the place is in snake case, as protobuf's."""
    sentences = [
        f'Invalid JSON payload received. Unknown name "{name}"{f" at {place!r}" if place else ""}: Cannot find field.'
        for name, place in fields
    ]
    violations = [
        {"field": place, "description": sentence} if place else {"description": sentence}
        for (_, place), sentence in zip(fields, sentences, strict=True)
    ]
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}
    return GoogleError(400, "\n".join(sentences), details=[detail])


def model_retired(name: str) -> GoogleError:
    """404: a model that was."""
    return GoogleError(
        404,
        f"This model {name} is no longer available. Please update your code to use a newer model for the latest "
        "features and improvements.",
    )


def model_unknown(name: str, version: str, verb: str) -> GoogleError:
    """404: a model that never was, or that does not have this method (Gemini API)."""
    return GoogleError(
        404,
        f"{name} is not found for API version {version}, or is not supported for {verb}. Call ModelService.ListModels "
        "to see the list of available models and their supported methods.",
    )


def publisher_model_unknown(name: str) -> GoogleError:
    """404: the same on Vertex, also for a model that exists in another location only."""
    return GoogleError(
        404,
        f"Publisher Model `{name}` was not found or your project does not have access to it. Please ensure you are "
        "using a valid model version. For more information, see: "
        "https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions",
    )


def file_forbidden(file_id: str) -> GoogleError:
    """403: an unknown, expired or foreign file; Google does not say which."""
    return GoogleError(403, f"You do not have permission to access the File {file_id} or it may not exist.")
