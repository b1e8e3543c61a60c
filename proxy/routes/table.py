"""Every route of the program, in one list."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from proxy.routes.chat_completions import chat_completions
from proxy.routes.description import description_routes
from proxy.routes.health import healthz, readyz
from proxy.routes.images import edit_images, generate_images
from proxy.routes.index import index
from proxy.routes.metrics import metrics
from proxy.routes.models import get_model, list_models
from proxy.routes.native.routes import native_routes
from proxy.routes.route import Endpoint, Later, route
from proxy.routes.videos import video_routes


def routes(*, described: bool, measured: bool = True) -> list[BaseRoute]:
    """Every route; what OpenAI's clients call is there with and without `/v1`, description and metrics if wanted."""
    chats: list[tuple[str, Endpoint]] = [
        ("/chat/completions", chat_completions),
        ("/responses", Later("proxy.routes.responses", "responses")),
        ("/messages", Later("proxy.routes.messages", "messages")),
        ("/completions", Later("proxy.routes.completions", "completions")),
        ("/images/generations", generate_images),
        ("/images/edits", edit_images),
        ("/messages/count_tokens", Later("proxy.routes.messages", "count_tokens")),
    ]
    lists: list[tuple[str, Endpoint]] = [
        ("/models", list_models),
        ("/models/{model:path}", get_model),
    ]
    # Patterns are tried in turn, so those that are asked often go first; a path without parameters is found at once.
    return [
        *video_routes(),
        *_openai(chats, "POST"),
        route("/", index, "GET"),
        route("/healthz", healthz, "GET", "HEAD"),
        route("/readyz", readyz, "GET", "HEAD"),
        *([route("/metrics", metrics, "GET", "HEAD")] if measured else []),
        *native_routes(),
        *_openai(lists, "GET"),
        *(description_routes() if described else []),
    ]


def _openai(table: Sequence[tuple[str, Endpoint]], method: str) -> list[BaseRoute]:
    return [route(f"{base}{path}", endpoint, method) for base in ("/v1", "") for path, endpoint in table]
