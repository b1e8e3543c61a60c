"""Addresses of stored media, as clients reach them."""

from starlette.requests import Request

from proxy.services import Services


def base_url(services: Services, request: Request) -> str:
    """`public-base-url`; where none is configured, the address the request itself came to. No slash at its end."""
    return (services.config.public_base_url or str(request.base_url)).rstrip("/")


def own_bases(services: Services, request: Request) -> frozenset[str]:
    """Every address under which this request shows the proxy to be known."""
    return frozenset({base_url(services, request), str(request.base_url).rstrip("/")})


def media_url(base: str, name: str) -> str:
    """The address of a stored medium below `base`; who has it needs no key."""
    return f"{base}/media/{name}"
