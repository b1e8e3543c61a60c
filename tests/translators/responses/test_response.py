"""A chat completion becomes a response."""

import pytest
from openai.types.responses import Response

from tests.golden_cases import GoldenCase, golden_cases
from tests.neighbours import completion_of
from translators.responses.request import parse_responses, to_chat
from translators.responses.response import to_response

SAID = parse_responses(
    b'{"model":"gemini-x","input":"Hi","temperature":0.5,"tools":[{"type":"function","name":"get_weather",'
    b'"description":"The weather.","strict":true,"parameters":{"type":"object","properties":{"city":{"type":"string"}},'
    b'"required":["city"]}}]}'
)


@pytest.mark.parametrize("case", golden_cases("responses/responses"))
def test_response_matches_golden(case: GoldenCase) -> None:
    """Each of Google's answers becomes the response on file."""
    assert to_response(completion_of(case), request=SAID, asked=to_chat(SAID)) == case.openai


@pytest.mark.parametrize("case", golden_cases("responses/responses"))
def test_openais_own_types_accept_the_response(case: GoldenCase) -> None:
    """openai-python reads each response, word for word by its types."""
    Response.model_validate(case.openai)
