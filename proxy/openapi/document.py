"""The whole document, from the places where operations are."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from proxy.openapi.components import ANY_KEY, PATH_PARAMETERS, components
from proxy.openapi.operation import FORM, JSON, Body, Operation, Reply
from proxy.openapi.operations import OPERATIONS, TAGS
from proxy.openapi.place import Place
from proxy.openapi.protocol import Protocol, error_name

_RANKS = {name: rank for rank, name in enumerate(OPERATIONS)}
_AGAIN: Mapping[str, str] = {"HEAD": "_head", "PUT": "__put"}
"""Methods that stand beside another one for the same operation, and what tells their ids from its."""
ABOUT = """\
OpenAI's API in front of Google's text, image and video models: never lose a paid video, never pay twice, never change a
request silently.

Where the server has `api-keys`, one of them is asked for, in any of five places; where it has none, nobody is asked.
What has no effect on an answer is told in its `warnings`; what would be paid for in vain is a 400 that names the field,
the allowed values and the way out. `x-request-id` is taken from a request or made up, and names it in the server's log.
`OPTIONS` is answered 204 everywhere, and a method that a path has not is a 405 with `Allow`.
"""


def openapi_document(places: Iterable[Place], *, version: str) -> dict[str, Any]:
    """An OpenAPI 3.1 document. Raises KeyError for a place whose operation nobody has described."""
    paths: dict[str, dict[str, Any]] = {}
    first: dict[str, Place] = {}
    # In the order of the descriptions; of several paths, the first in the application's own order is the main one.
    for place in sorted(places, key=lambda place: _RANKS[place.operation]):
        main = first.setdefault(f"{place.operation} {place.method}", place)
        paths.setdefault(place.path, {})[place.method.lower()] = _operation(place, main)
    return {
        "openapi": "3.1.0",
        "info": {"title": "mediashim", "version": version, "description": ABOUT, "license": {"name": "MIT"}},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": words} for name, words in TAGS.items()],
        "paths": paths,
        "components": components(),
    }


def _operation(place: Place, main: Place) -> dict[str, Any]:
    described = OPERATIONS[place.operation]
    told: dict[str, Any] = {
        "tags": [described.tag],
        "operationId": _id(place, main),
        "summary": described.summary,
    }
    if place.path != main.path:
        told["description"] = f"The same as `{main.method} {main.path}`."
        told["x-same-as"] = f"{main.method} {main.path}"
    elif described.description:
        told["description"] = described.description
    told["parameters"] = [*_path_parameters(place.path), *_named("parameters", described.parameters)]
    if described.body is not None:
        told["requestBody"] = _body(described.body)
    told["responses"] = _responses(described, with_content=place.method != "HEAD")
    told["security"] = ANY_KEY if described.asks_key else []
    return told


def _id(place: Place, main: Place) -> str:
    """The operation's name; at further paths with the path behind it."""
    name = f"{place.operation}{_AGAIN.get(place.method, '')}"
    if place.path == main.path:
        return name
    words = [re.sub("[^a-zA-Z0-9]+", "_", part).strip("_") for part in place.path.split(":")]
    return "__".join([name, *words])


def _path_parameters(path: str) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", path):
        about, example = PATH_PARAMETERS[name]
        schema = {"type": "string", "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "description": about, "schema": schema, "example": example}


def _named(kind: str, names: Iterable[str]) -> list[dict[str, str]]:
    return [{"$ref": f"#/components/{kind}/{name}"} for name in names]


def _body(body: Body) -> dict[str, Any]:
    examples = {name: {"value": value} for name, value in body.examples.items()}
    json = {"schema": {"$ref": f"#/components/schemas/{body.schema}"}, "examples": examples}
    form = {FORM: {"schema": {"$ref": f"#/components/schemas/{body.form}"}}} if body.form is not None else {}
    return {"required": True, "content": {JSON: json, **form}}


def _responses(described: Operation, *, with_content: bool) -> dict[str, Any]:
    replies = {str(status): _reply(reply, with_content=with_content) for status, reply in described.replies.items()}
    fails = {str(status): _failure(described.protocol, status, with_content=with_content) for status in described.fails}
    return {**replies, **{status: fail for status, fail in fails.items() if status not in replies}}


def _reply(reply: Reply, *, with_content: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"description": reply.description}
    if reply.headers:
        told["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in reply.headers}
    if reply.content and with_content:
        told["content"] = {kind: {"schema": schema} for kind, schema in reply.content.items()}
    return told


def _failure(protocol: Protocol, status: int, *, with_content: bool) -> Mapping[str, Any]:
    if not with_content:
        return {"description": "As for GET, without the body."}
    return {"$ref": f"#/components/responses/{error_name(protocol, status)}"}
