"""What an operation is, before it has a path: the same one may stand at several."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from proxy.openapi.protocol import Protocol

Schema = dict[str, Any]
JSON, SSE, FORM = "application/json", "text/event-stream", "multipart/form-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request's body. `schema` and `form` are names of schemas; `examples` are whole bodies that work."""

    schema: str
    examples: Mapping[str, Any]
    form: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that is no failure: its content by media type, its headers by name (the names of components)."""

    description: str
    content: Mapping[str, Schema] = field(default_factory=dict)
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Something that can be asked for. `fails` are the statuses of its failures, in its protocol's shape."""

    tag: str
    summary: str
    description: str = ""
    protocol: Protocol = Protocol.OPENAI
    parameters: tuple[str, ...] = ()
    body: Body | None = None
    replies: Mapping[int, Reply]
    fails: tuple[int, ...] = ()
    asks_key: bool = True


def ref(schema: str) -> Schema:
    """The schema of this name."""
    return {"$ref": f"#/components/schemas/{schema}"}


def answers(schema: str, description: str, *, status: int = 200, headers: tuple[str, ...] = ()) -> dict[int, Reply]:
    """One answer: a JSON object."""
    return {status: Reply(description=description, content={JSON: ref(schema)}, headers=headers)}


def or_events(
    schema: str, event: str, description: str, events: str, *, done: bool = False, headers: tuple[str, ...] = ()
) -> dict[int, Reply]:
    """One answer: a JSON object, or with `stream: true` server-sent events."""
    content = {JSON: ref(schema), SSE: events_of(event, events, done=done)}
    return {200: Reply(description=description, content=content, headers=headers)}


def events_of(schema: str, description: str, *, done: bool = False) -> Schema:
    """Server-sent events, each with JSON for its data; as OpenAPI 3.2 describes the items of a stream.

    `done`: the last one's data is no JSON but `[DONE]`, as OpenAI ends its streams.
    """
    data: Schema = {"type": "string", "contentMediaType": JSON, "contentSchema": ref(schema)}
    if done:
        data = {"anyOf": [{"const": "[DONE]"}, data]}
    return {
        "type": "object",
        "description": description,
        "properties": {"event": {"type": "string"}, "data": data},
        "required": ["data"],
    }


LOOKED_UP = (400, 401, 403, 404, 500)
MADE = (400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504)
"""What may go wrong where a model is called: here, at Google, or with the media that a request names."""
