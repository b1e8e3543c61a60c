"""Fetching the image or video that a caller names by URL: from public hosts, within bounds, typed by its content."""

import asyncio
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal, Self

import aiohttp
from yarl import URL

from proxy.config.schema import Fetch
from proxy.fetch.guarded_connector import Guard, NotPublic, Resolve, guarded_session, system_addresses
from proxy.fetch.magic import HEAD_BYTES, media_type
from proxy.fetch.public_address import why_not_public as _why_not_public
from translators.errors import BadRequest

MediaKind = Literal["image", "video", "document"]

IMAGES: frozenset[MediaKind] = frozenset({"image"})
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "its host name cannot be resolved"),
    (aiohttp.ClientConnectorCertificateError, "its TLS certificate is not valid"),
    (ssl.SSLError, "its TLS handshake failed"),
    (aiohttp.ClientSSLError, "its TLS handshake failed"),
    (aiohttp.ClientConnectorError, "no connection can be made to it"),
    (aiohttp.InvalidURL, "it is not a URL"),
    (aiohttp.ClientPayloadError, "the connection broke off in the middle of the file"),
    (aiohttp.ClientResponseError, "it does not answer in HTTP"),
    (aiohttp.ClientError, "the connection broke off"),
    (OSError, "the connection broke off"),
)
"""The first class that fits says it in words; the exception's own text may name addresses of this network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMedia:
    """A whole file, and what it is by its first bytes (`image/png`)."""

    data: bytes
    media_type: str


class MediaFetcher:
    """Fetches media for callers; one for the whole server, closed with it."""

    def __init__(
        self,
        settings: Fetch,
        *,
        resolve: Resolve = system_addresses,
        why_not_public: Callable[[str], str | None] = _why_not_public,
    ) -> None:
        self._timeout = settings.timeout
        self._limits: dict[MediaKind, int] = {
            "image": settings.max_image_bytes,
            "video": settings.max_video_bytes,
            "document": settings.max_image_bytes,
        }
        self._guard = Guard(resolve, why_not_public, settings.allow_hosts)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End all connections; may be called twice, or without a fetch before it."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def fetch(self, url: str, *, param: str, kinds: Collection[MediaKind] = IMAGES) -> FetchedMedia:
        """The file behind an http(s) URL.

        Raises BadRequest with `param` (where the URL stood in the request) for whatever goes wrong: the URL is the
        caller's, so its host's failures are too. The message names the URL without its query, which may hold a token.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._follow(_parsed(url, param), param, kinds)
        except TimeoutError:
            what = f"it took longer than {self._timeout:g} seconds"
        except NotPublic as refusal:
            raise _bad(
                f"{_shown(url)} cannot be fetched: its host, or that of a redirect, {refusal}. The operator can allow "
                "a host in fetch.allow-hosts; the file can also be sent as a data URI.",
                param,
                "url_not_allowed",
            ) from None
        except (aiohttp.ClientError, OSError) as failure:
            what = next(words for kind, words in _FAILURES if isinstance(failure, kind))
        raise _bad(f"{_shown(url)} cannot be fetched: {what}. Try again, or send the file as a data URI.", param)

    async def _follow(self, url: URL, param: str, kinds: Collection[MediaKind]) -> FetchedMedia:
        if self._session is None:
            self._session = guarded_session(self._guard)
        current = url
        for _ in range(MAX_REDIRECTS + 1):
            self._guard.check_literal(current)
            async with self._session.get(current, allow_redirects=False) as answer:
                if answer.status not in _REDIRECTS:
                    return await self._read(answer, _shown(str(url)), param, kinds)
                current = _parsed(str(current.join(_location(answer, url, param))), param)
        raise _bad(f"{_shown(str(url))} redirects more than {MAX_REDIRECTS} times.", param)

    async def _read(
        self, answer: aiohttp.ClientResponse, shown: str, param: str, kinds: Collection[MediaKind]
    ) -> FetchedMedia:
        if (status := answer.status) != 200:
            raise _bad(f"{shown} answers {status} instead of the file; check the link, and who may open it.", param)
        if answer.headers.get("content-encoding", "identity").lower() != "identity":
            raise _bad(f"{shown} sends the file compressed although it was asked not to.", param)
        limit = max(self._limits[kind] for kind in kinds)
        found: str | None = None
        data = bytearray()
        if answer.content_length is not None and answer.content_length > limit:
            raise _too_large(shown, limit, param)
        async for chunk in answer.content.iter_any():
            data += chunk
            if found is None and len(data) >= HEAD_BYTES:
                found = _expected_type(bytes(data[:HEAD_BYTES]), shown, param, kinds)
                limit = self._limits[_kind(found)]
            if len(data) > limit:
                raise _too_large(shown, limit, param)
        return FetchedMedia(
            data=bytes(data), media_type=found or _expected_type(bytes(data[:HEAD_BYTES]), shown, param, kinds)
        )


def _parsed(url: str, param: str) -> URL:
    try:
        parsed = URL(url)
        port = parsed.port
    except ValueError:
        raise _bad("This is not a URL; an http:// or https:// URL or a data URI is needed.", param) from None
    if parsed.scheme not in {"http", "https"} or not parsed.raw_host or not port:
        raise _bad(f"{_shown(url)} cannot be fetched: only http:// and https:// URLs and data URIs are.", param)
    if parsed.user is not None or parsed.password is not None:
        raise _bad("A URL with a user name or password in it is not fetched; use a link that needs neither.", param)
    return parsed.with_fragment(None)


def _location(answer: aiohttp.ClientResponse, url: URL, param: str) -> URL:
    try:
        return URL(answer.headers["location"])
    except (KeyError, ValueError):
        raise _bad(f"{_shown(str(url))} redirects without saying where to.", param) from None


def _expected_type(head: bytes, shown: str, param: str, kinds: Collection[MediaKind]) -> str:
    found = media_type(head)
    if found is not None and _kind(found) in kinds:
        return found
    what = found or ("a web page" if head.lstrip()[:1] == b"<" else "something else")
    raise _bad(
        f"{shown} is not {' or '.join(f'an {k}' if k == 'image' else f'a {k}' for k in kinds)}: by its content "
        f"it is {what}. Link to the file itself.",
        param,
        "unsupported_media_type",
    )


def _kind(found: str) -> MediaKind:
    major = found.partition("/")[0]
    return "image" if major == "image" else "video" if major == "video" else "document"


def _too_large(shown: str, limit: int, param: str) -> BadRequest:
    return _bad(f"{shown} is larger than {limit / 1e6:g} MB; send a smaller file.", param, "media_too_large")


def _bad(message: str, param: str, code: str = "media_not_fetched") -> BadRequest:
    return BadRequest(message, param=param, code=code)


def _shown(url: str) -> str:
    """The URL without user, query and fragment, cut short: enough to recognise it, nothing to abuse."""
    try:
        parsed = URL(url)
        shown = str(parsed.with_user(None).with_query(None).with_fragment(None))
    except ValueError:
        return "The URL"
    return shown if len(shown) <= 200 else f"{shown[:200]}..."
