"""Where the Videos API is: OpenAI's under three prefixes, OpenRouter's under its own, and the files' own links."""

from starlette.routing import BaseRoute

from proxy.routes import openrouter_videos
from proxy.routes.media import media
from proxy.routes.route import route
from proxy.routes.video_content import video_content
from proxy.routes.video_create import create_video, edit_video, extend_video, remix_video
from proxy.routes.video_status import delete_video, list_videos, retrieve_video

BASES = ("/v1/videos", "/videos", "/openai/v1/videos")
"""The last is where CLIProxyAPI has its own (2026-08)."""


def video_routes() -> list[BaseRoute]:
    """Every route of the Videos API, the files first: a player asks for them again and again, and routes are tried in
    order."""
    openrouter = openrouter_videos.PATH
    one = f"{openrouter}/{{video_id}}"
    return [
        route("/media/{name}", media, "GET"),
        *(route(f"{base}/{{video_id}}/content", video_content, "GET") for base in BASES),
        *(route for base in BASES for route in _openai(base)),
        route(openrouter, openrouter_videos.create, "POST", name="create_openrouter_video"),
        route(f"{openrouter}/models", openrouter_videos.models, "GET", name="list_openrouter_models"),
        route(one, openrouter_videos.retrieve, "GET", name="retrieve_openrouter_video"),
        route(f"{one}/content", openrouter_videos.content, "GET", name="openrouter_video_content"),
    ]


def _openai(base: str) -> list[BaseRoute]:
    return [
        route(base, create_video, "POST"),
        route(base, list_videos, "GET"),
        route(f"{base}/edits", edit_video, "POST"),
        route(f"{base}/extensions", extend_video, "POST"),
        route(f"{base}/{{video_id}}", retrieve_video, "GET"),
        route(f"{base}/{{video_id}}", delete_video, "DELETE"),
        route(f"{base}/{{video_id}}/remix", remix_video, "POST"),
    ]
