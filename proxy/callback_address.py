"""Where a callback may go: https, and public hosts only, to exactly the address that was checked."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yarl import URL

from proxy.fetch.guarded_connector import Guard, NotPublic, Resolve, system_addresses
from proxy.fetch.public_address import why_not_public
from translators.errors import BadRequest

if TYPE_CHECKING:
    import httpx2

FIELD = "callback_url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """An address that was checked: `url` has the IP address for a host, `host` and `name` are what the caller wrote."""

    url: "httpx2.URL"
    host: str
    """The Host header."""
    name: str
    """The name on the certificate."""


class CallbackAddresses:
    """Checks callback addresses; hosts in `allow_hosts` may be private, and speak plain http."""

    def __init__(self, allow_hosts: Collection[str], *, resolve: Resolve = system_addresses) -> None:
        self._allowed = frozenset(host.lower() for host in allow_hosts)
        self._guard = Guard(resolve, why_not_public, allow_hosts)

    async def destination(self, address: str) -> Destination:
        """The place to connect to. Raises BadRequest naming the field; the message does not repeat the address."""
        url = self._parsed(address)
        try:
            self._guard.check_literal(URL(str(url)))
            found = await self._guard.resolve(url.host, url.port or (443 if url.scheme == "https" else 80))
        except NotPublic as refusal:
            raise BadRequest(
                f"{FIELD}: its host {refusal}. The operator can allow a host in fetch.allow-hosts.",
                param=FIELD,
                code="url_not_allowed",
            ) from None
        except (OSError, ValueError):  # ValueError: a name that is no host name at all (a label of 64 letters)
            raise BadRequest(f"{FIELD}: its host name cannot be resolved.", param=FIELD) from None
        port = "" if url.port is None else f":{url.port}"
        host = f"[{url.host}]" if ":" in url.host else url.host
        return Destination(url=url.copy_with(host=found[0]["host"]), host=f"{host}{port}", name=url.host)

    def _parsed(self, address: str) -> "httpx2.URL":
        import httpx2

        try:
            url = httpx2.URL(address)
        except (httpx2.InvalidURL, ValueError):
            raise BadRequest(f"{FIELD} is not a URL.", param=FIELD) from None
        plain = url.scheme == "http" and url.host.lower() in self._allowed
        if not url.host or not (url.scheme == "https" or plain):
            raise BadRequest(f"{FIELD} must be an https:// URL.", param=FIELD)
        if url.userinfo:
            raise BadRequest(f"{FIELD} must not hold a user name or password.", param=FIELD)
        return url
