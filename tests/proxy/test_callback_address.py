"""A callback goes to the address that was checked, and to no private one."""

from collections.abc import Sequence

import pytest

from proxy.callback_address import CallbackAddresses
from translators.errors import BadRequest

PUBLIC = "93.184.216.34"


def addresses(*found: str, allow: Sequence[str] = ()) -> CallbackAddresses:
    """A check for which every name means these addresses; none: no name means anything."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        if not found:
            raise OSError(host)
        return found

    return CallbackAddresses(allow, resolve=resolve)


async def test_the_address_is_pinned() -> None:
    """The connection goes to what was checked; host and certificate are those of the name."""
    place = await addresses(PUBLIC).destination("https://hook.example:8443/a?b=c")
    assert str(place.url) == f"https://{PUBLIC}:8443/a?b=c"
    assert (place.host, place.name) == ("hook.example:8443", "hook.example")


async def test_an_ipv6_address() -> None:
    """Brackets where they belong."""
    place = await addresses("2606:4700::1").destination("https://hook.example/")
    assert str(place.url) == "https://[2606:4700::1]/"
    literal = await addresses("2606:4700::1").destination("https://[2606:4700::1]/")
    assert (literal.host, literal.name) == ("[2606:4700::1]", "2606:4700::1")


@pytest.mark.parametrize("found", [("10.0.0.1",), (PUBLIC, "127.0.0.1"), ("169.254.169.254",), ("::1",)])
async def test_a_name_that_means_a_private_address(found: tuple[str, ...]) -> None:
    """One among good ones is enough; which it is stays unsaid."""
    with pytest.raises(BadRequest, match="not on the public internet") as caught:
        await addresses(*found).destination("https://hook.example/")
    assert caught.value.code == "url_not_allowed"
    assert not any(address in caught.value.message for address in found)


async def test_a_name_that_is_none() -> None:
    """The system's resolver refuses it in its own way."""
    with pytest.raises(BadRequest, match="cannot be resolved"):
        await CallbackAddresses([]).destination(f"https://{'a' * 64}.example/")


async def test_a_name_that_means_nothing() -> None:
    """It may be a typing error: told at once."""
    with pytest.raises(BadRequest, match="cannot be resolved"):
        await addresses().destination("https://hook.example/")


async def test_an_allowed_host() -> None:
    """It may be private, and speak plain http; its neighbours may not."""
    check = addresses("10.0.0.1", allow=["Hook.internal"])
    assert str((await check.destination("http://hook.internal/")).url) == "http://10.0.0.1/"
    with pytest.raises(BadRequest):
        await check.destination("https://other.internal/")
    with pytest.raises(BadRequest, match="https://"):
        await check.destination("http://other.internal/")
