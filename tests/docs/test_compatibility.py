"""docs/compatibility.md cannot lie: it is written from the tables, and the tables are walked against the models."""

import importlib.util
from pathlib import Path

from proxy.openapi.operations import OPERATIONS
from proxy.routes.places import places_of
from proxy.routes.table import routes
from translators import completions
from translators.chat import fields as chat
from translators.wire.completions import CompletionRequest
from translators.wire.openai import ChatCompletionRequest

ROOT = Path(__file__).parents[2]


def load_generator():
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_tables_say():
    """`python docs/generate.py` would change nothing."""
    assert (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8") == load_generator().page()


def test_every_chat_field_has_exactly_one_fate():
    """Each field of the request model is in one of the four tables, and in no second one."""
    tables = (chat.MAPPED, chat.IGNORED, chat.WARNED, chat.REJECTED)
    for name in ChatCompletionRequest.model_fields:
        assert sum(name in table for table in tables) == 1, name


def test_every_field_of_old_completions_has_exactly_one_fate():
    """Each field of the request model is in one of the four tables, and each field of the tables in the model."""
    fates = completions.FATES
    named = [name for table in (fates.mapped, fates.ignored, fates.warned, fates.rejected) for name in table]
    assert sorted(named) == sorted(CompletionRequest.model_fields)


def test_every_operation_is_in_the_table_of_routes():
    """The page names the path of each, in the application's own words."""
    page = load_generator().page()
    first: dict[str, str] = {}
    for place in places_of(routes(described=True)):
        if place.method != "HEAD":
            first.setdefault(place.operation, f"| `{place.method} {place.path}` |")
    assert all(row in page for row in first.values())
    assert set(first) == set(OPERATIONS)


def test_every_request_body_has_its_table():
    """Whatever JSON body an operation reads, its fields stand on the page."""
    page = load_generator().page()
    for operation in OPERATIONS.values():
        if operation.body is not None:
            assert TABLES[operation.body.schema] in page


TABLES = {
    "ChatCompletionRequest": "## Fields of a chat completion: text and images",
    "CompletionRequest": "## Fields of `POST /v1/completions`",
    "ResponsesRequest": "## Fields of `POST /v1/responses`",
    "MessagesRequest": "## Fields of `POST /v1/messages`",
    "CountTokensRequest": "`/v1/messages/count_tokens`",
    "ImageRequest": "## Fields of an image request",
    "VideoCreate": "## Fields of `POST /v1/videos`",
    "PredictLongRunningRequest": "## Fields of `:predictLongRunning`",
    "FetchPredictOperationRequest": ":fetchPredictOperation",
    "AnyInteractionRequest": "## Fields of `POST /v1beta/interactions`",
    "GenerateContentRequest": "## `:generateContent`",
    "PredictRequest": "`:predict`",
}
