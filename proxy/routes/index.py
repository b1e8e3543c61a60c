"""GET /: what is here, as CLIProxyAPI says it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.routes.places import places_of


async def index(request: Request) -> Response:
    """Every method and path, from the routes themselves; each GET takes HEAD, too."""
    places = [place for place in places_of(request.app.routes) if place.method != "HEAD"]
    endpoints = [f"{place.method} {place.path}" for place in places]
    return JSONResponse({"endpoints": endpoints, "message": "mediashim"})
