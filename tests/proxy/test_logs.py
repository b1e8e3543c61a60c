"""Log lines can be read by people and machines, and no secret comes through, however it got there."""

import io
import json
import logging
import uuid
from collections.abc import Iterator
from typing import Literal

import pytest

from proxy.logs import configure, event

FORMATS: tuple[Literal["plain", "json"], ...] = ("plain", "json")


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    """Puts the root logger's handlers and level back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def logged(
    line_format: Literal["plain", "json"], secrets: list[str], level: str = "info"
) -> tuple[logging.Logger, io.StringIO]:
    """A logger and the stream its lines go to."""
    stream = io.StringIO()
    configure(level, line_format, secrets, stream=stream)
    return logging.getLogger("proxy.some.room"), stream


def fail_with(secret: str) -> None:
    """Raises a chain of exceptions, each with the secret in its text, one with a note."""
    local = secret
    try:
        raise KeyError(local)
    except KeyError as error:
        failure = RuntimeError(f"cannot use {local}")
        failure.add_note(f"the key was {local}")
        raise failure from error


@pytest.mark.parametrize("line_format", FORMATS)
def test_no_way_in_is_a_way_out(line_format: Literal["plain", "json"]) -> None:
    """Message, arguments, fields, nested fields, tracebacks, stacks, bad placeholders: the secret is in none."""
    secret = uuid.uuid4().hex
    logger, stream = logged(line_format, [secret])
    logger.info("plain %s", secret)
    logger.info("an object %r", {"a": [secret]})
    logger.info("bad placeholder %d", secret)
    event(
        logger,
        "request",
        key=secret,
        nested={secret: [secret, (secret,)]},
        thing=ValueError(secret),
        raw=secret.encode(),
    )
    logger.warning("a stack", stack_info=True)
    try:
        fail_with(secret)
    except RuntimeError:
        logger.exception("it failed for %s", secret)
    written = stream.getvalue()
    assert secret not in written
    assert written.count("[redacted]") >= 8
    assert "fail_with" in written, "the traceback itself is there"
    assert "the key was [redacted]" in written


@pytest.mark.parametrize("line_format", FORMATS)
def test_unknown_secrets_are_known_by_their_looks(line_format: Literal["plain", "json"]) -> None:
    """A key that no configuration holds is recognised, in a text and under a telling name."""
    secret = uuid.uuid4().hex
    logger, stream = logged(line_format, [])
    logger.info("GET /v1beta/models?key=%s", secret)
    event(logger, "headers", authorization=secret, headers={"x-goog-api-key": secret})
    assert secret not in stream.getvalue()


def test_a_line_that_cannot_be_written_says_only_that() -> None:
    """The standard library would print the raw arguments of such a line."""
    secret = uuid.uuid4().hex

    class Stubborn:
        def __str__(self) -> str:
            raise RuntimeError(secret)

    logger, stream = logged("json", [])
    logger.info("%s", Stubborn())
    assert stream.getvalue() == "a log line of proxy.some.room could not be written\n"


def test_plain_lines() -> None:
    """Time in UTC, level, logger, message, then fields that a shell can cut."""
    logger, stream = logged("plain", [])
    event(logger, "request", method="POST", status=200, ms=3.25, note="two words", empty="")
    moment, rest = stream.getvalue().split(" ", 1)
    assert moment.endswith("Z")
    assert rest == 'INFO proxy.some.room request method=POST status=200 ms=3.25 note="two words" empty=""\n'


def test_json_lines() -> None:
    """One object a line, numbers as numbers, nothing that is not JSON."""
    logger, stream = logged("json", [])
    event(logger, "request", status=200, ms=3.25, ok=True, none=None, path=object, big=2**70, half="\udcff")
    line = json.loads(stream.getvalue())
    assert {
        name: line[name] for name in ("level", "logger", "message", "status", "ms", "ok", "none", "big", "half")
    } == {
        "level": "info",
        "logger": "proxy.some.room",
        "message": "request",
        "status": 200,
        "ms": 3.25,
        "ok": True,
        "none": None,
        "big": str(2**70),
        "half": "?",
    }


@pytest.mark.parametrize("line_format", FORMATS)
def test_a_callers_text_cannot_forge_a_line(line_format: Literal["plain", "json"]) -> None:
    """Line breaks and terminal codes from outside stay inside their line."""
    logger, stream = logged(line_format, [])
    logger.info("model %s", "x\n2026-11-21 ERROR forged\x1b[31m\r")
    event(logger, "request", model="a\nb\u2028c")
    assert stream.getvalue().count("\n") == 2
    assert "\x1b" not in stream.getvalue()


def test_fields_cannot_hide_the_message() -> None:
    """A field named like one of the line's own members does not replace it."""
    logger, stream = logged("json", [])
    event(logger, "true", time="never", message="false")
    assert json.loads(stream.getvalue())["message"] == "true"


def test_the_level_holds_and_a_second_call_replaces_the_first() -> None:
    """Lines below the level are not written, and each line is written once."""
    logger, first = logged("plain", [], "error")
    event(logger, "quiet")
    logger, second = logged("plain", [], "debug")
    event(logger, "heard", level=logging.DEBUG)
    assert first.getvalue() == ""
    assert second.getvalue().count("heard") == 1


def test_nobody_is_advised_to_install_websockets() -> None:
    """uvicorn says so of each request for an upgrade; that it was one may stand there."""
    _, stream = logged("plain", [])
    uvicorn = logging.getLogger("uvicorn.error")
    for said in ("Unsupported upgrade request.", "No supported WebSocket library detected. Please use ..."):
        # Handed over as it is: servers of other tests set this logger's level.
        uvicorn.handle(logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, said, None, None))
    [line] = stream.getvalue().splitlines()
    assert line.endswith("Unsupported upgrade request.")


def test_uvicorns_own_handlers_are_taken_over() -> None:
    """A server that set up its own logging does not print past the blackener."""
    secret = uuid.uuid4().hex
    raw = io.StringIO()
    access = logging.getLogger("uvicorn.access")
    access.addHandler(logging.StreamHandler(raw))
    access.propagate = False
    access.setLevel(logging.NOTSET)  # a server of another test may have raised it
    _, stream = logged("plain", [secret])
    access.warning("GET /?key=%s", secret)
    assert raw.getvalue() == ""
    assert "GET /?key=[redacted]" in stream.getvalue()
