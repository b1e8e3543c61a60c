"""One upload by google-genai's client: bytes in, Google's description of the file out.

The client blocks, and importing it takes a second: call `send` in a thread. It sends once (`attempts=1`: where aiohttp
is importable google-genai repeats POSTs by itself), and goes to the credential's own origin alone: the address of the
second request comes out of an answer, and its own default would follow a redirect with the key (measured, 3.4.0).
"""

import base64
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from proxy.addresses import GEMINI_HOST, split_version
from proxy.credentials.credential import Credential
from proxy.credentials.headers import configured_headers
from proxy.forward_proxy import forward_proxy
from translators.content import Media
from translators.errors import Unavailable, UpstreamFailed
from translators.google_errors import Blame, ErrorContext, Target, Verdict, judge

if TYPE_CHECKING:
    import httpx2
    from google import genai

TIMEOUT = 120.0
"""Seconds for one piece of 8 MiB."""


class UploadFailed(Exception):
    """The file is not at Google; nothing was paid. `verdict` says the rest."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.error.message)
        self.verdict = verdict


class _AwayFromHome(Exception):
    """An upload would have left the credential's own origin."""


def send(credential: Credential, media: Media, *, default_proxy_url: str | None = None) -> Mapping[str, Any]:
    """Upload a medium and return the `File` of Google's answer. Blocks. Raises UploadFailed."""
    import httpx2
    from google.genai import errors, types

    data = io.BytesIO(base64.b64decode(media.data))
    client = _client(credential, default_proxy_url)
    try:
        file = client.files.upload(file=data, config=types.UploadFileConfig(mime_type=media.mime_type))
    except errors.APIError as refusal:
        about = ErrorContext(credential=credential.id, target=Target.FILE)
        raise UploadFailed(judge(refusal.code, orjson.dumps(refusal.details), about=about)) from None
    except httpx2.HTTPError as failure:
        what = type(failure).__name__
        error = Unavailable(
            f"An input could not be uploaded to Google ({what}). Nothing was started.", code="upload_failed"
        )
        raise UploadFailed(Verdict(error=error, blame=Blame.UPSTREAM, accepted="no")) from None
    except (KeyError, ValueError, _AwayFromHome):
        strange = UpstreamFailed(
            f"The File API of {credential.id} did not take an input: its answer is none that an upload can go on with. "
            "Nothing was started.",
            code="upload_failed",
        )
        raise UploadFailed(Verdict(error=strange, blame=Blame.CREDENTIAL, accepted="no")) from None
    finally:
        client.close()
    return file.model_dump(mode="json", by_alias=True, exclude_none=True)


def _client(credential: Credential, default_proxy_url: str | None) -> "genai.Client":
    from google import genai
    from google.genai import types

    host, version = split_version(credential.base_url or GEMINI_HOST)
    home = _origin(host)

    def stay_home(request: "httpx2.Request") -> None:
        if _origin(str(request.url)) != home:
            raise _AwayFromHome

    return genai.Client(
        api_key=credential.secret or "none",
        enterprise=False,
        http_options=types.HttpOptions(
            base_url=host,
            api_version=version or "v1beta",
            timeout=int(TIMEOUT * 1000),
            retry_options=types.HttpRetryOptions(attempts=1),
            client_args={
                # By the client and not by the request: the bytes go without the options of the request that began them.
                "headers": configured_headers(credential),
                "proxy": forward_proxy(credential.proxy_url, default_proxy_url),
                "follow_redirects": False,
                # Not from the environment: a proxy or password of ~/.netrc is none of the credential's.
                "trust_env": False,
                "event_hooks": {"request": [stay_home]},
            },
        ),
    )


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
