"""Log lines on standard error, for people or for machines, with no secret in them, tracebacks included.

Blacking out happens on the finished text of a line and not in a filter on the record: an exception's text, a chained
cause and a third-party library's own message exist only there.
"""

import contextlib
import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, TextIO

import orjson

from proxy.redaction import Blackout, redactor

Redact = Callable[[str], str]

_learnt = Blackout()


def configure(
    level: str, line_format: Literal["plain", "json"], secrets: Iterable[str] = (), *, stream: TextIO | None = None
) -> None:
    """Send every logger's lines of at least this level to standard error (or `stream`), without the given secrets.

    It replaces every handler of the root logger, and uvicorn's own: a handler that does not black out is a leak.
    """
    # What no line shows is not looked up for each of them (Python's Logging HOWTO, "Optimization").
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    configured = redactor(secrets)

    def redact(text: str) -> str:
        return configured(_learnt(text))

    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter(redact) if line_format == "json" else PlainFormatter(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.error").addFilter(_of_use)


def hide(secrets: Iterable[str]) -> None:
    """Black these out too, from now on and in every line: secrets that no configuration names, such as tokens."""
    _learnt.learn(secrets)


def event(logger: logging.Logger, message: str, /, *, level: int = logging.INFO, **fields: object) -> None:
    """One structured line: a constant message and named fields, e.g. `event(log, "request", status=200, ms=3.1)`."""
    if logger.isEnabledFor(level):
        logger.log(level, "%s", message, extra={"fields": fields})


def _of_use(record: logging.LogRecord) -> bool:
    """Not uvicorn's advice to install a library for WebSockets, for each request that asks for one (uvicorn 0.54).

    There is no such route, and the request is answered with a 404. That it asked stays in the log.
    """
    return not str(record.msg).startswith("No supported WebSocket library detected")


class _Handler(logging.StreamHandler[TextIO]):
    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, and let nothing wait in a buffer."""
        try:
            self.stream.write(f"{self.format(record)}{self.terminator}")
            self.stream.flush()
        except RecursionError:
            raise
        except Exception:  # noqa: BLE001 - as the inherited method does
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Say that a line was lost; the inherited method would print the record's raw arguments, secrets included."""
        with contextlib.suppress(Exception):
            self.stream.write(f"a log line of {record.name} could not be written{self.terminator}")


class PlainFormatter(logging.Formatter):
    """`2026-11-21T09:00:00.000Z INFO proxy.app request status=200`, the traceback below it.

    Line breaks and control characters in messages and fields are escaped: what a caller sent cannot forge a line.
    """

    def __init__(self, redact: Redact) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The whole line, blacked out."""
        said = _fields(record)
        fields = "".join(f" {name}={_field(value)}" for name, value in said.items()) if said else ""
        line = f"{_time(record)} {record.levelname} {record.name} {_one_line(_message(record))}{fields}"
        trouble = _trouble(self, record)
        return self._redact(f"{line}\n{trouble}" if trouble else line)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `time`, `level`, `logger`, `message`, the fields, and `exception` where there is one."""

    def __init__(self, redact: Redact) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The whole object, blacked out value by value before it is encoded, so that it stays JSON."""
        line: dict[str, object] = {
            **_fields(record),
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if trouble := _trouble(self, record):
            line["exception"] = trouble
        with contextlib.suppress(orjson.JSONEncodeError):  # lone surrogates, integers past 64 bits: the slow way
            encoded = orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
            if self._redact(encoded) == encoded:
                return encoded
        return orjson.dumps(self._clean(line)).decode()

    def _clean(self, value: Any) -> Any:
        match value:
            case str():
                return self._redact(value).encode("utf-8", "replace").decode()
            case None | bool() | float():
                return value
            case int() if -(2**63) <= value < 2**64:
                return value
            case Mapping():
                return {self._redact(str(key)): self._named(str(key), item) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self._clean(item) for item in value]
            case _:
                return self._clean(str(value))

    def _named(self, name: str, value: Any) -> Any:
        """A text under a telling name (`authorization`) is blacked out whatever it looks like."""
        if not isinstance(value, str):
            return self._clean(value)
        shown = f"{name}="
        redacted = self._redact(shown + value)
        return self._clean(redacted.removeprefix(shown) if redacted.startswith(shown) else value)


def _fields(record: logging.LogRecord) -> Mapping[str, object]:
    fields = getattr(record, "fields", None)
    return fields if fields is not None and isinstance(fields, Mapping) else {}


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # the placeholders and the arguments do not fit each other
        return f"{record.msg} {record.args}"


def _time(record: logging.LogRecord) -> str:
    second, microseconds = divmod(round(record.created * 1_000_000), 1_000_000)
    return f"{_second(second)}.{microseconds // 1000:03d}Z"


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    """Many lines share theirs."""
    return datetime.fromtimestamp(second, UTC).isoformat().replace("+00:00", "")


def _trouble(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    if not (record.exc_info or record.exc_text or record.stack_info):
        return ""
    parts = [
        formatter.formatException(record.exc_info) if record.exc_info else record.exc_text,
        formatter.formatStack(record.stack_info) if record.stack_info else None,
    ]
    return "\n".join(part for part in parts if part)


def _one_line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _field(value: object) -> str:
    text = _one_line(str(value))
    return f'"{text}"' if not text or " " in text else text
