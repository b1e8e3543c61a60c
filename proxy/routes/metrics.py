"""GET /metrics: what the operator's monitoring reads."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from proxy.auth import authenticate
from proxy.routes.context import caller_of, services_of
from proxy.scrape import Scraped


async def metrics(request: Request) -> Response:
    """Every metric, as Prometheus' text or, where Accept names it, OpenMetrics. Raises Rejected (401).

    Its own key opens it, and then no other does; where none is configured, any caller's does.
    """
    services = services_of(request)
    if services.scrapers is None:
        caller_of(request)
    else:
        authenticate(request.headers, request.query_params, services.scrapers)
    scraped = await services.scrape.figures(await services.desk.census())
    text, content_type = await asyncio.to_thread(_text, scraped, request.headers.get("accept", ""))
    return Response(text, headers={"content-type": content_type, "cache-control": "no-store"})


def _text(scraped: Scraped, accept: str) -> tuple[bytes, str]:
    # Imported when it is needed: Prometheus' library takes longer than everything else that a start of routes loads.
    from proxy.metrics.exposition import exposition

    return exposition(scraped.snapshot, scraped.workers, accept)
