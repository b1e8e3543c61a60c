"""Which credential's File API takes a caller's new file, and the beginning of a resumable upload there."""

from collections.abc import Collection, Mapping

from proxy.credentials.credential import Credential
from proxy.credentials.token_errors import TokenRefreshError
from proxy.services import Services
from proxy.upstream_failures import Lost, NotSent
from translators.errors import BadRequest
from translators.google_errors import ErrorContext, Target, judge
from translators.wire.call import Surface

SCOPE = "files"
"""What stands for a model where a credential is chosen."""


async def begun(services: Services, headers: Mapping[str, str], body: bytes) -> tuple[Credential, Mapping[str, str]]:
    """The credential whose File API takes the upload, and its answer. Raises the ApiError of the last that does not."""
    said = {
        **headers,
        "x-goog-upload-protocol": "resumable",
        "x-goog-upload-command": "start",
        "content-type": "application/json",
    }
    tried: set[str] = set()
    while True:
        credential = chosen(services, tried)
        tried.add(credential.id)
        try:
            async with services.upstream.upload(credential, None, headers=said, content=body) as answer:
                if answer.status == 200 and "x-goog-upload-url" in answer.headers:
                    services.pool.report(credential.id, SCOPE, None)
                    return credential, {name.lower(): value for name, value in answer.headers.items()}
                verdict = judge(answer.status, await answer.read(), about=about(credential))
        except TokenRefreshError as failure:
            verdict = failure.verdict
        except (NotSent, Lost) as failure:
            verdict = failure.verdict()
        services.pool.report(credential.id, SCOPE, verdict)
        # Nothing is paid for: whatever happened to the first, the next may be asked.
        if not verdict.may_try_another(paid=False) or not _candidates(services) - tried:
            raise verdict.error


def _candidates(services: Services) -> frozenset[str]:
    """The credentials with a File API: Gemini API keys, those that serve all kinds of requests before others."""
    gemini = [offer for offer in services.offers if offer.surface is Surface.GEMINI]
    general = [offer.credential_id for offer in gemini if not offer.interactions_only]
    return frozenset(general or [offer.credential_id for offer in gemini])


def chosen(services: Services, tried: Collection[str] = ()) -> Credential:
    """The next credential with a File API. Raises BadRequest where there is none, and as `CredentialPool.pick` does."""
    candidates = _candidates(services)
    if not candidates:
        raise BadRequest(
            "Files are kept by the Gemini API, and no Gemini API key is configured here: Vertex AI has no File API. "
            "Send the bytes in the request, or name an object of a Cloud Storage bucket (gs://...).",
            code="no_file_api",
        )
    return services.pool.pick(sorted(candidates), SCOPE, tried=tried)


def about(credential: Credential) -> ErrorContext:
    """What an error of the File API may tell."""
    return ErrorContext(credential=credential.id, target=Target.FILE)
