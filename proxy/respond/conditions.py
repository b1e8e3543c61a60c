"""What a conditional or partial GET asks for: pure, by RFC 9110 (June 2022).

Starlette's FileResponse (1.10) does ranges, but never 304; answers 400 to a range unit it does not know, which 14.2
says to ignore; and sends its headers before it opens the file, so a file that was just swept becomes a broken 200.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

_ONE_RANGE: Final = re.compile(r"bytes=\s*([0-9]{0,19})-([0-9]{0,19})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Whole:
    """200 with all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """206 with `length` bytes from `start`."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: the client has it."""


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """416: no byte of the asked range exists."""


Selection = Whole | Part | NotModified | OutOfRange


def select(headers: Mapping[str, str], *, size: int, etag: str, modified: datetime) -> Selection:
    """What to answer a GET or HEAD with these headers (lower-case names). `etag` is strong and has its quotes.

    One range is served; for several, or a malformed one, the whole is: 14.2 allows both.
    """
    if _client_has_it(headers, etag, modified):
        return NotModified()
    match = _ONE_RANGE.fullmatch(headers.get("range", ""))
    if match is None or not _range_applies(headers.get("if-range"), etag, modified):
        return Whole()
    return _part(match[1], match[2], size)


def _part(first: str, last: str, size: int) -> Selection:
    if not first and not last:
        return Whole()
    if not first:
        length = min(int(last), size)
        return Part(start=size - length, length=length) if length else OutOfRange()
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:  # invalid, so the header counts as absent (14.1.1)
        return Whole()
    return Part(start=start, length=end - start + 1) if start < size else OutOfRange()


def names_tag(if_none_match: str, etag: str) -> bool:
    """Whether the header names the tag, by weak comparison (13.1.2)."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in tags or etag in tags


def _client_has_it(headers: Mapping[str, str], etag: str, modified: datetime) -> bool:
    """13.1.2 and 13.1.3: the tag decides if the client gave one; else the date."""
    if_none_match = headers.get("if-none-match")
    if if_none_match is not None:
        return names_tag(if_none_match, etag)
    since = _http_date(headers.get("if-modified-since"))
    return since is not None and modified.replace(microsecond=0) <= since


def _range_applies(if_range: str | None, etag: str, modified: datetime) -> bool:
    """13.1.5: strong comparison for a tag, equality for a date."""
    if if_range is None:
        return True
    return if_range.strip() == etag or _http_date(if_range) == modified.replace(microsecond=0)


def _http_date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
