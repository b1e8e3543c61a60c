"""`mediashim health` says by its exit code whether the proxy answers."""

import datetime as dt
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from proxy.cli.health import listening_url, main
from proxy.config import Config, load_config


@contextmanager
def answering(status: int, context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[str]]]:
    """A server on loopback that answers everything with this status; its port, and the paths it was asked for."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1], paths
        finally:
            server.shutdown()
            thread.join()


def test_up() -> None:
    """200 from /healthz where the environment says the proxy listens: exit code 0, not a word."""
    with answering(200) as (port, paths):
        assert main([], {"MEDIASHIM_PORT": str(port), "MEDIASHIM_HOST": "0.0.0.0"}) == 0
        assert paths == ["/healthz"]


def test_the_configuration_tells_where(tmp_path: Path) -> None:
    """The port of the file serves, named on the command line or in the environment."""
    with answering(200) as (port, paths):
        file = tmp_path / "config.yaml"
        file.write_text(f"port: {port}\n")
        assert main(["--config", str(file)], {}) == 0
        assert main([], {"MEDIASHIM_CONFIG": str(file)}) == 0
        assert main(["--url", f"http://127.0.0.1:{port}/"], {}) == 0
        assert len(paths) == 3


def test_unwell(capsys: pytest.CaptureFixture[str]) -> None:
    """Any other status is 1, and the line says which."""
    with answering(503) as (port, _):
        assert main([], {"MEDIASHIM_PORT": str(port)}) == 1
        assert capsys.readouterr().err == f"http://127.0.0.1:{port} answers 503\n"


@pytest.mark.parametrize(
    ("arguments", "environ", "words"),
    [
        ([], {"MEDIASHIM_PORT": "1"}, "http://127.0.0.1:1 does not answer"),
        (["--url", "gopher://x"], {}, "not an http(s) URL"),
        (["--url", "http://127.0.0.1:x"], {}, "does not answer"),
        ([], {"MEDIASHIM_PORT": "many"}, "must be a whole number"),
        (["--config", "/absent.yaml"], {}, "cannot be read"),
    ],
)
def test_down(arguments: list[str], environ: dict[str, str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody there, or nothing to ask: 1 and one reason, never a traceback."""
    assert main(arguments, environ) == 1
    assert words in capsys.readouterr().err


def test_tls(tmp_path: Path) -> None:
    """With TLS the check goes by https and does not mind that the certificate names another host."""
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with answering(200, context) as (port, _):
        file = tmp_path / "config.yaml"
        file.write_text(f"port: {port}\ntls: {{enable: true, cert: {certificate}, key: {key}}}\n")
        assert main(["--config", str(file)], {}) == 0


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:8317"),
        ("0.0.0.0", "http://127.0.0.1:8317"),
        ("::", "http://[::1]:8317"),
        ("::1", "http://[::1]:8317"),
        ("192.168.1.5", "http://192.168.1.5:8317"),
    ],
)
def test_where_to_knock(host: str, url: str) -> None:
    """An address to listen on becomes one to connect to."""
    assert listening_url(Config(host=host)) == url
    assert load_config(None, {}).config.port == 8317


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for another name, made for this test."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "media.example")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("192.0.2.1"))]), critical=False)
        .sign(private, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem", folder / "key.pem"
