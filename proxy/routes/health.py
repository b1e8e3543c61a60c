"""Is it alive, and can it serve: free of charge, without a key, and without a call to Google."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from proxy.routes.context import services_of


async def healthz(request: Request) -> Response:
    """Alive: `{"status": "ok"}`; HEAD has no body, as in CLIProxyAPI."""
    return Response() if request.method == "HEAD" else JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Ready to serve: 503 while stopping, or when no credential is configured."""
    services = services_of(request)
    trouble = [
        *(["stopping"] if services.stopping.is_set() else []),
        *(["no Google credential is configured"] if not services.offers else []),
    ]
    if trouble:
        return JSONResponse({"status": "unavailable", "reasons": trouble}, status_code=503)
    return Response() if request.method == "HEAD" else JSONResponse({"status": "ok"})
