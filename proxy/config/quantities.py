"""Durations and sizes as people write them: `10`, `"10s"`, `"1h30m"`, `"7d"`; `1048576`, `"20MB"`, `"64MiB"`."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_BYTES = {
    "": 1,
    "b": 1,
    "kb": 10**3,
    "mb": 10**6,
    "gb": 10**9,
    "tb": 10**12,
    "kib": 2**10,
    "mib": 2**20,
    "gib": 2**30,
    "tib": 2**40,
}
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|[smhdw])\s*")
_DURATION = re.compile(rf"(?:{_DURATION_PART.pattern})+")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)


def parse_duration(value: object) -> float:
    """Seconds from a number of seconds or from text with units (ms, s, m, h, d, w), which may be strung together.

    Go's form is a subset ("1h30m", "250ms"), because CLIProxyAPI's files use it. Raises ValueError for anything else,
    negative values included.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf"):
        return float(value)
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if _DURATION.fullmatch(text):
        return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION_PART.findall(text))
    raise ValueError('must be a duration: seconds as a number, or text such as "10s", "15m", "2h", "7d"')


def parse_size(value: object) -> int:
    """Bytes from a number of bytes or from text: kB, MB, GB, TB count in thousands, KiB, MiB, GiB, TiB in 1,024s.

    Raises ValueError for anything else, negative values included.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    match = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match and match[2].lower() in _BYTES:
        return int(float(match[1]) * _BYTES[match[2].lower()])
    raise ValueError('must be a size: bytes as a number, or text such as "20MB", "2GB", "64MiB"')


def _off_when_negative(value: object) -> object:
    return 0 if isinstance(value, int | float) and value < 0 else value


def _above_zero(value: float) -> float:
    if value <= 0:
        raise ValueError("must be longer than zero")
    return value


Seconds = Annotated[float, BeforeValidator(parse_duration), AfterValidator(_above_zero)]
"""A span of time that cannot be zero."""

SecondsOrOff = Annotated[float, BeforeValidator(parse_duration), BeforeValidator(_off_when_negative)]
"""A span of time where 0 switches the feature off; CLIProxyAPI takes any negative number for 0 there, and so do we."""

ByteCount = Annotated[int, BeforeValidator(parse_size)]
