"""proxy/respond/unwound.py: a route leaves its answer behind, and nothing of the request is held for it."""

from typing import Any

from starlette.responses import JSONResponse

from proxy.respond.unwound import Unwound, left_to_do


def scope_of(headers: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/v1/chat/completions",
        "query_string": b"key=secret",
        "headers": [*headers],
        "state": {"failure_body": "shape"},
        "app": object(),
    }


async def never(*_: Any) -> Any:
    raise AssertionError("nothing is sent or received by then")


async def test_an_answer_is_left_and_its_request_forgotten() -> None:
    """What is still needed stays: what a server logs (uvicorn reads query_string), and the shape of failures."""
    given = [(b"authorization", b"Bearer secret")]
    scope, response = scope_of(given), JSONResponse({})
    await Unwound(response)(scope, never, never)

    assert left_to_do(scope, given) is response
    assert scope == {
        "type": "http",
        "method": "POST",
        "path": "/v1/chat/completions",
        "query_string": b"key=secret",
        "state": {"failure_body": "shape"},
        "headers": (),
    }
    assert given == []
    assert left_to_do(scope, given) is None


def test_other_exchanges_are_left_alone() -> None:
    """Most answers are given where they are made."""
    given = ((b"accept", b"*/*"),)
    scope = scope_of(given)
    before = dict(scope)

    assert left_to_do(scope, given) is None
    assert scope == before


async def test_headers_that_cannot_be_emptied_are_left_to_the_server() -> None:
    """ASGI asks for an iterable, not for a list."""
    given = ((b"accept", b"*/*"),)
    scope = scope_of(given)
    await Unwound(JSONResponse({}))(scope, never, never)

    assert left_to_do(scope, given) is not None
