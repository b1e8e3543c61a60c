"""docs/compatibility.md cannot lie: it is written from the tables, and the tables are walked against the models."""

import importlib.util
from pathlib import Path

import pytest

from translators import completions
from translators.chat import fields as chat
from translators.messages import fields as messages
from translators.responses import fields as responses
from translators.video import fields as video
from translators.wire.anthropic import MessagesRequest
from translators.wire.completions import CompletionRequest
from translators.wire.openai import ChatCompletionRequest
from translators.wire.responses import ResponsesRequest
from translators.wire.video import VideoConfig

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


@pytest.mark.parametrize(
    ("request_model", "fates"),
    [
        (ResponsesRequest, responses.FATES),
        (MessagesRequest, messages.FATES),
        (CompletionRequest, completions.FATES),
    ],
)
def test_every_field_of_the_other_protocols_has_exactly_one_fate(request_model, fates):
    """Each field of each request model is in one of the four tables, and each field of the tables in the model."""
    tables = (fates.mapped, fates.ignored, fates.warned, fates.rejected)
    named = [name for table in tables for name in table]
    assert sorted(named) == sorted(request_model.model_fields)


def test_every_video_config_member_has_a_fate():
    """The table and the model have the same members."""
    assert set(video.FIELDS) == set(VideoConfig.model_fields)


def test_what_a_video_request_reads_is_known_to_chat():
    """The fields that a video request reads are fields of the request model."""
    assert set(video.CHAT_FIELDS) <= set(ChatCompletionRequest.model_fields)
