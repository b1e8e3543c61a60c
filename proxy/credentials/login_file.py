"""What `mediashim login` keeps: one file for each Google account, readable by its owner alone."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+@-]*")

Given = Annotated[str, Field(min_length=1)]
UtcTime = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]


class Login(BaseModel):
    """A signed-in account; `expiry` is when `access_token` ends, in UTC. Its repr shows nothing secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    access_token: Given = Field(repr=False)
    refresh_token: Given = Field(repr=False)
    token_type: Given = "Bearer"  # noqa: S105  # a word
    expiry: UtcTime
    client_id: Given
    client_secret: Given = Field(repr=False)
    email: Given
    project_id: Given


def login_folder(data_dir: Path) -> Path:
    """Where logins are kept."""
    return data_dir / "logins"


def login_path(folder: Path, email: str) -> Path:
    """The file of one account; raises ValueError for an address that is no file name."""
    if _FILE_NAME.fullmatch(email) is None:
        raise ValueError(f"{email!r} is no e-mail address")
    return folder / f"{email}.json"


def read_login(path: Path) -> Login:
    """The login in a file; raises ValueError, never with anything secret in it."""
    try:
        return Login.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from None
    except ValidationError as error:
        members = sorted({".".join(map(str, problem["loc"])) or "JSON" for problem in error.errors()})
        raise ValueError(f"is no complete login (wrong: {', '.join(members)}); run `mediashim login` again") from None


def write_login(folder: Path, login: Login) -> Path:
    """Put a login into its file, whole or not at all, mode 0600 in a folder of mode 0700. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = login_path(folder, login.email)
    part = path.with_suffix(".part")
    # Removed first: an old one may have another mode, which O_CREAT would leave as it is.
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(login.model_dump_json(indent=2))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return path


def keep_refreshed(path: Path, before: Login, *, access_token: str, refresh_token: str, expiry: datetime) -> None:
    """Write a refreshed token back, unless the file has changed since `before` was read: a new sign-in wins.

    Raises OSError or ValueError when it cannot be read or written.
    """
    if read_login(path) != before:
        return
    fresh = {"access_token": access_token, "refresh_token": refresh_token, "expiry": expiry.astimezone(UTC)}
    write_login(path.parent, before.model_copy(update=fresh))
