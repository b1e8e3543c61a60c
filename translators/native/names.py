"""What jobs and their files are called in Google's protocols, and back."""

import re

_JOB = "video_"
_FILE = re.compile(r"([0-9a-f]{32})([0-9]{1,2})", re.ASCII)
_ADDRESS = re.compile(r"(?:^|/)files/([a-z0-9-]+)(?::download)?(?:\?[^#]*)?$", re.ASCII)


def file_id(job_id: str, index: int) -> str:
    """The id of a job's video in the Files API: small letters and digits.

    google-genai 2.19 and 3.4.0 cut a file's id off at the first other character (`t_file_name`).
    """
    return f"{job_id.removeprefix(_JOB)}{index}"


def read_file_id(text: str) -> tuple[str, int] | None:
    """The job's id and the number of its video; None for what is no id of ours."""
    matched = _FILE.fullmatch(text)
    return (f"{_JOB}{matched[1]}", int(matched[2])) if matched is not None else None


def file_in(address: str) -> str | None:
    """The id at the end of a file's name or address (`files/ID`, `https://.../files/ID:download?alt=media`)."""
    matched = _ADDRESS.search(address)
    return matched[1] if matched is not None else None
