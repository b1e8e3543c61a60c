"""The catalogue in Anthropic's form."""

import datetime as dt

from translators.catalog import Family, Kind, Lifecycle, Model, Service
from translators.messages.models import model_info, model_page
from translators.wire.call import Surface

SINCE = dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)


def model(*statuses: Lifecycle) -> Model:
    """A model with these fates."""
    served = {surface: Service(status=status) for surface, status in zip(Surface, statuses, strict=False)}
    return Model(id="gemini-x", kind=Kind.TEXT, family=Family.GEMINI, served=served)


def test_an_entry() -> None:
    """Members and their order, as from CLIProxyAPI; the id is the one that requests use."""
    assert model_info("prefix/gemini-x", model(Lifecycle.ACTIVE), created=SINCE) == {
        "id": "prefix/gemini-x",
        "object": "model",
        "owned_by": "google",
        "created_at": "2026-11-21T10:00:00Z",
        "type": "model",
        "display_name": "prefix/gemini-x",
        "lifecycle": "active",
    }


def test_lifecycle() -> None:
    """Deprecated is what is active nowhere."""
    deprecated, active = Lifecycle.DEPRECATED, Lifecycle.ACTIVE

    assert model_info("x", model(deprecated, active), created=SINCE)["lifecycle"] == "active"
    assert model_info("x", model(deprecated, deprecated), created=SINCE)["lifecycle"] == "deprecated"


def test_a_page() -> None:
    """First and last id frame the page; an empty one has none."""
    page = model_page([{"id": "a"}, {"id": "b"}])

    assert (page["first_id"], page["last_id"], page["has_more"]) == ("a", "b", False)
    assert model_page([])["first_id"] is None
