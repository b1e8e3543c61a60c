"""Where a call goes: host, API version, project and location, from nothing but the call and the credential's place.

Hosts, versions and path forms: measured with google-genai 3.4.0; Vertex AI docs, "Locations", 2026-11.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from translators.errors import BadRequest
from translators.wire.call import GoogleCall, Surface

GEMINI_HOST = "https://generativelanguage.googleapis.com"
CODE_ASSIST_HOST = "https://cloudcode-pa.googleapis.com"
"""Gemini CLI, `packages/core/src/code_assist/server.ts` (2026)."""
STORAGE_HOST = "https://storage.googleapis.com"
DEFAULT_LOCATION = "us-central1"
"""Where Veo lives (Vertex AI model cards, 2026-11)."""

_VERSION = re.compile(r"/(v\d+(?:(?:alpha|beta)\d*)?)$")
_SEGMENT = re.compile(r"(?!\.{1,2}(?:$|:))[A-Za-z0-9._~@=+-]+(?::[A-Za-z]+)?")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:_-]*")
_OWN_MODEL = re.compile(r"models(?:/[^/:]+(?::[A-Za-z]+)?)?")
_LOCATION_IN_NAME = re.compile(r"projects/[^/]+/locations/([a-z0-9-]+)/")
_LOCATION = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a credential is at home.

    `base_url` replaces Google's host; it may end in an API version, which then replaces the default one. A Vertex place
    without a project is express mode: an API key, no project, Google's global host.
    Raises ValueError for a base URL, project or location that no address can be made of.
    """

    surface: Surface
    base_url: str | None = None
    project: str | None = None
    location: str = DEFAULT_LOCATION

    def __post_init__(self) -> None:
        if self.base_url is not None:
            _check_base_url(self.base_url)
        if self.project is not None and not _NAME.fullmatch(self.project):
            raise ValueError(f"project {self.project!r} is not a valid project id")
        if not _LOCATION.fullmatch(self.location):
            raise ValueError(f"location {self.location!r} is not a valid location, such as us-central1 or global")


def url_for(call: GoogleCall, place: Place) -> str:
    """The full URL of a call, query included; never with a credential in it.

    Raises BadRequest (param `model`) for a resource that is more than plain path segments: `..`, `?`, `#`, `%2f`, a
    second colon. A model name comes from a client and must not steer a call that carries the proxy's credential.
    """
    _check_resource(call.resource)
    query = f"?{urlencode(call.query)}" if call.query else ""
    match place.surface:
        case Surface.CODE_ASSIST:
            # One version, no path below it: model and project are in the body (`translators/code_assist.py`).
            host = CODE_ASSIST_HOST if place.base_url is None else split_version(place.base_url)[0]
            return f"{host}/v1internal:{call.resource}{query}"
        case Surface.GEMINI:
            host, version, path = GEMINI_HOST, "v1beta", call.resource
        case Surface.VERTEX:
            host, version, path = _vertex(call, place)
    if place.base_url is not None:
        host, stated = split_version(place.base_url)
        # The Interactions API of Vertex exists under v1beta1 alone, whatever the base URL says of the rest.
        version = version if stated is None or version == "v1beta1" else stated
    return f"{host}/{version}/{path}{query}"


def upload_url(place: Place) -> str:
    """Where an upload to the File API of a Gemini API place begins (Gemini API reference, media.upload, 2026-11)."""
    host, stated = split_version(place.base_url or GEMINI_HOST)
    return f"{host}/upload/{stated or 'v1beta'}/files"


def split_version(base_url: str) -> tuple[str, str | None]:
    """A base URL without its trailing slashes and API version, and that version: `("https://host", "v1beta")`."""
    bare = base_url.rstrip("/")
    found = _VERSION.search(bare)
    return (bare[: found.start()].rstrip("/"), found[1]) if found else (bare, None)


def vertex_host(location: str) -> str:
    """The host of a Vertex location: global, a multi-region (`us`, `eu`) or a region."""
    match location:
        case "global":
            return "https://aiplatform.googleapis.com"
        case "us" | "eu":
            return f"https://aiplatform.{location}.rep.googleapis.com"
        case _:
            return f"https://{location}-aiplatform.googleapis.com"


def storage_url(gs_uri: str, *, storage_base_url: str = STORAGE_HOST, user_project: str | None = None) -> str:
    """The download address of `gs://bucket/object`; `user_project` pays for a requester-pays bucket.

    Raises BadRequest for anything but a bucket and an object name (Cloud Storage JSON API, "objects.get", 2026-11).
    """
    bucket, _, name = gs_uri.removeprefix("gs://").partition("/")
    if not gs_uri.startswith("gs://") or not _NAME.fullmatch(bucket) or not name:
        raise BadRequest(f"{gs_uri!r} is no Cloud Storage object; expected gs://bucket/object.", code="invalid_uri")
    query = {"alt": "media", **({"userProject": user_project} if user_project else {})}
    return f"{storage_base_url.rstrip('/')}/storage/v1/b/{bucket}/o/{quote(name, safe='')}?{urlencode(query)}"


def objects_url(prefix: str, *, storage_base_url: str = STORAGE_HOST) -> str:
    """The address that lists the objects below `gs://bucket/prefix` (Cloud Storage JSON API, "objects.list", 2026-11).

    Raises BadRequest for anything but a bucket and a prefix.
    """
    bucket, _, name = prefix.removeprefix("gs://").partition("/")
    if not prefix.startswith("gs://") or not _NAME.fullmatch(bucket) or not name:
        raise BadRequest(f"{prefix!r} is no Cloud Storage prefix; expected gs://bucket/prefix.", code="invalid_uri")
    return f"{storage_base_url.rstrip('/')}/storage/v1/b/{bucket}/o?{urlencode({'prefix': name})}"


def _vertex(call: GoogleCall, place: Place) -> tuple[str, str, str]:
    """Host, version and path on Vertex."""
    resource = call.resource
    if _OWN_MODEL.fullmatch(resource):
        publisher_path = f"publishers/google/{resource}"
        # Listing and describing publisher models is not a project's business (measured with google-genai 3.4.0).
        if ":" not in resource:
            return vertex_host("global"), "v1beta1", publisher_path
        if place.project is None:
            return vertex_host("global"), "v1", publisher_path
        return (
            vertex_host(place.location),
            "v1",
            f"projects/{place.project}/locations/{place.location}/{publisher_path}",
        )
    if resource == "interactions" or resource.startswith("interactions/"):
        if place.project is None:
            raise BadRequest(
                "Vertex AI serves interactions under a project only, and this express-mode key has none. "
                "Use a model that is not a Gemini Omni one, or ask the operator for a credential with a project.",
                param="model",
                code="wrong_endpoint",
            )
        return vertex_host("global"), "v1beta1", f"projects/{place.project}/locations/global/{resource}"
    named = _LOCATION_IN_NAME.match(resource)
    version = "v1beta1" if "/interactions/" in resource else "v1"
    home = "global" if place.project is None else place.location
    return vertex_host(named[1] if named else home), version, resource


def _check_resource(resource: str) -> None:
    segments = resource.split("/")
    plain = all(_SEGMENT.fullmatch(segment) for segment in segments) and not any(":" in part for part in segments[:-1])
    steers = resource.startswith("models/") and ":" in resource and len(segments) != 2
    if not plain or steers:
        raise BadRequest(
            f"{resource!r} is not a valid model or resource name: use only letters, digits and . _ ~ @ = + - in it.",
            param="model",
        )


def _check_base_url(base_url: str) -> None:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("base-url must be an http:// or https:// address")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("base-url must have no query, fragment or user name in it")
