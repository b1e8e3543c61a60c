"""The simulator as an ASGI app: one door for every route, where calls are recorded, spoilt by rule, and answered."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from proxy.simulator import errors
from proxy.simulator.access import credentials_shown
from proxy.simulator.call import Call, route
from proxy.simulator.errors import GoogleError, InteractionError, NoSuchPage, OAuthError
from proxy.simulator.faults import Action, Drop, Empty, Error, Expired, Filtered, Hang, Status, Stuck
from proxy.simulator.handlers import HANDLERS
from proxy.simulator.ledger import RecordedRequest, kept_headers
from proxy.simulator.models import Surface
from proxy.simulator.replies import Reply, drop, hang, json_reply, send_reply
from proxy.simulator.settings import SimulatorSettings
from proxy.simulator.world import World

LIMITED = frozenset({"generateContent", "streamGenerateContent", "countTokens", "createInteraction"})
"""Methods whose bodies are bounded; Veo's take pictures of up to 20 MB each (Vertex AI docs, 2026-11)."""


def create_simulator(settings: SimulatorSettings | None = None, *, world: World | None = None) -> Starlette:
    """A small Google as an app for any ASGI server; `app.state.world` is what it holds.

    Only `running_simulator()` and `mediashim simulate` can really drop connections: other servers hide the socket.
    """
    world = world or World(settings or SimulatorSettings())

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        world.close()

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(scope, receive, send, world)

    app = Starlette(routes=[Mount("/", app=door)], lifespan=lifespan)
    app.state.world = world
    return app


async def answer(scope: Scope, receive: Receive, send: Send, world: World) -> None:
    """Answer one HTTP request."""
    call = await _read(scope, receive)
    record = _record(call)
    world.ledger.record(record)
    action = world.faults.next_action(call)
    if isinstance(action, Stuck | Filtered | Empty | Error):
        call.outcome = action
    if isinstance(action, Status | Hang | Drop) and not action.after_accepting:
        reply = None
    else:
        reply = await _reply(call, world, action)
        record.accepted = call.accepted
    match action:
        case Hang():
            await hang(receive, world)
            # Released: what was done is told now; what was not is refused.
            reply = reply or error_reply(errors.plain(503), call)
        case Drop():
            await drop(scope, receive, world)
            return
        case Status():
            reply = _scripted(action, call)
        case _:
            pass
    if reply is None:
        raise AssertionError(f"no reply under {action}")
    record.status = reply.status
    await send_reply(reply, action, scope, receive, send, world)


async def _read(scope: Scope, receive: Receive) -> Call:
    content = bytearray()
    more = True
    while more:
        message = await receive()
        content += message.get("body", b"")
        more = message.get("more_body", False)
    path = scope["raw_path"].decode("ascii")
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    surface, verb, parts = route(method, path) or (Surface.OTHER, "", {})
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get("host") or "{}:{}".format(*scope["server"])
    return Call(
        method=scope["method"],
        path=path,
        surface=surface,
        verb=verb,
        parts=parts,
        query=dict(parse_qsl(scope["query_string"].decode("ascii"), keep_blank_values=True)),
        headers=headers,
        content=bytes(content),
        base_url=f"{scope['scheme']}://{host}",
    )


def _record(call: Call) -> RecordedRequest:
    return RecordedRequest(
        method=call.method,
        path=call.path,
        verb=call.verb,
        surface=call.surface,
        model=call.model,
        query={name: value for name, value in call.query.items() if name != "key"},
        headers=kept_headers(call.headers),
        credentials=credentials_shown(call),
        # The form at the token endpoint holds secrets and is never kept.
        body=call.parsed() if call.verb != "token" else None,
    )


async def _reply(call: Call, world: World, action: Action | None) -> Reply:
    try:
        if isinstance(action, Expired):
            raise errors.file_forbidden(call.parts.get("id", "")) if action.status == 403 else errors.plain(404)
        handler = HANDLERS.get(call.verb)
        if handler is None:
            raise NoSuchPage(call.path)
        world.access.check(call)
        if call.verb in LIMITED and len(call.content) > world.settings.payload_limit:
            raise errors.invalid(f"Request payload size exceeds the limit: {world.settings.payload_limit} bytes.")
        told = await handler(call, world)
    except (GoogleError, InteractionError, OAuthError, NoSuchPage) as error:
        return error_reply(error, call)
    return told if isinstance(told, Reply) else json_reply(told)


_ARRAYS = frozenset({Surface.VERTEX, Surface.CODE_ASSIST})


def error_reply(error: GoogleError | InteractionError | OAuthError | NoSuchPage, call: Call) -> Reply:
    """An error in the form that this route uses."""
    if isinstance(error, NoSuchPage):
        return Reply(status=error.status, content=error.html().encode(), content_type="text/html; charset=UTF-8")
    body: Any = error.body()
    # Their streaming methods answer a JSON array, their errors included, unless asked for SSE; seen with both.
    if call.surface in _ARRAYS and call.verb == "streamGenerateContent":
        body = [body]
    return json_reply(body, error.status)


def _scripted(action: Status, call: Call) -> Reply:
    match action.body:
        case None:
            plain = error_reply(errors.plain(action.status), call)
            return Reply(status=plain.status, content=plain.content, headers=action.headers)
        case str() as text:
            content_type = "text/html; charset=UTF-8" if text.lstrip().startswith("<") else "text/plain"
            return Reply(status=action.status, content=text.encode(), content_type=content_type, headers=action.headers)
        case body:
            return json_reply(body, action.status, action.headers)
