"""The catalogue as Anthropic's clients read GET /v1/models.

Members from CLIProxyAPI 7.2 and anthropic-python 2.11, types.ModelInfo (2026-11). Ids are told as they are: clients
that show Claude's models only will not list them. Retired ids are not listed at all.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from translators.catalog import Lifecycle, Model


def model_info(name: str, model: Model, *, created: dt.datetime, display_name: str | None = None) -> dict[str, Any]:
    """One model under its public name. Token limits are left out: the catalogue does not know them."""
    living = [service.status for service in model.served.values() if not service.gone]
    return {
        "id": name,
        "object": "model",
        "owned_by": "google",
        "created_at": created.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "type": "model",
        "display_name": display_name or name,
        "lifecycle": _lifecycle(living),
    }


def model_page(entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All of them on one page."""
    return {
        "data": list(entries),
        "has_more": False,
        "first_id": entries[0]["id"] if entries else None,
        "last_id": entries[-1]["id"] if entries else None,
    }


def _lifecycle(living: Sequence[Lifecycle]) -> str:
    return "deprecated" if living and Lifecycle.ACTIVE not in living else "active"
