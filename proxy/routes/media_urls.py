"""Addresses of stored media, as clients reach them."""

from starlette.requests import Request

from proxy.services import Services


def public_url(services: Services, request: Request, name: str) -> str:
    """`<public-base-url>/media/<name>`; without a configured base, the address the request itself came to."""
    base = services.config.public_base_url or str(request.base_url)
    return f"{base.rstrip('/')}/media/{name}"
