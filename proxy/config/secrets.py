"""Every secret that a configuration holds, for the log to black out."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, Secret, SecretStr

SECRET_MEMBERS = frozenset(
    {"private_key", "private_key_id", "client_secret", "refresh_token", "access_token", "token", "id_token"}
    | {"subject_token", "assertion", "client_assertion", "code", "code_verifier"}
)
"""The members of Google's credential JSON, and of what its token endpoint is sent and says, that are secret.

The others (type, project_id, token_uri) belong in logs.
"""


def secrets_of(config: BaseModel) -> frozenset[str]:
    """The plain texts of all secrets, also those inside inline service accounts, headers and proxy URLs."""
    return frozenset(text for text in _secrets(config) if text)


def _secrets(value: Any) -> Iterator[str]:
    match value:
        case SecretStr():
            text = value.get_secret_value()
            if not text.startswith("$"):  # `$Name` copies a caller's header: a name, not a value
                yield text
                yield from password_in(text)
        case Secret():
            members = value.get_secret_value()
            yield from (str(members[name]) for name in sorted(SECRET_MEMBERS) if isinstance(members.get(name), str))
        case BaseModel():
            for name in type(value).model_fields:
                yield from _secrets(getattr(value, name))
        case dict():
            for item in value.values():
                yield from _secrets(item)
        case tuple() | list():
            for item in value:
                yield from _secrets(item)
        case _:
            return


def password_in(text: str) -> Iterator[str]:
    """The password in an address, as it is written there and as it is."""
    password = urlsplit(text).password if "://" in text else None
    if password:
        yield from {password, unquote(password)}
