"""Failures are described in the shapes they have."""

import pytest
from jsonschema import Draft202012Validator

from proxy.auth import Rejected
from proxy.openapi.protocol import ERROR_SCHEMAS, STATUSES, Protocol, error_name, error_responses
from translators import errors
from translators.messages.errors import error_body
from translators.native.errors import status_body
from translators.video.openrouter import to_openrouter_error

SHAPES = {
    Protocol.OPENAI: lambda error: error.body(),
    Protocol.ANTHROPIC: error_body,
    Protocol.GOOGLE: status_body,
    Protocol.OPENROUTER: to_openrouter_error,
}


@pytest.mark.parametrize("protocol", Protocol)
@pytest.mark.parametrize("kind", [errors.BadRequest, errors.NotFound, errors.Conflict, errors.UpstreamTimeout])
def test_an_error_has_the_shape_that_is_described(protocol, kind) -> None:
    """Each protocol's body of an error is what its schema says."""
    error = kind("Not so.", param="seed", code="invalid_value", extra={"job_id": "video_1"}, retry_after=3)
    Draft202012Validator(ERROR_SCHEMAS[f"{protocol.value}Error"]).validate(SHAPES[protocol](error))


def test_a_rejected_key_has_its_own() -> None:
    """CLIProxyAPI's text instead of OpenAI's object."""
    Draft202012Validator(ERROR_SCHEMAS["RejectedKey"]).validate(Rejected("Missing API key").body())
    response = error_responses()["OpenAI401"]
    assert response["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/RejectedKey"}


def test_every_status_of_the_tree_is_described_for_every_protocol() -> None:
    """None is left out, and each says in words what it means."""
    responses = error_responses()
    for protocol in Protocol:
        for status in STATUSES:
            assert responses[error_name(protocol, status)]["description"]
