"""docs/compatibility.md cannot lie: it is written from the tables, and the tables are walked against the models."""

import importlib.util
from pathlib import Path

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
