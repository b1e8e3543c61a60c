"""The one door to Google: every byte to and from it passes here.

No redirect is followed, no request is repeated, and no credential leaves for another host, unless this file does so in
plain sight. Failures are NotSent or Lost (`upstream_failures.py`); an answer of any status is an answer.
"""

# ruff: noqa: ASYNC109  # aiohttp keeps the time; asyncio.timeout around a stream would interrupt the caller's own code

import asyncio
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
from yarl import URL

from proxy.addresses import STORAGE_HOST, Place, objects_url, storage_url, upload_url, url_for
from proxy.answer import Answer, Reply, answer_of
from proxy.breaker import Breaker
from proxy.connections import Connections, PoolSizes, Timeouts
from proxy.credentials.credential import Credential
from proxy.credentials.headers import auth_headers, call_headers, configured_headers, token_headers
from proxy.credentials.tokens import Tokens
from proxy.download_policy import MOST_HOPS, REDIRECTS, Hop, first_hop, home_of, next_hop
from proxy.forward_proxy import forward_proxy, is_socks
from proxy.metrics.google_call import GIVEN_UP, LOST, NOT_SENT, Asked, CallKind, GoogleCalls
from proxy.metrics.tally import Tallies
from proxy.upstream_body import LARGE_BODY, InPieces, Outgoing, in_pieces, length_of, written
from proxy.upstream_failures import Lost, NotSent, Phase, failures_named, phase_of_call
from translators.code_assist import in_envelope
from translators.errors import UpstreamFailed
from translators.google_errors import ErrorContext, Target, from_google
from translators.google_fault import read_fault
from translators.wire.call import GoogleCall, Surface

_MOST_ADDRESSES = 1024
_TOKEN_EXPIRED = frozenset({"ACCESS_TOKEN_EXPIRED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Address:
    url: URL
    host: str
    circuit: str
    """Host and port: what a circuit breaker is for."""


class Upstream:
    """Calls to Google over pooled connections; `open` before use, `close` after.

    `clock` returns seconds that never go backwards. `storage_base_url` replaces Cloud Storage's host. `allow_hosts` may
    be downloaded from although their addresses are not public.
    """

    def __init__(
        self,
        *,
        tokens: Tokens,
        clock: Callable[[], float],
        timeouts: Timeouts | None = None,
        sizes: PoolSizes | None = None,
        default_proxy_url: str | None = None,
        storage_base_url: str = STORAGE_HOST,
        allow_hosts: Collection[str] = (),
        tls: ssl.SSLContext | None = None,
        tallies: Tallies | None = None,
    ) -> None:
        self._tokens = tokens
        self._clock = clock
        self._calls = GoogleCalls(tallies or Tallies(), clock)
        self._breaker = Breaker(clock=clock)
        self._timeouts = timeouts or Timeouts()
        self._sizes = sizes or PoolSizes()
        self._default_proxy_url = default_proxy_url
        self._storage_base_url = storage_base_url
        self._allow_hosts = tuple(allow_hosts)
        self._tls = tls
        self._connections: Connections | None = None
        self._waiting = 0
        """Requests whose answer has not begun."""
        self._addresses: dict[tuple[object, ...], tuple[Place, _Address]] = {}

    async def open(self) -> None:
        """Make the connection pools; opening twice is opening once."""
        if self._connections is None:
            self._connections = Connections(sizes=self._sizes, tls=self._tls)

    async def close(self) -> None:
        """Close every connection; closing what is not open does nothing."""
        connections, self._connections = self._connections, None
        if connections is not None:
            await connections.close()

    def open_circuits(self) -> list[str]:
        """The hosts that have not answered lately and are spared calls; without a password that an address may have."""
        return [circuit.rpartition("@")[2] for circuit in self._breaker.open_hosts()]

    async def call(
        self,
        credential: Credential,
        call: GoogleCall,
        *,
        timeout: float,
        fresh_connection: bool = False,
        model: str | None = None,
    ) -> Reply:
        """Make one call and read the whole answer, within `timeout` seconds.

        A paid submit asks for a fresh connection. `model`, here and below, is what the call is counted under where it
        names none itself. Raises NotSent, Lost, TokenRefreshError, or BadRequest for a resource that makes no address.
        """
        async with self.stream(
            credential, call, timeout=timeout, fresh_connection=fresh_connection, model=model
        ) as answer:
            return Reply(status=answer.status, headers=answer.headers, body=await answer.read())

    @asynccontextmanager
    async def stream(
        self,
        credential: Credential,
        call: GoogleCall,
        *,
        timeout: float | None = None,
        fresh_connection: bool = False,
        caller_headers: Mapping[str, str] | None = None,
        model: str | None = None,
    ) -> AsyncIterator[Answer]:
        """`begin`, and the answer is closed at the end of the block."""
        answer = await self.begin(
            credential,
            call,
            timeout=timeout,
            fresh_connection=fresh_connection,
            caller_headers=caller_headers,
            model=model,
        )
        async with answer:
            yield answer

    async def begin(
        self,
        credential: Credential,
        call: GoogleCall,
        *,
        timeout: float | None = None,
        fresh_connection: bool = False,
        caller_headers: Mapping[str, str] | None = None,
        most_bytes: int | None = None,
        model: str | None = None,
    ) -> Answer:
        """Make one call and hand out the answer as it comes, for the caller to close.

        `timeout` (seconds) spans all of it, None sets no end. `caller_headers` (looked up in lower case) fill
        configured headers whose value is `$Name`. A bearer token that Google refuses as expired is renewed once and the
        call repeated: a 401 started nothing. Raises as `call` does, and BodyTooLarge for a body beyond `most_bytes`,
        of which nothing was sent.
        """
        asked = self._calls.asked(credential.id, call, model)
        if credential.surface is Surface.CODE_ASSIST:
            call = in_envelope(call, project=credential.project)
        address = self._address(credential, call)
        body = None if call.body is None else written(call.body, most_bytes)
        if body is not None and len(body) >= LARGE_BODY:
            await asyncio.sleep(0)  # what follows begins to send it: others have a turn between
        proof = await auth_headers(credential, self._tokens)
        may_renew = credential.kind.uses_tokens
        while True:
            answer = await self._request(
                credential,
                call.method,
                address,
                asked=asked,
                body=body,
                headers=call_headers(credential, proof, caller_headers, has_body=body is not None),
                timeout=timeout,
                fresh=fresh_connection,
            )
            if not may_renew or answer.status != 401:
                return answer
            refused = await answer.read_or_close()
            if not _token_expired(refused):
                return answer
            async with answer:
                shown = proof["authorization"].removeprefix("Bearer ")
                proof = token_headers(await self._tokens.renew(credential, refused=shown))
            may_renew = False

    @asynccontextmanager
    async def open_download(
        self,
        credential: Credential,
        url: str,
        *,
        byte_range: str | None = None,
        timeout: float | None = None,
        model: str = "",
        kind: CallKind = CallKind.DOWNLOAD,
    ) -> AsyncIterator[Answer]:
        """Open a result at its URL (https, or gs://bucket/object) and hand out its bytes, not decoded.

        Redirects are followed here, five at most; `download_policy.py` decides where to and which hop shows the
        credential. An expired token is renewed once. `byte_range` is a Range header. Raises NotSent, Lost,
        TokenRefreshError, and UpstreamFailed (codes `upstream_unsafe_url`, `upstream_redirects`).
        """
        home = home_of(credential, storage_base_url=self._storage_base_url, allow_hosts=self._allow_hosts)
        if url.startswith("gs://"):
            url = storage_url(url, storage_base_url=self._storage_base_url)
        hop = first_hop(url, home)
        hops, may_renew = 0, True
        asked = self._calls.of(credential.id, kind, model)
        while hops <= MOST_HOPS:
            headers = await self._download_headers(credential, hop, byte_range)
            answer = await self._request(
                credential,
                "GET",
                _parsed(hop.url),
                asked=asked,
                headers=headers,
                timeout=timeout,
                public_only=not hop.own,
                decode=False,
            )
            async with answer:
                refused = headers.get("authorization", "").removeprefix("Bearer ")
                if answer.status == 401 and refused and may_renew and _token_expired(await answer.read()):
                    may_renew = False
                    await self._tokens.renew(credential, refused=refused)
                    continue
                if answer.status not in REDIRECTS or "location" not in answer.headers:
                    yield answer
                    return
                hop = next_hop(hop, answer.headers["location"], home)
                hops += 1
        raise UpstreamFailed(
            f"The result lies behind more than {MOST_HOPS} redirects.", code="upstream_redirects", should_retry=False
        )

    @asynccontextmanager
    async def upload(
        self,
        credential: Credential,
        url: str | None,
        *,
        headers: Mapping[str, str],
        content: bytes | AsyncIterable[bytes],
    ) -> AsyncIterator[Answer]:
        """POST bytes to the credential's File API: `url` None begins an upload, else it is where one goes on.

        Pieces go on as they come and are held by nobody. The credential is shown to its own origin and Google's alone;
        anywhere else nothing is sent. `headers` are the protocol's own. Raises NotSent, Lost, TokenRefreshError,
        UpstreamFailed (code `upstream_unsafe_url`), and whatever `content` raises.
        """
        home = home_of(credential, storage_base_url=self._storage_base_url)
        hop = first_hop(url or upload_url(credential.place), home)
        if not hop.with_credential:
            raise UpstreamFailed(
                "The File API named an address for the upload that is not its own. Nothing was sent there.",
                code="upstream_unsafe_url",
                should_retry=False,
            )
        proof = await auth_headers(credential, self._tokens)
        answer = await self._request(
            credential,
            "POST",
            _parsed(hop.url),
            asked=self._calls.of(credential.id, CallKind.UPLOAD),
            headers={**configured_headers(credential), **headers, **proof},
            body=content if isinstance(content, bytes) else Outgoing(content),
            timeout=None,
        )
        async with answer:
            yield answer

    async def list_objects(self, credential: Credential, prefix: str, *, timeout: float) -> list[str]:
        """The gs:// names of the objects below `gs://bucket/prefix` (the first thousand, Cloud Storage JSON API).

        Raises as `open_download` does, and the ApiError of an answer that is no 200.
        """
        url = objects_url(prefix, storage_base_url=self._storage_base_url)
        bucket = prefix.removeprefix("gs://").partition("/")[0]
        async with self.open_download(credential, url, timeout=timeout, kind=CallKind.LIST) as answer:
            body = await answer.read()
        if answer.status != 200:
            raise from_google(answer.status, body, about=ErrorContext(credential=credential.id, target=Target.FILE))
        items: Any = orjson.loads(body)
        return [f"gs://{bucket}/{item['name']}" for item in items.get("items", ())]

    async def _download_headers(self, credential: Credential, hop: Hop, byte_range: str | None) -> dict[str, str]:
        # Compressed video gains nothing, and a range of a compressed body is not the range that was asked for.
        headers = {"accept-encoding": "identity", **({"range": byte_range} if byte_range else {})}
        if not hop.with_credential:
            return headers
        return {**configured_headers(credential), **headers, **await auth_headers(credential, self._tokens)}

    def _address(self, credential: Credential, call: GoogleCall) -> _Address:
        """Where a call goes; the same few models are called over and over."""
        key = (credential.id, call.resource, *call.query.items())
        place, known = self._addresses.get(key, (None, None))
        if known is None or place is not credential.place:
            if len(self._addresses) >= _MOST_ADDRESSES:
                self._addresses.clear()
            known = _parsed(url_for(call, credential.place))
            self._addresses[key] = credential.place, known
        return known

    async def _request(
        self,
        credential: Credential,
        method: str,
        address: _Address,
        *,
        asked: Asked,
        headers: Mapping[str, str],
        body: bytes | InPieces | Outgoing | None = None,
        timeout: float | None,
        fresh: bool = False,
        public_only: bool = False,
        decode: bool = True,
    ) -> Answer:
        """One HTTP request, as it is: nothing followed, nothing repeated; counted when it has ended."""
        if self._connections is None:
            raise RuntimeError("the upstream is not open")
        began = self._clock()
        if not self._breaker.allows(address.circuit):
            self._calls.ended(asked, began, NOT_SENT)
            raise NotSent(address.host, "it has not answered lately")
        proxy_url = forward_proxy(credential.proxy_url, self._default_proxy_url)
        session = self._connections.session(proxy_url=proxy_url, fresh=fresh, public_only=public_only)
        phase = Phase(alone=not self._waiting)
        phase_of_call.set(phase)
        self._waiting += 1
        try:
            with failures_named(address.host, phase):
                response = await session.request(
                    method,
                    address.url,
                    data=in_pieces(body) if isinstance(body, bytes | InPieces) else body,
                    headers={**headers, **length_of(body)},
                    proxy=None if proxy_url is None or is_socks(proxy_url) else proxy_url,
                    allow_redirects=False,
                    auto_decompress=decode,
                    timeout=_limits(timeout, self._timeouts.connect, self._timeouts.read),
                )
        except (NotSent, Lost) as failure:
            self._calls.ended(asked, began, NOT_SENT if isinstance(failure, NotSent) else LOST)
            if isinstance(body, Outgoing) and body.failure is not None:
                raise body.failure from None
            # A slow answer is no sign of a dead host: a model may simply take its time.
            if not (isinstance(failure, Lost) and failure.timed_out):
                self._breaker.failed(address.circuit)
            raise
        except asyncio.CancelledError:
            self._calls.ended(asked, began, GIVEN_UP)
            raise
        finally:
            self._waiting -= 1
        self._breaker.succeeded(address.circuit)
        return answer_of(response, host=address.host, surface=credential.surface, begun=(self._calls, asked, began))


def _parsed(url: str) -> _Address:
    parts = urlsplit(url)
    # As it is: a signed URL must not be spelled anew.
    return _Address(url=URL(url, encoded=True), host=parts.hostname or "", circuit=parts.netloc)


@lru_cache(maxsize=64)
def _limits(total: float | None, connect: float, read: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=total,
        connect=connect,
        # A model may think for minutes before its first byte: where the caller set an end, that rules.
        sock_read=read if total is None else None,
    )


def _token_expired(body: bytes) -> bool:
    """Whether a 401 is about the token's age: Google says so, or gives no reason at all (some of its front ends)."""
    return read_fault(401, body).reasons <= _TOKEN_EXPIRED
