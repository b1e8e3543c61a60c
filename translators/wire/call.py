"""What a translator hands to the door: one call to Google, with neither host nor credential in it.

The door (`proxy/upstream.py`) adds host, API version, project, location and credential. Neither side needs the other's
knowledge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Surface(StrEnum):
    """Which of Google's front doors a credential opens."""

    GEMINI = "gemini"
    """The Gemini API (generativelanguage.googleapis.com), by API key."""
    VERTEX = "vertex"
    """Vertex AI, now "Gemini Enterprise Agent Platform" (aiplatform.googleapis.com), by OAuth token or express key."""
    CODE_ASSIST = "code-assist"
    """Gemini Code Assist (cloudcode-pa.googleapis.com), by a login of the Gemini CLI: text and images alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleCall:
    """One HTTP call to Google.

    `resource` is a path below the API version, in one of three forms:
      * `models/{model}:{verb}` or `models`: a model of the credential's own surface (on Vertex the door puts
        `projects/P/locations/L/publishers/google/` before it; on Code Assist the model moves into the body,
        `code_assist.py`);
      * `interactions`, `interactions/{id}`, `interactions/{id}/cancel`: the Interactions API (on Vertex below
        `projects/P/locations/global/`);
      * any other: a full resource name as Google gave it (`models/M/operations/ID`, `files/ID`,
        `projects/P/locations/L/publishers/google/models/M:fetchPredictOperation`), used as it is.
    """

    resource: str
    method: Literal["GET", "POST", "DELETE"] = "POST"
    body: dict[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
