"""Callbacks over TLS: to a pinned address, under the caller's name, to nobody else's certificate."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from proxy.callback_address import CallbackAddresses
from proxy.clock import SystemClock
from proxy.jobs.job import Job
from proxy.webhook_outbox import Outbox, Owed
from proxy.webhooks import Told, Webhooks
from tests.jobs import a_job_at
from translators.video.job_view import JobStatus, JobView

JOB = a_job_at("completed")
OWED = {"job_id": JOB.id, "caller": "alice", "base_url": "https://proxy.example"}


class EndedJobs:
    """A desk whose only job has ended."""

    async def get(self, job_id: str, caller: str) -> Job | None:
        """The job, for its caller."""
        return JOB if (job_id, caller) == (JOB.id, "alice") else None

    async def follow(self, job: Job, tick: float | None = None) -> AsyncIterator[Job]:
        """Nothing more happens."""
        yield job


class Outcome(Outbox):
    """An outbox that tells when something is no longer owed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.loop = asyncio.get_running_loop()
        self.settled = asyncio.Event()

    def remove(self, job_id: str) -> None:
        """It is over."""
        super().remove(job_id)
        self.loop.call_soon_threadsafe(self.settled.set)


class NoWaiting(SystemClock):
    """Sleeping takes no time."""

    async def sleep(self, seconds: float) -> None:
        """Let others go first."""
        await asyncio.sleep(0)


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of this name shows, and what trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))


@asynccontextmanager
async def https_server(tls: ssl.SSLContext, heard: list[Any]) -> AsyncIterator[int]:
    """A server on loopback that notes host and path of every call."""

    async def note(request: web.Request) -> web.StreamResponse:
        heard.append((request.host, request.path_qs))
        return web.Response(status=204)

    application = web.Application()
    application.router.add_post("/{path:.*}", note)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def webhooks(outbox: Outbox, trust: ssl.SSLContext) -> AsyncIterator[Webhooks]:
    """A sender for which hook.test is on this machine."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async def describe(job: Job, base_url: str) -> Told:
        view = JobView(
            id=job.id, status=JobStatus.COMPLETED, model="m", prompt="p", created_at=job.created_at, progress=100
        )
        return Told(view=view, event={"type": "video.generation.completed"})

    desk: Any = EndedJobs()
    sender = Webhooks(
        desk=desk,
        outbox=outbox,
        addresses=CallbackAddresses(["hook.test"], resolve=resolve),
        clock=NoWaiting(),
        describe=describe,
        secret_of=lambda caller: "",
        tls=trust,
    )
    try:
        yield sender
    finally:
        await sender.close()


@pytest.mark.parametrize(("name", "calls"), [("hook.test", 1), ("other.test", 0)])
async def test_the_certificate_must_be_of_the_name(tmp_path: Path, name: str, calls: int) -> None:
    """The connection goes to the checked address, but whoever answers there must be who the caller named."""
    heard: list[Any] = []
    server, trust = certificate(tmp_path, name)
    outbox = Outcome(tmp_path / "owed")
    async with https_server(server, heard) as port, webhooks(outbox, trust) as sender:
        await sender.promise(Owed(url=f"https://hook.test:{port}/in?a=b", **OWED))
        await asyncio.wait_for(outbox.settled.wait(), 30)
    assert heard == [(f"hook.test:{port}", "/in?a=b")] * calls
    assert outbox.all() == []


async def test_a_deleted_job_is_owed_nothing(tmp_path: Path) -> None:
    """There is nothing to tell."""
    outbox = Outcome(tmp_path / "owed")
    _, trust = certificate(tmp_path, "hook.test")
    outbox.put(Owed(url="https://hook.test/", **{**OWED, "job_id": "video_gone"}))
    async with webhooks(outbox, trust) as sender:
        await sender.start()
        await asyncio.wait_for(outbox.settled.wait(), 30)
    assert outbox.all() == []


async def test_a_full_disk_costs_only_the_memory(tmp_path: Path) -> None:
    """The job is paid for: its caller is called all the same."""
    (tmp_path / "owed").write_text("no folder can be made here")
    heard: list[Any] = []
    server, trust = certificate(tmp_path, "hook.test")
    outbox = Outcome(tmp_path / "owed" / "below")
    async with https_server(server, heard) as port, webhooks(outbox, trust) as sender:
        await sender.promise(Owed(url=f"https://hook.test:{port}/", **OWED))
        async with asyncio.timeout(30):
            while not heard:  # noqa: ASYNC110 -- the call itself is the event
                await asyncio.sleep(0.01)
    assert len(heard) == 1
