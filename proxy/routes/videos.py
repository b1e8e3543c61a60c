"""Where the Videos API is: OpenAI's under three prefixes, OpenRouter's under its own, and the files' own links."""

from starlette.routing import BaseRoute, Route

from proxy.routes import openrouter_videos
from proxy.routes.media import media
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
        Route("/media/{name}", media, methods=["GET"]),
        *(Route(f"{base}/{{video_id}}/content", video_content, methods=["GET"]) for base in BASES),
        *(route for base in BASES for route in _openai(base)),
        Route(openrouter, openrouter_videos.create, methods=["POST"], name="create_openrouter_video"),
        Route(f"{openrouter}/models", openrouter_videos.models, methods=["GET"], name="list_openrouter_models"),
        Route(one, openrouter_videos.retrieve, methods=["GET"], name="retrieve_openrouter_video"),
        Route(f"{one}/content", openrouter_videos.content, methods=["GET"], name="openrouter_video_content"),
    ]


def _openai(base: str) -> list[BaseRoute]:
    return [
        Route(base, create_video, methods=["POST"]),
        Route(base, list_videos, methods=["GET"]),
        Route(f"{base}/edits", edit_video, methods=["POST"]),
        Route(f"{base}/extensions", extend_video, methods=["POST"]),
        Route(f"{base}/{{video_id}}", retrieve_video, methods=["GET"]),
        Route(f"{base}/{{video_id}}", delete_video, methods=["DELETE"]),
        Route(f"{base}/{{video_id}}/remix", remix_video, methods=["POST"]),
    ]
