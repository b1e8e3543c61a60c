"""One HTTP call, named: which surface, which method of Google's, which model. The one table of all routes is here."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from proxy.simulator.errors import GoogleError
from proxy.simulator.faults import JobOutcome
from proxy.simulator.models import Surface

_GEMINI = "(?P<version>v1|v1beta)"
_VERTEX = "(?P<version>v1|v1beta1)"
_PLACE = f"{_VERTEX}/projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)"
_PUBLISHED = f"(?:{_PLACE}|{_VERTEX.replace('version', 'express_version')})/publishers/google/models"
_VERB = "(?P<verb>generateContent|streamGenerateContent|countTokens|predict|predictLongRunning|fetchPredictOperation)"
_CODE_ASSIST_VERB = "(?P<verb>generateContent|streamGenerateContent|countTokens)"

ROUTES: tuple[tuple[str, Surface, str, str], ...] = (
    ("GET", Surface.GEMINI, "listModels", f"{_GEMINI}/models"),
    ("GET", Surface.GEMINI, "getModel", f"{_GEMINI}/models/(?P<model>[^/:]+)"),
    ("POST", Surface.GEMINI, "", f"{_GEMINI}/models/(?P<model>[^/:]+):{_VERB}"),
    ("GET", Surface.GEMINI, "getOperation", f"{_GEMINI}/models/(?P<model>[^/:]+)/operations/(?P<id>[^/]+)"),
    ("GET", Surface.GEMINI, "downloadFile", f"(?:download/)?{_GEMINI}/files/(?P<id>[^/:]+):download"),
    ("GET", Surface.GEMINI, "listFiles", f"{_GEMINI}/files"),
    ("GET", Surface.GEMINI, "getFile", f"{_GEMINI}/files/(?P<id>[^/:]+)"),
    ("DELETE", Surface.GEMINI, "deleteFile", f"{_GEMINI}/files/(?P<id>[^/:]+)"),
    ("POST", Surface.GEMINI, "startUpload", f"upload/{_GEMINI}/files"),
    ("POST", Surface.OTHER, "uploadChunk", "upload/session/(?P<id>[^/]+)"),
    ("PUT", Surface.OTHER, "uploadChunk", "upload/session/(?P<id>[^/]+)"),
    ("GET", Surface.OTHER, "downloadContent", "download/content/(?P<id>[^/]+)"),
    ("POST", Surface.GEMINI, "createInteraction", f"{_GEMINI}/interactions"),
    ("GET", Surface.GEMINI, "getInteraction", f"{_GEMINI}/interactions/(?P<id>[^/:]+)"),
    ("POST", Surface.GEMINI, "cancelInteraction", f"{_GEMINI}/interactions/(?P<id>[^/:]+)[/:]cancel"),
    ("DELETE", Surface.GEMINI, "deleteInteraction", f"{_GEMINI}/interactions/(?P<id>[^/:]+)"),
    ("POST", Surface.VERTEX, "createInteraction", f"{_PLACE}/interactions"),
    ("GET", Surface.VERTEX, "getInteraction", f"{_PLACE}/interactions/(?P<id>[^/:]+)"),
    ("POST", Surface.VERTEX, "cancelInteraction", f"{_PLACE}/interactions/(?P<id>[^/:]+)[/:]cancel"),
    ("DELETE", Surface.VERTEX, "deleteInteraction", f"{_PLACE}/interactions/(?P<id>[^/:]+)"),
    ("POST", Surface.VERTEX, "", f"{_PUBLISHED}/(?P<model>[^/:]+):{_VERB}"),
    ("GET", Surface.VERTEX, "getModel", f"{_PUBLISHED}/(?P<model>[^/:]+)"),
    ("GET", Surface.VERTEX, "listModels", f"{_VERTEX}/publishers/google/models"),
    ("GET", Surface.VERTEX, "getPublisherOperation", f"{_PUBLISHED}/(?P<model>[^/:]+)/operations/(?P<id>[^/]+)"),
    ("GET", Surface.VERTEX, "getOperationByNumber", f"{_PLACE}/operations/(?P<id>[^/]+)"),
    ("POST", Surface.CODE_ASSIST, "", f"v1internal:{_CODE_ASSIST_VERB}"),
    ("POST", Surface.OTHER, "token", "token"),
    ("GET", Surface.OTHER, "consent", "o/oauth2/v2/auth"),
    ("GET", Surface.OTHER, "user", "oauth2/v2/userinfo"),
    ("GET", Surface.OTHER, "projects", "v1/projects"),
    ("GET", Surface.OTHER, "getObject", "storage/v1/b/(?P<bucket>[^/]+)/o/(?P<object>.+)"),
    ("GET", Surface.OTHER, "listObjects", "storage/v1/b/(?P<bucket>[^/]+)/o"),
)

_COMPILED = tuple((method, surface, verb, re.compile(pattern)) for method, surface, verb, pattern in ROUTES)


@dataclass(slots=True, kw_only=True)
class Call:
    """A call as the handlers see it: `parts` are the path's named pieces, decoded; header names are in lower case."""

    method: str
    path: str
    surface: Surface
    verb: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes
    base_url: str
    outcome: JobOutcome | None = None
    """How a job that this call starts shall end, if a fault rule says so."""
    accepted: bool = field(default=False)
    """Set by the handler that took on a paid job."""

    @property
    def model(self) -> str:
        """The model's id, from the path or, where the path names none, from the body; empty if the call names none."""
        if "model" in self.parts:
            return self.parts["model"]
        if self.verb == "createInteraction":
            body = self.parsed()
            return str(body.get("model", "")) if isinstance(body, dict) else ""
        if self.surface is Surface.CODE_ASSIST:
            return enveloped_model(self.parsed())
        return ""

    @property
    def version(self) -> str:
        """`v1`, `v1beta` or `v1beta1`."""
        return self.parts.get("version") or self.parts.get("express_version") or ""

    def parsed(self) -> Any:
        """The body as JSON, or None where it is no JSON."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object. Raises GoogleError 400 for anything else."""
        body = self.parsed()
        if not isinstance(body, dict):
            raise GoogleError(400, "Invalid JSON payload received. Unexpected token.")
        return body


def enveloped_model(envelope: Any) -> str:
    """The model that Code Assist is asked for: beside the request, and of countTokens within it (`models/M`)."""
    if not isinstance(envelope, dict):
        return ""
    request = envelope.get("request")
    inner = request.get("model", "") if isinstance(request, dict) else ""
    return str(envelope.get("model") or inner).removeprefix("models/")


def route(method: str, raw_path: str) -> tuple[Surface, str, dict[str, str]] | None:
    """Surface, verb and named parts of a path as it stood in the request line, or None if Google has no such page."""
    path = raw_path.lstrip("/")
    for route_method, surface, verb, pattern in _COMPILED:
        if route_method == method and (match := pattern.fullmatch(path)):
            parts = {name: unquote(value) for name, value in match.groupdict().items() if value is not None}
            return surface, verb or parts.pop("verb"), parts
    return None
