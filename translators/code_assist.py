"""Gemini Code Assist: generateContent and its siblings in an envelope, and their answers out of theirs.

    models/M:generateContent {contents, ...}  ->  generateContent {model: M, project: P, request: {contents, ...}}
    {response: {candidates, ...}, traceId}    ->  {candidates, ...}

The model is in the body, the method behind `v1internal:`, and the inside is Vertex AI's. Google publishes no reference;
sources: Gemini CLI, `packages/core/src/code_assist/converter.ts` and `server.ts` (2026), and CLIProxyAPI 7.2.19,
`gemini_cli_executor.go`.
"""

import re
from typing import Any

import orjson

from translators.errors import BadRequest
from translators.sse import SseParser
from translators.wire.call import GoogleCall

COUNT = "countTokens"
METHODS = ("generateContent", "streamGenerateContent", COUNT)
"""What Code Assist can do with a model; `predict` and `predictLongRunning` are 404 there."""

_CALL = re.compile(r"models/([^/:]+):([A-Za-z]+)")
_MASKS = frozenset({"fields", "$fields"})


def in_envelope(call: GoogleCall, *, project: str | None) -> GoogleCall:
    """The call as Code Assist takes it; its `resource` is the method alone.

    Raises BadRequest (param `model`, code `wrong_endpoint`) for whatever is no method of a model, or none of `METHODS`.
    """
    named = _CALL.fullmatch(call.resource)
    if named is None or named[2] not in METHODS:
        raise BadRequest(
            f"Gemini Code Assist has {', '.join(METHODS)} of a model, and no {call.resource}. For videos use a service "
            "account or `mediashim login` (Vertex AI), or a Gemini API key (Gemini Omni).",
            param="model",
            code="wrong_endpoint",
        )
    model, method = named.groups()
    body = call.body or {}
    envelope = _count(model, body) if method == COUNT else _content(model, body, project)
    # An answer that is counted comes without an envelope.
    query = {
        name: f"response({text})" if name in _MASKS and method != COUNT else text for name, text in call.query.items()
    }
    return GoogleCall(resource=method, body=envelope, query=query)


def _content(model: str, body: dict[str, Any], project: str | None) -> dict[str, Any]:
    return {"model": model, **({"project": project} if project else {}), "request": body}


def _count(model: str, body: dict[str, Any]) -> dict[str, Any]:
    """`model` within, as the Gemini CLI has it, and all but the safety settings, as CLIProxyAPI has it."""
    counted = {name: member for name, member in body.items() if name not in {"model", "safetySettings"}}
    return {"request": {"model": f"models/{model}", **counted}}


class EnvelopeOpener:
    """Takes a good answer out of its envelopes while it comes, in whatever pieces: one for each server-sent event.

    Without `events` it is one JSON document, which is held until `end`.
    """

    __slots__ = ("_held", "_parser")

    def __init__(self, *, events: bool) -> None:
        self._parser = SseParser() if events else None
        self._held: list[bytes] = []

    def feed(self, piece: bytes) -> bytes:
        """The next bytes of the inner answer; empty while none are whole."""
        if self._parser is None:
            self._held.append(piece)
            return b""
        return b"".join(b"data: " + opened(event.data) + b"\r\n\r\n" for event in self._parser.feed(piece))

    def end(self) -> bytes:
        """The last bytes; an event that was cut is none, as everywhere (`sse.py`)."""
        return b"" if self._parser is not None else opened(b"".join(self._held))


def opened(document: bytes) -> bytes:
    """What is inside a JSON document; one without an envelope (an error, a count) or that is no JSON stays as it is.

    A stream without server-sent events is a JSON array of envelopes.
    """
    try:
        parsed: Any = orjson.loads(document)
    except orjson.JSONDecodeError:
        return document
    if isinstance(parsed, list):
        return orjson.dumps([_inside(item) for item in parsed])
    inside = _inside(parsed)
    return document if inside is parsed else orjson.dumps(inside)


def _inside(envelope: Any) -> Any:
    """The answer in an envelope; the envelope's trace stands in for an answer's missing id, as for the Gemini CLI."""
    if not isinstance(envelope, dict) or not isinstance(envelope.get("response"), dict):
        return envelope
    trace = envelope.get("traceId")
    return {**({"responseId": trace} if isinstance(trace, str) and trace else {}), **envelope["response"]}
