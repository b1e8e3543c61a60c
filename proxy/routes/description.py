"""GET /openapi.json and /docs: what this server can do, for machines and for people.

Both are public: they say what the program can do, and nothing of its configuration, credentials or callers.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from proxy import __version__
from proxy.openapi.place import Place
from proxy.respond.conditions import names_tag
from proxy.routes.failures import OPENAPI
from proxy.routes.places import places_of
from proxy.routes.route import route
from translators.errors import NotFound

_PAGE = Path(__file__).with_name("page")
_TYPES = {"page.html": "text/html", "page.css": "text/css", "page.js": "text/javascript"}
_SAFE = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
}
"""The page loads nothing from anywhere else, and sends nothing anywhere else."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that stays the same for as long as the program runs."""

    body: bytes
    media_type: str
    etag: str


def description_routes() -> list[BaseRoute]:
    """Where the description is."""
    return [
        route(OPENAPI, openapi, "GET"),
        route("/docs", docs, "GET"),
        route("/docs/{asset}", docs_asset, "GET"),
    ]


async def openapi(request: Request) -> Response:
    """The OpenAPI document, made when somebody first asks."""
    return _answer(request, await asyncio.to_thread(_document, tuple(places_of(request.app.routes))))


async def docs(request: Request) -> Response:
    """The page that shows it."""
    return _answer(request, await asyncio.to_thread(_file, "page.html"))


async def docs_asset(request: Request) -> Response:
    """The page's style and script. Raises NotFound."""
    name = request.path_params["asset"]
    if name not in _TYPES:
        raise NotFound(f"There is no {request.url.path} here. There is /docs.", code="unknown_url")
    return _answer(request, await asyncio.to_thread(_file, name))


@cache
def _document(places: Sequence[Place]) -> Kept:
    # Imported when it is needed: it reads every model there is, which a start must not wait for.
    from proxy.openapi.document import openapi_document

    body = orjson.dumps(openapi_document(places, version=__version__))
    return _kept(body, "application/json")


@cache
def _file(name: str) -> Kept:
    return _kept((_PAGE / name).read_bytes(), f"{_TYPES[name]}; charset=utf-8")


def _kept(body: bytes, media_type: str) -> Kept:
    return Kept(body, media_type, f'"{hashlib.sha256(body).hexdigest()}"')


def _answer(request: Request, kept: Kept) -> Response:
    headers = {"etag": kept.etag, "cache-control": "no-cache", "x-content-type-options": "nosniff", **_SAFE}
    if names_tag(request.headers.get("if-none-match", ""), kept.etag):
        return Response(status_code=304, headers=headers)
    return Response(kept.body, headers={**headers, "content-type": kept.media_type})
