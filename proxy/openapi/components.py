"""What operations share by name: parameters, headers, keys, and the few schemas of the service itself."""

from collections.abc import Mapping
from typing import Any

from proxy.openapi.content_answers import CONTENT_SCHEMAS
from proxy.openapi.google_answers import GOOGLE_SCHEMAS
from proxy.openapi.google_requests import google_requests
from proxy.openapi.operation import Schema
from proxy.openapi.protocol import ERROR_SCHEMAS, error_responses
from proxy.openapi.requests import request_schemas
from proxy.openapi.shapes import TEXT, a_list, a_word, always, an_object
from proxy.openapi.video_answers import VIDEO_SCHEMAS


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _header(name: str, description: str, schema: Schema = TEXT) -> Schema:
    return {"name": name, "in": "header", "schema": schema, "description": description}


_LIMIT = {"type": "integer", "minimum": 0, "maximum": 100, "default": 20}
_DIGITS = {"type": "string", "pattern": "^[0-9]{1,6}$"}

PARAMETERS: Mapping[str, Schema] = {
    "Idempotency-Key": _header("Idempotency-Key", "The same key joins the job of its first request; it pays once."),
    "limit": _query("limit", _LIMIT, "Jobs on a page."),
    "order": _query("order", {**a_word("asc", "desc"), "default": "desc"}, "By age."),
    "after": _query("after", TEXT, "The page after this job's id."),
    "variant": _query("variant", {**a_word("video", "thumbnail", "spritesheet"), "default": "video"}, "What of it."),
    "index": _query("index", {"type": "integer", "minimum": 0, "default": 0}, "Which video, of several."),
    "alt": _query("alt", a_word("json", "sse"), "`sse`: server-sent events."),
    "altMedia": _query("alt", a_word("media"), "As Google writes it; it changes nothing."),
    "fields": _query("fields", TEXT, "A field mask; Google applies it."),
    "prettyPrint": _query("prettyPrint", a_word("true", "false"), "Google indents, or does not."),
    "streamed": _query("stream", a_word("true", "false"), "`true`: its events, as they come."),
    "last_event_id": _query("last_event_id", TEXT, "With `stream=true`: the events after this one."),
    "include_input": _query("include_input", a_word("true", "false"), "With what was asked; a video's is not kept."),
    "pageSize": _query("pageSize", _DIGITS, "Models on a page (Google's form only)."),
    "pageToken": _query("pageToken", _DIGITS, "`nextPageToken` of the page before."),
    "uploadsAfter": _query("pageToken", TEXT, "`nextPageToken` of the page before."),
    "upload_id": _query("upload_id", TEXT, "Which upload goes on; it stands in the address that its start answered."),
    "X-Goog-Upload-Protocol": _header(
        "X-Goog-Upload-Protocol", "How the bytes come.", a_word("resumable", "multipart", "raw")
    ),
    "X-Goog-Upload-Command": _header(
        "X-Goog-Upload-Command", "`start`; then `upload`, `finalize`, `query` and `cancel`, with commas."
    ),
    "X-Goog-Upload-Offset": _header("X-Goog-Upload-Offset", "How many bytes came before this piece."),
    "anthropic-version": _header("anthropic-version", "Asks for Anthropic's form."),
    "Range": _header("Range", "One range of bytes, `bytes=0-1023`."),
    "If-None-Match": _header("If-None-Match", "An ETag: 304 where it still holds."),
    "If-Modified-Since": _header("If-Modified-Since", "A date: 304 where nothing changed since."),
    "If-Range": _header("If-Range", "An ETag or a date that `Range` depends on."),
}

PATH_PARAMETERS: Mapping[str, tuple[str, str]] = {
    "model": ("The model's id; it may have a slash in it.", "gemini-2.5-flash"),
    "video_id": ("The job's id.", "video_00000000000000000000000000000000"),
    "operation": ("The job's id.", "video_00000000000000000000000000000000"),
    "file": ("The file's id.", "000000000000000000000000000000000"),
    "name": ("The file's name, as the link has it.", "AbCdEfGhIjKlMnOpQrStUvWxYz012345.mp4"),
    "project": ("Any: the server's credentials have their own.", "my-project"),
    "location": ("Any: the server's credentials have their own.", "us-central1"),
    "asset": ("The file's name.", "page.css"),
}
"""Name -> what it is, and an example."""

_SERVICE_SCHEMAS: Mapping[str, Schema] = {
    "Endpoints": an_object({"endpoints": a_list(TEXT), "message": always("mediashim")}),
    "Health": an_object({"status": always("ok")}),
    "NotReady": an_object({"status": always("unavailable"), "reasons": a_list(TEXT)}),
}

_HEADERS: Mapping[str, Schema] = {
    "retry-after": {"description": "Seconds.", "schema": TEXT},
    "x-should-retry": {"description": "`false` where a repeat could pay twice.", "schema": a_word("true", "false")},
    "openai-poll-after-ms": {"description": "When to look again, milliseconds.", "schema": TEXT},
    "x-mediashim-warnings": {"description": "A JSON list of sentences.", "schema": TEXT},
    "etag": {"description": "For If-None-Match.", "schema": TEXT},
    "accept-ranges": {"description": "bytes", "schema": TEXT},
    "cache-control": {"description": "How long it may be kept, and by whom.", "schema": TEXT},
    "content-range": {"description": "Which bytes of how many.", "schema": TEXT},
}


def _key(place: str, name: str, description: str) -> Schema:
    return {"type": "apiKey", "in": place, "name": name, "description": description}


SECURITY_SCHEMES: Mapping[str, Schema] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer KEY`, as OpenAI's clients."},
    "x-api-key": _key("header", "x-api-key", "As Anthropic's clients."),
    "x-goog-api-key": _key("header", "x-goog-api-key", "As Google's clients."),
    "key": _key("query", "key", "As Google's documents write it."),
    "auth_token": _key("query", "auth_token", "As CLIProxyAPI takes it."),
}
_NO_SCOPES: list[str] = []
ANY_KEY = [{}, *({name: _NO_SCOPES} for name in SECURITY_SCHEMES)]
"""One key in any place; none where the server has no `api-keys`."""


def components() -> dict[str, Any]:
    """The document's `components`."""
    return {
        "schemas": {
            **request_schemas(),
            **CONTENT_SCHEMAS,
            **VIDEO_SCHEMAS,
            **google_requests(),
            **GOOGLE_SCHEMAS,
            **ERROR_SCHEMAS,
            **_SERVICE_SCHEMAS,
        },
        "responses": error_responses(),
        "parameters": dict(PARAMETERS),
        "headers": dict(_HEADERS),
        "securitySchemes": dict(SECURITY_SCHEMES),
    }
