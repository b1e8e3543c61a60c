"""What was certainly not sent is told from what may have arrived, proved on real sockets."""

import asyncio
import ipaddress
import secrets
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from proxy.connections import Timeouts
from proxy.credentials.credential import Credential
from proxy.credentials.load import gemini_api_key
from proxy.credentials.tokens import Tokens
from proxy.metrics.tally import Tallies
from proxy.upstream import Upstream
from proxy.upstream_failures import Lost, NotSent
from tests.proxy.raw_servers import (
    Behaviour,
    answer,
    answer_once_then_close,
    answer_short,
    close_before_reading,
    hang,
    raw_server,
    read_then_close,
    read_then_hang,
    talk_nonsense,
)
from translators.errors import Unavailable, UpstreamFailed, UpstreamTimeout
from translators.google_errors import Blame
from translators.wire.call import GoogleCall

KEY = secrets.token_hex(20)
SUBMIT = GoogleCall(resource="models/veo:predictLongRunning", body={"instances": [{"prompt": "a cat"}]})


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def upstream_with(**settings: Any) -> Upstream:
    return Upstream(tokens=Tokens(now=lambda: datetime.now(UTC)), clock=settings.pop("clock", Clock()), **settings)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    upstream = upstream_with(timeouts=Timeouts(connect=5.0, read=5.0))
    await upstream.open()
    yield upstream
    await upstream.close()


def key_at(port: int, scheme: str = "http") -> Credential:
    return gemini_api_key(KEY, base_url=f"{scheme}://127.0.0.1:{port}")


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> ssl.SSLContext:
    """A server context with a self-signed certificate for 127.0.0.1, also written to `folder`/cert.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


async def submit(upstream: Upstream, credential: Credential, *, within: float = 5.0, fresh: bool = True) -> Any:
    return await upstream.call(credential, SUBMIT, timeout=within, fresh_connection=fresh)


@pytest.mark.parametrize("fresh", [True, False])
async def test_a_refused_connection_is_not_sent(upstream: Upstream, fresh: bool) -> None:
    """Nobody listens: nothing was sent."""
    with pytest.raises(NotSent) as caught:
        await submit(upstream, key_at(a_free_port()), fresh=fresh)
    assert KEY not in str(caught.value) + repr(caught.value.__cause__)


async def test_an_unknown_name_is_not_sent(upstream: Upstream) -> None:
    """A host that does not exist: nothing was sent."""
    with pytest.raises(NotSent, match=r"no-such-host\.invalid"):
        await submit(upstream, gemini_api_key(KEY, base_url="http://no-such-host.invalid"))


async def test_an_untrusted_certificate_is_not_sent(upstream: Upstream, tmp_path: Path) -> None:
    """TLS refuses before the first byte of the request."""
    async with raw_server(answer, tls=certificate(tmp_path)) as server:
        with pytest.raises(NotSent, match="certificate"):
            await submit(upstream, key_at(server.port, "https"))
        assert server.requests == []


async def test_a_trusted_certificate_is_spoken_to(tmp_path: Path) -> None:
    """The same server with a trusted certificate answers: it was the trust that failed above."""
    context = certificate(tmp_path)
    trusting = upstream_with(tls=ssl.create_default_context(cafile=tmp_path / "cert.pem"))
    await trusting.open()
    async with raw_server(answer, tls=context) as server:
        reply = await submit(trusting, key_at(server.port, "https"))
        assert (reply.status, reply.body) == (200, b"{}")
    await trusting.close()


async def test_a_failed_handshake_is_not_sent(upstream: Upstream) -> None:
    """A server that does not speak TLS never sees the request."""
    async with raw_server(talk_nonsense) as server:
        with pytest.raises(NotSent):
            await submit(upstream, key_at(server.port, "https"))


async def test_a_handshake_that_hangs_is_not_sent(upstream: Upstream) -> None:
    """Out of time before TLS stood: still nothing was sent, whichever clock ran out."""
    async with raw_server(hang) as server:
        with pytest.raises(NotSent):
            await submit(upstream, key_at(server.port, "https"), within=0.05)


@pytest.mark.parametrize("behaviour", [close_before_reading, read_then_close, talk_nonsense, answer_short])
@pytest.mark.parametrize("fresh", [True, False])
async def test_a_connection_that_ends_without_an_answer_is_lost(
    upstream: Upstream, behaviour: Behaviour, fresh: bool
) -> None:
    """Once connected, the request may have arrived, whatever the peer did with it."""
    async with raw_server(behaviour) as server:
        with pytest.raises(Lost) as caught:
            await submit(upstream, key_at(server.port), fresh=fresh)
        assert KEY not in str(caught.value)
        assert not caught.value.timed_out


async def test_no_answer_in_time_is_lost(upstream: Upstream) -> None:
    """A hang after the request is the case that must never be sent again."""
    async with raw_server(read_then_hang) as server:
        with pytest.raises(Lost) as caught:
            await submit(upstream, key_at(server.port), within=0.3)
        assert caught.value.timed_out


async def test_a_stream_without_an_end_of_its_own_does_not_hang_for_ever() -> None:
    """The time between two pieces is limited where the whole is not."""
    upstream = upstream_with(timeouts=Timeouts(read=0.2))
    await upstream.open()

    async def stream(credential: Credential) -> None:
        async with upstream.stream(credential, SUBMIT):
            raise AssertionError("the server never answers")

    async with raw_server(read_then_hang) as server:
        with pytest.raises(Lost) as caught:
            await stream(key_at(server.port))
        assert caught.value.timed_out
    await upstream.close()


@pytest.mark.parametrize("behaviour", [read_then_close, talk_nonsense, answer_short, close_before_reading])
@pytest.mark.parametrize("fresh", [True, False])
async def test_a_post_is_never_sent_twice(upstream: Upstream, behaviour: Behaviour, fresh: bool) -> None:
    """One call is one connection and at most one request: nothing below the door repeats a POST by itself."""
    async with raw_server(behaviour) as server:
        with pytest.raises(Lost):
            await submit(upstream, key_at(server.port), fresh=fresh)
        assert server.connections == 1
        assert len(server.requests) <= 1


async def test_an_idle_connection_that_dies_cannot_make_a_submit_ambiguous(upstream: Upstream) -> None:
    """A fresh connection is used although a pooled one is idle, so its closing by the peer is nobody's concern."""
    async with raw_server(answer_once_then_close) as server:
        credential = key_at(server.port)
        assert (await submit(upstream, credential, fresh=False)).status == 200
        assert (await submit(upstream, credential, fresh=True)).status == 200
        assert server.connections == 2


async def test_a_pooled_connection_that_dies_loses_the_post_and_sends_it_once(upstream: Upstream) -> None:
    """This is why submits ask for a fresh one; aiohttp does not repeat the POST either."""
    async with raw_server(answer_once_then_close) as server:
        credential = key_at(server.port)
        await submit(upstream, credential, fresh=False)
        with pytest.raises(Lost):
            await submit(upstream, credential, fresh=False)
        assert (server.connections, len(server.requests)) == (1, 2)


async def test_calls_share_connections_unless_told_not_to(upstream: Upstream) -> None:
    """Polls reuse one connection; a fresh connection is never given back."""
    async with raw_server(answer) as server:
        credential = key_at(server.port)
        for _ in range(3):
            await submit(upstream, credential, fresh=False)
        assert server.connections == 1
        for _ in range(2):
            await submit(upstream, credential, fresh=True)
        assert server.connections == 3
        assert b"connection: close" in server.requests[-1].lower()


async def test_a_stream_that_breaks_off_is_lost(upstream: Upstream) -> None:
    """A cut body is an error at the reader, never a short success."""
    async with raw_server(answer_short) as server, upstream.stream(key_at(server.port), SUBMIT) as streamed:

        async def drain() -> list[bytes]:
            return [chunk async for chunk in streamed]

        with pytest.raises(Lost):
            await drain()


async def test_a_call_is_counted_by_how_it_ended() -> None:
    """Not sent, lost before or in the middle of its answer, given up, or answered: each once, with its seconds."""
    tallies, clock = Tallies(), Clock()
    upstream = upstream_with(tallies=tallies, clock=clock)
    await upstream.open()
    with pytest.raises(NotSent):
        await submit(upstream, key_at(a_free_port()))
    for broken in (close_before_reading, answer_short):
        async with raw_server(broken) as server:
            with pytest.raises(Lost):
                await submit(upstream, key_at(server.port))
    async with raw_server(read_then_hang) as server:
        task = asyncio.create_task(submit(upstream, key_at(server.port)))
        await server.request_seen.wait()
        clock.now = 7.0
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with raw_server(answer) as server:
        await submit(upstream, key_at(server.port))
    await upstream.close()

    counted = [(*labels[1:], sum(bars[:-1]), bars[-1]) for labels, bars in tallies.google_calls.series.items()]
    assert counted == [
        ("other", "submit", "not_sent", 1, 0.0),
        ("other", "submit", "lost", 1, 0.0),
        ("other", "submit", "lost", 1, 0.0),
        ("other", "submit", "given_up", 1, 7.0),
        ("other", "submit", 200, 1, 0.0),
    ]
    assert not [labels for labels in tallies.google_calls.series if KEY in labels]


async def test_a_caller_that_goes_away_closes_the_connection(upstream: Upstream) -> None:
    """A cancelled call leaves nothing behind."""
    async with raw_server(read_then_hang) as server:
        task = asyncio.create_task(submit(upstream, key_at(server.port)))
        await server.request_seen.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_five_failures_spare_the_next_caller_the_wait() -> None:
    """The breaker opens per host, says that nothing was sent, and lets one call through after its rest."""
    clock = Clock()
    upstream = upstream_with(clock=clock)
    await upstream.open()
    async with raw_server(close_before_reading) as server, raw_server(answer) as healthy:
        for _ in range(5):
            with pytest.raises(Lost):
                await submit(upstream, key_at(server.port))
        with pytest.raises(NotSent, match="lately"):
            await submit(upstream, key_at(server.port))
        assert server.connections == 5
        assert (await submit(upstream, key_at(healthy.port))).status == 200
        clock.now += 30.0
        with pytest.raises(Lost):
            await submit(upstream, key_at(server.port))
        assert server.connections == 6
    await upstream.close()


async def test_slow_answers_do_not_open_the_breaker() -> None:
    """A model that takes its time says nothing of its host."""
    upstream = upstream_with()
    await upstream.open()
    async with raw_server(read_then_hang) as server:
        for _ in range(6):
            with pytest.raises(Lost):
                await submit(upstream, key_at(server.port), within=0.2)
        assert server.connections == 6
    await upstream.close()


def test_what_was_not_sent_may_be_sent_again() -> None:
    """A verdict that frees even a paid submit for another credential."""
    verdict = NotSent("h", "no connection").verdict()
    assert isinstance(verdict.error, Unavailable)
    assert (verdict.blame, verdict.accepted, verdict.error.should_retry) == (Blame.UPSTREAM, "no", None)
    assert verdict.may_try_another(paid=True)


@pytest.mark.parametrize(("timed_out", "kind"), [(True, UpstreamTimeout), (False, UpstreamFailed)])
def test_what_was_lost_is_not_repeated_when_paid(timed_out: bool, kind: type) -> None:
    """A verdict that tells a paid caller not to retry, and leaves an unpaid one to its own rules."""
    lost = Lost("h", "it hung up", timed_out=timed_out)
    paid, unpaid = lost.verdict(paid_submit=True), lost.verdict()
    assert isinstance(paid.error, kind)
    assert (paid.accepted, paid.error.should_retry, unpaid.error.should_retry) == ("unknown", False, None)
    assert not paid.may_try_another(paid=True)
    assert unpaid.may_try_another(paid=False)
