"""Google's Files API as finished videos use it: a file's state and place (Gemini API docs, Files, 2026-11)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from translators.wire.call import GoogleCall

_FILE = re.compile(r"/(?:v\d+\w*/)?(files/[\w-]+)(:download)?(?:\?[^#]*)?$")


class FileState(StrEnum):
    """Whether a file can be downloaded."""

    ACTIVE = "ACTIVE"
    PROCESSING = "PROCESSING"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleFile:
    """What the Files API says of a file."""

    state: FileState
    download: str | None = None
    error: Mapping[str, Any] | None = None


def describe_call(uri: str) -> GoogleCall | None:
    """The call that asks for a file's state; None for an address that already is the download."""
    matched = _FILE.search(uri)
    return GoogleCall(resource=matched[1], method="GET") if matched is not None and matched[2] is None else None


def read_file(answer: Mapping[str, Any], uri: str) -> GoogleFile:
    """Read the Files API's description; a file without a state is taken as ready."""
    known = {state.value: state for state in FileState}
    error = answer.get("error")
    return GoogleFile(
        state=known.get(str(answer.get("state", "ACTIVE")), FileState.PROCESSING),
        download=answer.get("downloadUri") or f"{uri.partition('?')[0]}:download?alt=media",
        error=error if isinstance(error, Mapping) else None,
    )
