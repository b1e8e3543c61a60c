"""A path, its methods, and the endpoint that answers there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]


def route(path: str, endpoint: Endpoint, *methods: str, name: str | None = None) -> Route:
    """A route named like its endpoint. What the endpoint raises goes on to the envelope, which answers for all."""
    return Route(path, Answering(endpoint), methods=methods, name=name or getattr(endpoint, "__name__", path))


class Later:
    """An endpoint whose module is imported for its first request: few speak its protocol, and all would wait for it."""

    def __init__(self, module: str, name: str) -> None:
        self.__name__ = name
        self._module = module
        self._endpoint: Endpoint | None = None

    async def __call__(self, request: Request) -> Response:
        """Answer as the endpoint does."""
        return await self.entered()(request)

    def entered(self) -> Endpoint:
        """The endpoint itself."""
        if self._endpoint is None:
            self._endpoint = getattr(import_module(self._module), self.__name__)
        return self._endpoint


@dataclass(frozen=True, slots=True)
class Answering:
    """An endpoint as an ASGI application.

    Starlette makes the same of a function, in three more frames that look for handlers of exceptions: they cost each
    short answer time, and each long one memory.
    """

    endpoint: Endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.endpoint(Request(scope, receive, send))
        await response(scope, receive, send)
