"""Everything secret in a credential, whichever file it came from, for the log to black out."""

from collections.abc import Iterator, Mapping
from typing import Any

from proxy.config.secrets import SECRET_MEMBERS, password_in
from proxy.credentials.credential import Credential

_PART_OF_A_KEY = 16


def secret_parts(credential: Credential) -> frozenset[str]:
    """The plain texts: key, members of its JSON at any depth, headers of its own, the password of its proxy."""
    return frozenset(text for text in _parts(credential) if text)


def secret_members(document: Any) -> Iterator[str]:
    """The texts under secret names (`refresh_token`, `private_key`) in JSON, and all headers in it."""
    match document:
        case Mapping():
            for name, member in document.items():
                if name in SECRET_MEMBERS and isinstance(member, str):
                    yield member
                    # A library may show a private key line by line.
                    yield from (line for line in member.split() if "\n" in member and len(line) >= _PART_OF_A_KEY)
                elif name == "headers" and isinstance(member, Mapping):
                    yield from (str(text) for text in member.values())
                else:
                    yield from secret_members(member)
        case list() | tuple():
            for item in document:
                yield from secret_members(item)
        case _:
            return


def _parts(credential: Credential) -> Iterator[str]:
    yield credential.secret or ""
    yield from secret_members(credential.info)
    yield from (text for text in credential.headers.values() if not text.startswith("$"))
    if credential.proxy_url is not None:
        yield from password_in(credential.proxy_url)
