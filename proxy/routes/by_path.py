"""Routes whose path has no parameters, found at once; a router tries one pattern after the other."""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send


class ByPath:
    """ASGI around a router: what is at exactly this path goes straight there, everything else to the router."""

    def __init__(self, router: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._router = router
        self._known: dict[tuple[str, str], Route] = {}
        tried: list[Route] = []
        for route in routes:
            if not isinstance(route, Route):
                continue
            for method in _exact(route, tried):
                self._known.setdefault((method, route.path), route)
            tried.append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer. Where the application is mounted below a path of somebody else's, the router finds out."""
        found = self._known.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if found is None or scope.get("root_path"):
            await self._router(scope, receive, send)
            return
        scope["route"], scope["endpoint"], scope["path_params"] = found, found.endpoint, {}
        await found.app(scope, receive, send)


def _exact(route: Route, before: Iterable[Route]) -> Iterable[str]:
    """The methods for which it is the first route at its own path; none where that has parameters."""
    if "{" in route.path:
        return ()
    return [
        method
        for method in route.methods or ()
        if not any(method in (one.methods or ()) and one.path_regex.match(route.path) for one in before)
    ]
