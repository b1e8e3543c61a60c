"""Waiting for the browser to come back: on a loopback port, or pasted on standard input where there is no browser."""

import selectors
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Any, Self, TextIO

from proxy.credentials.oauth_consent import Consent, LoginError, code_in, is_ours

_PAGE = "<!doctype html><meta charset=utf-8><title>mediashim</title><p>{}</p>"


class Loopback:
    """Listens on 127.0.0.1 at a free port from `with` on. Raises OSError when there is none."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()

    @property
    def redirect_uri(self) -> str:
        """Where Google sends the browser."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def code(self, consent: Consent, *, typed: TextIO | None, seconds: float, complain: Callable[[str], object]) -> str:
        """The code, from whichever comes first; waits `seconds` at most between two signs of life.

        What answers another sign-in is told so and not used. Raises LoginError for a refusal, and when nothing comes.
        """
        self._server.consent = consent
        with selectors.SelectSelector() as selector:
            selector.register(self._server, selectors.EVENT_READ)
            _listen_to(typed, selector)
            while ready := selector.select(seconds):
                for key, _ in ready:
                    if key.fileobj is self._server:
                        self._server.handle_request()
                        if self._server.answered is not None:
                            return code_in(self._server.answered, consent)
                        continue
                    line = key.data.readline()
                    if not line:
                        selector.unregister(key.fileobj)
                    elif line.strip():
                        try:
                            return code_in(line.strip(), consent)
                        except LoginError as error:
                            complain(str(error))
        raise LoginError("Nobody signed in. Run `mediashim login` again.")


def _listen_to(typed: TextIO | None, selector: selectors.BaseSelector) -> None:
    if typed is None:
        return
    try:
        selector.register(typed.fileno(), selectors.EVENT_READ, typed)
    except (OSError, ValueError):
        return  # closed, or no file at all: then there is only the browser


class _Server(HTTPServer):
    consent: Consent
    answered: str | None = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that opens a connection and sends nothing is no news."""


class _Handler(BaseHTTPRequestHandler):
    timeout = 5
    server: _Server

    def do_GET(self) -> None:
        """Take the redirect; anything else (a favicon, a stale tab) is turned away."""
        if not is_ours(self.path, self.server.consent):
            self._say(404, "This is not the answer to the sign-in under way.")
            return
        self.server.answered = self.path
        self._say(200, "Thank you. You may close this page and go back to the terminal.")

    def _say(self, status: int, text: str) -> None:
        page = _PAGE.format(text).encode()
        self.send_response(status)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(page)))
        # The address holds the code: no page that this one leads to shall be told it.
        self.send_header("referrer-policy", "no-referrer")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Nothing: the request line holds the code."""
