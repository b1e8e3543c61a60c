"""proxy/routes/by_path.py: a shortcut that leads where the long way does."""

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from proxy.routes.by_path import ByPath
from proxy.routes.route import route
from proxy.routes.table import routes

ROUTES = [one for one in routes(described=True) if isinstance(one, Route)]
ASKED = sorted({(method, one.path) for one in ROUTES for method in one.methods or ()})


def matched(method: str, path: str) -> Route | None:
    """The first route that fits, as Starlette's router finds it."""
    scope: Scope = {"type": "http", "method": method, "path": path, "headers": []}
    return next((one for one in ROUTES if one.matches(scope)[0] is Match.FULL), None)


@pytest.mark.parametrize(("method", "path"), ASKED)
async def test_it_is_the_route_that_the_router_would_take(method: str, path: str) -> None:
    """For every path of the program without parameters; with some, the router decides."""
    found: list[Any] = []

    async def router(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(matched(scope["method"], scope["path"]))

    async def nothing(*_: Any) -> Any:
        return None

    by_path = ByPath(router, [_marking(one, found) for one in ROUTES])
    await by_path({"type": "http", "method": method, "path": path, "headers": []}, nothing, nothing)
    assert [one.path for one in found] == [matched(method, path).path]  # type: ignore[union-attr]


def _marking(one: Route, found: list[Any]) -> Route:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(scope["route"])

    return Route(one.path, _App(app), methods=sorted(one.methods or ()))


class _App:
    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_it_does_not_know_goes_to_the_router() -> None:
    """Other methods, other paths, and an application below somebody else's path."""

    async def here(request: Request) -> Response:
        return PlainTextResponse("here")

    async def router(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("router")(scope, receive, send)

    app = ByPath(router, [route("/a/{b}", here, "POST"), route("/a/c", here, "GET", "POST")])
    client = TestClient(app)
    assert client.get("/a/c").text == "here"
    assert client.post("/a/c").text == "router"
    assert client.delete("/a/c").text == "router"
    assert client.get("/a/d").text == "router"
    assert TestClient(app, root_path="/below").get("/a/c").text == "router"
