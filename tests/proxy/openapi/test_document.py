"""The document is valid OpenAPI, says every route there is and no other, and has nothing of a configuration in it."""

import json
import re

import pytest
from openapi_spec_validator import validate
from starlette.routing import Route

from proxy.openapi.components import PARAMETERS
from proxy.openapi.document import openapi_document
from proxy.openapi.operations import OPERATIONS, TAGS
from proxy.openapi.place import Place
from proxy.openapi.requests import request_schemas
from proxy.routes.native.content import CONTENT_METHODS
from proxy.routes.native.routes import VIDEO_METHODS
from proxy.routes.places import places_of
from proxy.routes.table import routes
from translators.chat import fields as chat
from translators.video import fields as video
from translators.wire.openai import ChatCompletionRequest
from translators.wire.video_create import VideoCreate


@pytest.fixture(scope="module")
def document():
    """The document of an application with every route."""
    return openapi_document(places_of(routes(described=True)), version="1.2.3")


def references(value):
    """Every `$ref` in it."""
    if isinstance(value, dict):
        yield from (there for key, there in value.items() if key == "$ref")
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from references(entry)


def test_it_is_valid(document) -> None:
    """By the rules of OpenAPI 3.1, as an independent reader knows them."""
    validate(document)


def test_it_has_every_route_and_no_other(document) -> None:
    """Derived here from the application's own table, in another way than the document is."""
    expected = set()
    for route in routes(described=True):
        assert isinstance(route, Route)
        path = route.path.replace(":path}", "}")
        variants = [path]
        if path.endswith("{path}"):  # answers 404 to whatever else is below Google's versions
            continue
        if path.endswith(":{method}"):
            variants = [path.replace("{method}", method) for method in (*CONTENT_METHODS, *VIDEO_METHODS)]
        if path.endswith("/files/{file}") and "GET" in route.methods:
            variants = [path, f"{path}:download"]
        expected |= {(variant, method.lower()) for variant in variants for method in route.methods}
    assert {(path, method) for path, methods in document["paths"].items() for method in methods} == expected


def test_every_reference_leads_somewhere_and_every_component_is_used(document) -> None:
    """No name is left over, and none is missing; the same for tags and operations."""
    named = {
        f"#/components/{kind}/{name}"
        for kind, components in document["components"].items()
        for name in components
        if kind != "securitySchemes"
    }
    used = set(references(document))
    assert used <= named
    unused = {name for name in named - used if not re.search(r"responses/\w+\d{3}$", name)}
    assert not unused
    told = [operation for methods in document["paths"].values() for operation in methods.values()]
    assert {operation["operationId"].split("__")[0].removesuffix("_head") for operation in told} == set(OPERATIONS)
    assert {tag for operation in told for tag in operation["tags"]} == set(TAGS)


def test_an_operation_nobody_described_is_an_error() -> None:
    """A new route without a description does not slip by."""
    with pytest.raises(KeyError):
        openapi_document([Place(path="/new", method="GET", operation="new")], version="1")


def test_a_path_that_is_another_name_of_one_says_so(document) -> None:
    """Whoever reads the one without /v1 is led to the one with it."""
    again = document["paths"]["/chat/completions"]["post"]
    assert again["x-same-as"] == "POST /v1/chat/completions"
    assert again["requestBody"] == document["paths"]["/v1/chat/completions"]["post"]["requestBody"]


def test_every_field_says_what_becomes_of_it() -> None:
    """From the tables that requests are judged by, under every spelling that is taken."""
    schemas = request_schemas()
    said = schemas["ChatCompletionRequest"]["properties"]
    for name in ChatCompletionRequest.model_fields:
        assert said[name]["description"], name
    assert chat.REJECTED["audio"] in said["audio"]["description"]
    assert chat.IGNORED["session_id"] in said["session_id"]["description"]
    assert said["generationConfig"]["description"] == "Another spelling of `generation_config`."
    created = schemas["VideoCreate"]
    assert set(created["properties"]) == set(VideoCreate.model_fields)
    assert created["additionalProperties"] is False
    assert video.FIELDS["fps"].vertex in created["properties"]["fps"]["description"]
    assert schemas["VideoForm"]["properties"]["video"]["format"] == "binary"


def test_parameters_are_named_as_they_are_sent() -> None:
    """Two operations may mean something else by one name; each has its own entry."""
    assert {parameter["in"] for parameter in PARAMETERS.values()} == {"query", "header"}


def test_nothing_of_a_configuration_is_in_it(document) -> None:
    """Made from the code alone: the same for everyone who runs this version."""
    text = json.dumps(document)
    assert document == openapi_document(places_of(routes(described=True)), version="1.2.3")
    assert not re.search(r"AIza|ya29|127\.0\.0\.1|localhost|/home/|/root/|/tmp/", text)
