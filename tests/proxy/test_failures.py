"""What no route foresaw is answered in the protocol that the request had by then, and tells nothing of itself."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from proxy.envelope import Envelope
from proxy.routes.failures import UNFORESEEN, failed, shape_failures
from translators.messages.errors import error_body
from translators.native.errors import status_body

SHAPES = {
    "/openai": (None, {"message": UNFORESEEN, "type": "server_error", "param": None, "code": "internal_server_error"}),
    "/anthropic": (error_body, {"type": "api_error", "message": UNFORESEEN, "code": "internal_server_error"}),
    "/google": (status_body, None),
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", SHAPES)
def test_a_fault_of_this_program(path: str) -> None:
    """500 in the caller's own protocol."""
    shape, expected = SHAPES[path]

    async def broken(request: Request) -> Response:
        if shape is not None:
            shape_failures(request, shape)
        raise ZeroDivisionError("a secret")

    envelope = Middleware(Envelope, new_id=lambda: "req_1", origins=(), failed=failed)
    app = Starlette(routes=[Route(path, broken)], middleware=[envelope])
    answer = TestClient(app, raise_server_exceptions=False).get(path)

    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "req_1")
    assert "secret" not in answer.text
    if expected is not None:
        assert answer.json()["error"] == expected
    else:
        assert answer.json()["error"]["status"] == "INTERNAL"
