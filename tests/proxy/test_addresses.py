"""Every call goes to exactly one address, and no model name can change which."""

import pytest

from proxy.addresses import Place, split_version, storage_url, url_for
from translators.errors import BadRequest
from translators.wire.call import GoogleCall, Surface

GEMINI = Place(surface=Surface.GEMINI)
VERTEX = Place(surface=Surface.VERTEX, project="p", location="us-central1")
EXPRESS = Place(surface=Surface.VERTEX)
CODE_ASSIST = Place(surface=Surface.CODE_ASSIST, project="p")
OPERATION = "projects/p/locations/europe-west4/publishers/google/models/m/operations/6b3b"


def gemini(base_url: str) -> Place:
    return Place(surface=Surface.GEMINI, base_url=base_url)


def vertex(location: str, base_url: str | None = None) -> Place:
    return Place(surface=Surface.VERTEX, project="p", location=location, base_url=base_url)


ADDRESSES = [
    (GEMINI, "models", "https://generativelanguage.googleapis.com/v1beta/models"),
    (GEMINI, "models/m", "https://generativelanguage.googleapis.com/v1beta/models/m"),
    (GEMINI, "models/m:generateContent", "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent"),
    (GEMINI, "models/m/operations/x1", "https://generativelanguage.googleapis.com/v1beta/models/m/operations/x1"),
    (GEMINI, "files/abc", "https://generativelanguage.googleapis.com/v1beta/files/abc"),
    (GEMINI, "files/abc:download", "https://generativelanguage.googleapis.com/v1beta/files/abc:download"),
    (GEMINI, "interactions", "https://generativelanguage.googleapis.com/v1beta/interactions"),
    (GEMINI, "interactions/v1_a=/cancel", "https://generativelanguage.googleapis.com/v1beta/interactions/v1_a=/cancel"),
    (
        VERTEX,
        "models/m:predictLongRunning",
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/publishers/google/models/m:predictLongRunning",
    ),
    (
        vertex("global"),
        "models/m:generateContent",
        "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/m:generateContent",
    ),
    (
        vertex("eu"),
        "models/m:generateContent",
        "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/publishers/google/models/m:generateContent",
    ),
    (
        vertex("us"),
        "models/m:generateContent",
        "https://aiplatform.us.rep.googleapis.com/v1/projects/p/locations/us/publishers/google/models/m:generateContent",
    ),
    (VERTEX, "models", "https://aiplatform.googleapis.com/v1beta1/publishers/google/models"),
    (VERTEX, "models/m", "https://aiplatform.googleapis.com/v1beta1/publishers/google/models/m"),
    (VERTEX, "interactions", "https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global/interactions"),
    (
        VERTEX,
        "interactions/i/cancel",
        "https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global/interactions/i/cancel",
    ),
    (VERTEX, OPERATION, f"https://europe-west4-aiplatform.googleapis.com/v1/{OPERATION}"),
    (
        VERTEX,
        "projects/p/locations/europe-west4/publishers/google/models/m:fetchPredictOperation",
        "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/publishers/google/models/m:fetchPredictOperation",
    ),
    (
        VERTEX,
        "projects/p/locations/global/interactions/i",
        "https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global/interactions/i",
    ),
    (VERTEX, "operations/7", "https://us-central1-aiplatform.googleapis.com/v1/operations/7"),
    (
        EXPRESS,
        "models/m:generateContent",
        "https://aiplatform.googleapis.com/v1/publishers/google/models/m:generateContent",
    ),
    (CODE_ASSIST, "generateContent", "https://cloudcode-pa.googleapis.com/v1internal:generateContent"),
    (
        Place(surface=Surface.CODE_ASSIST, base_url="https://relay.example/v1/"),
        "countTokens",
        "https://relay.example/v1internal:countTokens",
    ),
    (gemini("https://relay.example"), "models/m:x", "https://relay.example/v1beta/models/m:x"),
    (gemini("https://relay.example/"), "models/m:x", "https://relay.example/v1beta/models/m:x"),
    (gemini("https://relay.example/v1beta"), "models/m:x", "https://relay.example/v1beta/models/m:x"),
    (gemini("https://relay.example/v1beta/"), "models/m:x", "https://relay.example/v1beta/models/m:x"),
    (gemini("https://relay.example/v1"), "models/m:x", "https://relay.example/v1/models/m:x"),
    (gemini("http://127.0.0.1:8080/gemini/v1beta//"), "files/f", "http://127.0.0.1:8080/gemini/v1beta/files/f"),
    (
        vertex("us-east5", "https://relay.example/v1/"),
        "models/m:predict",
        "https://relay.example/v1/projects/p/locations/us-east5/publishers/google/models/m:predict",
    ),
    (
        vertex("us-east5", "https://relay.example/v1"),
        "interactions",
        "https://relay.example/v1beta1/projects/p/locations/global/interactions",
    ),
]


@pytest.mark.parametrize(("place", "resource", "url"), ADDRESSES)
def test_each_resource_has_its_address(place: Place, resource: str, url: str) -> None:
    """Surface, location, project and base URL decide the address as Google documents it."""
    assert url_for(GoogleCall(resource=resource), place) == url


def test_the_query_is_encoded() -> None:
    """Query values cannot break out of the query."""
    call = GoogleCall(resource="models/m:streamGenerateContent", query={"alt": "sse", "x": "a&b#c"})
    assert url_for(call, GEMINI).endswith("/models/m:streamGenerateContent?alt=sse&x=a%26b%23c")
    call = GoogleCall(resource="streamGenerateContent", query={"alt": "sse"})
    assert url_for(call, CODE_ASSIST).endswith("/v1internal:streamGenerateContent?alt=sse")


@pytest.mark.parametrize("place", [GEMINI, VERTEX, EXPRESS, gemini("https://relay.example/v1beta")])
@pytest.mark.parametrize(
    "model",
    [
        "",
        ".",
        "..",
        "../../v1/files/secret",
        "a/../b",
        "a/b",
        "a?key=b",
        "a#b",
        "a%2fb",
        "a%2e%2e",
        "a b",
        "a\\b",
        "a\r\nHost: evil",
        "a\x00",
        "m:generateContent",
        "é",
        "@evil.example/",
        "//evil.example",
    ],
)
def test_a_model_name_cannot_steer_the_call(place: Place, model: str) -> None:
    """A client's model name is one plain path segment or a 400 that names `model`."""
    with pytest.raises(BadRequest) as caught:
        url_for(GoogleCall(resource=f"models/{model}:predictLongRunning"), place)
    assert caught.value.param == "model"


@pytest.mark.parametrize("model", ["veo-3.1-generate-001", "text@001", "a..b", "a_b~c", "gemini-2.5-flash.x"])
def test_true_model_names_pass(model: str) -> None:
    """Dots, dashes, versions with @ and the like are names, not tricks."""
    assert url_for(GoogleCall(resource=f"models/{model}:predict"), GEMINI).endswith(f"/models/{model}:predict")


def test_interactions_need_a_project_on_vertex() -> None:
    """An express key cannot reach the Interactions API of Vertex, and the caller is told."""
    with pytest.raises(BadRequest, match="project"):
        url_for(GoogleCall(resource="interactions"), EXPRESS)


@pytest.mark.parametrize(
    "base_url",
    [
        "relay.example",
        "ftp://relay.example",
        "https:///path",
        "https://u:p@relay.example",
        "https://r.example?x=1",
        "https://r.example#x",
    ],
)
def test_a_base_url_that_makes_no_address_is_refused_at_once(base_url: str) -> None:
    """A broken base URL fails when the credential is made, not when money is about to be spent, and is not echoed."""
    with pytest.raises(ValueError, match="base-url") as caught:
        gemini(base_url)
    assert base_url not in str(caught.value)


@pytest.mark.parametrize("location", ["", "us central1", "evil.example/", "evil.example", "a/b", "x@y"])
def test_a_location_cannot_name_another_host(location: str) -> None:
    """The location becomes part of a host name, so it must be a plain name."""
    with pytest.raises(ValueError, match="location"):
        vertex(location)


def test_a_location_inside_an_operation_name_cannot_name_another_host() -> None:
    """An operation's own location becomes part of a host name too."""
    with pytest.raises(BadRequest):
        url_for(
            GoogleCall(resource="projects/p/locations/evil.example%2f/publishers/google/models/m/operations/1"), VERTEX
        )


def test_a_project_must_be_a_plain_name() -> None:
    """The project becomes part of a path."""
    with pytest.raises(ValueError, match="project"):
        Place(surface=Surface.VERTEX, project="p/../q")


def test_versions_are_told_from_paths() -> None:
    """Only a trailing API version is one."""
    assert split_version("https://h/v1beta1/") == ("https://h", "v1beta1")
    assert split_version("https://h/v1/gateway") == ("https://h/v1/gateway", None)
    assert split_version("https://h/versions") == ("https://h/versions", None)


def test_an_object_in_a_bucket_has_a_download_address() -> None:
    """The object's name is one escaped segment, slashes and all."""
    assert (
        storage_url("gs://my-bucket/a b/../c#1/sample_0.mp4")
        == "https://storage.googleapis.com/storage/v1/b/my-bucket/o/a%20b%2F..%2Fc%231%2Fsample_0.mp4?alt=media"
    )
    assert storage_url("gs://b/o", storage_base_url="http://127.0.0.1:1/", user_project="p").endswith(
        "?alt=media&userProject=p"
    )


@pytest.mark.parametrize("uri", ["gs://", "gs://b", "gs://b/", "gs://../o", "gs://b%2f/o", "https://b/o", "gs:///o"])
def test_what_is_no_object_is_refused(uri: str) -> None:
    """Bucket and object are both needed."""
    with pytest.raises(BadRequest):
        storage_url(uri)
