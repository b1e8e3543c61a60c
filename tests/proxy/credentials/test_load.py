"""Credentials from settings, key files and CLIProxyAPI's auth-dir."""

import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from proxy.addresses import Place
from proxy.credentials.auth_files import credential_from_auth_file, read_auth_dir
from proxy.credentials.credential import Credential, CredentialKind, ModelAlias
from proxy.credentials.load import (
    application_default,
    at_code_assist,
    distinct,
    from_google_file,
    from_google_json,
    gemini_api_key,
    model_aliases,
    vertex_api_key,
)
from translators.wire.call import Surface

KEY = secrets.token_hex(20)
SECRET = secrets.token_hex(20)


def service_account(**members: Any) -> dict[str, Any]:
    return {
        "type": "service_account",
        "project_id": "p",
        "client_email": "sa@p.iam.gserviceaccount.com",
        "private_key": SECRET,
        "token_uri": "https://oauth2.googleapis.com/token",
        **members,
    }


def user(**members: Any) -> dict[str, Any]:
    return {
        "type": "authorized_user",
        "client_id": "c",
        "client_secret": SECRET,
        "refresh_token": SECRET + "r",
        "quota_project_id": "q",
        **members,
    }


def test_an_api_key_becomes_a_gemini_credential() -> None:
    """Settings are kept, and those left empty take their defaults."""
    credential = gemini_api_key(f" {KEY} ", prefix="team", priority=3, weight=None, proxy_url="", base_url=None)
    assert (credential.kind, credential.surface) == (CredentialKind.GEMINI_API_KEY, Surface.GEMINI)
    assert (credential.secret, credential.prefix, credential.priority, credential.weight) == (KEY, "team", 3, 1)
    assert credential.proxy_url is None
    assert credential.place == Place(surface=Surface.GEMINI)


def test_ids_are_public_and_stable() -> None:
    """An id tells nothing of the key, survives a change of settings, and differs by key and by base URL."""
    first = gemini_api_key(KEY)
    assert first.id == gemini_api_key(KEY, priority=9, prefix="x").id
    assert first.id.startswith("gemini-")
    assert len(first.id) == len("gemini-") + 8
    assert first.id != gemini_api_key(KEY + "x").id
    assert first.id != gemini_api_key(KEY, base_url="https://relay.example").id
    assert gemini_api_key(KEY, base_url="https://r.example").id == gemini_api_key(KEY, base_url="https://r.example/").id
    assert vertex_api_key(KEY).id.startswith("vertex-key-")


@pytest.mark.parametrize(
    "credential",
    [
        gemini_api_key(KEY, headers={"x-secret": SECRET}, proxy_url=f"http://u:{SECRET}@proxy.example"),
        from_google_json(service_account()),
        from_google_json(user()),
    ],
    ids=lambda credential: credential.kind.value,
)
def test_the_repr_of_a_credential_shows_no_secret(credential: Credential) -> None:
    """A credential may be logged by accident."""
    assert credential.id in repr(credential)
    for secret in (KEY, SECRET):
        assert secret not in repr(credential)
        assert secret not in str(credential)


def test_a_key_is_needed_unless_a_gateway_stands_in() -> None:
    """Only a Gemini entry with its own base URL may go without a key."""
    assert gemini_api_key(None, base_url="http://127.0.0.1:1").secret is None
    for make in (
        lambda: gemini_api_key(""),
        lambda: vertex_api_key(" "),
        lambda: vertex_api_key("", base_url="http://x"),
    ):
        with pytest.raises(ValueError, match="API key is missing"):
            make()


@pytest.mark.parametrize("key", ["a\nb", "a b", "kéy", "a\x00"])
def test_a_key_that_would_break_a_header_is_refused_without_being_shown(key: str) -> None:
    """A pasted line break must not become a second header."""
    with pytest.raises(ValueError, match="characters that no key has") as caught:
        gemini_api_key(key)
    assert key not in str(caught.value)


@pytest.mark.parametrize("headers", [{"x a": "b"}, {"": "b"}, {"x": "a\r\ny: b"}])
def test_a_header_that_cannot_be_sent_is_refused_at_once(headers: dict[str, str]) -> None:
    """A configured header must not become two."""
    with pytest.raises(ValueError, match="cannot be sent"):
        gemini_api_key(KEY, headers=headers)


def test_a_service_account_file_brings_its_project() -> None:
    """The file's project holds unless another is configured."""
    credential = from_google_json(service_account(), location="global")
    assert (credential.kind, credential.project, credential.location) == (CredentialKind.SERVICE_ACCOUNT, "p", "global")
    assert from_google_json(service_account(), project="other").project == "other"
    assert credential.id == from_google_json(service_account(), project="other").id
    assert from_google_json(user()).project == "q"
    assert from_google_json(user(account="me@example.com")).id.startswith("vertex-user-")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({}, "its type is None"),
        ({"type": "impersonated_service_account"}, "its type is 'impersonated_service_account'"),
        (service_account(private_key=None), "private_key missing"),
        (user(refresh_token="", client_id=7), "client_id, refresh_token missing"),
        (user(quota_project_id=None), "a project is missing"),
        (service_account(project_id="a/b"), "project"),
    ],
)
def test_an_incomplete_key_file_says_what_is_missing(document: dict[str, Any], reason: str) -> None:
    """The reason names members, never what is in them."""
    with pytest.raises(ValueError, match=reason) as caught:
        from_google_json(document)
    assert SECRET not in str(caught.value)


def test_a_key_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """Absent, no JSON, no object, wrong type: each names the file and shows nothing of it."""
    for name, content in {"absent.json": None, "noise.json": SECRET, "list.json": "[]", "empty.json": "{}"}.items():
        if content is not None:
            (tmp_path / name).write_text(content)
        with pytest.raises(ValueError, match=name) as caught:
            from_google_file(tmp_path / name)
        assert SECRET not in str(caught.value)
    (tmp_path / "good.json").write_text(json.dumps(service_account()))
    assert from_google_file(tmp_path / "good.json").kind is CredentialKind.SERVICE_ACCOUNT


def test_application_default_credentials_need_a_project() -> None:
    """Whose money is spent is said, not guessed."""
    assert application_default(project="p").kind is CredentialKind.APPLICATION_DEFAULT
    with pytest.raises(ValueError, match="project"):
        application_default(location="global")


def test_repeats_collapse_and_variants_get_ids_of_their_own() -> None:
    """The same entry twice is one credential; one key with two prefixes is two."""
    one, two = gemini_api_key(KEY), gemini_api_key(KEY, prefix="x")
    kept = distinct(
        [one, gemini_api_key(KEY), two, gemini_api_key(KEY, prefix="x"), gemini_api_key(KEY, headers={"a": "b"})]
    )
    assert {place: credential.id for place, credential in kept.items()} == {
        0: one.id,
        2: f"{one.id}-2",
        4: f"{one.id}-3",
    }


def test_excluded_models_are_patterns() -> None:
    """Case does not matter, and * stands for anything."""
    credential = gemini_api_key(KEY, excluded_models=("VEO-*", "gemini-2.5-pro"))
    assert credential.excludes("veo-3.1-generate-001")
    assert credential.excludes("Gemini-2.5-PRO")
    assert not credential.excludes("gemini-2.5-pro-x")


def test_an_alias_may_be_left_out() -> None:
    """A model without an alias goes by its own name."""
    assert model_aliases([{"name": "a"}, {"name": "b", "alias": "c"}]) == (
        ModelAlias(name="a", alias="a"),
        ModelAlias(name="b", alias="c"),
    )


def test_cliproxyapis_vertex_file_is_read() -> None:
    """The wrapper's project and location hold, with prefix, priority and the rest in either spelling."""
    credential = credential_from_auth_file(
        {
            "type": "Vertex",
            "service_account": service_account(),
            "project_id": "mine",
            "email": "sa@p",
            "location": "europe-west4",
            "prefix": "eu",
            "priority": 2,
            "proxy-url": "http://proxy.example:3128",
            "excluded-models": ["veo-*"],
            "model_aliases": [{"name": "veo-3.1-generate-001", "alias": "veo"}],
            "headers": {"x-a": "b"},
        }
    )
    assert (credential.project, credential.location, credential.prefix) == ("mine", "europe-west4", "eu")
    assert (credential.priority, credential.proxy_url) == (2, "http://proxy.example:3128")
    assert credential.models == (ModelAlias(name="veo-3.1-generate-001", alias="veo"),)
    assert credential.excludes("veo-x")
    assert credential.headers == {"x-a": "b"}


def gemini_cli(**members: Any) -> dict[str, Any]:
    return {
        "type": "gemini",
        "email": "me@example.com",
        "project_id": "p",
        "token": {
            "refresh_token": SECRET,
            "client_id": "c",
            "client_secret": SECRET,
            "token_uri": "https://t.example/token",
        },
        **members,
    }


def test_a_gemini_cli_login_opens_vertex_where_it_can() -> None:
    """With refresh token, OAuth client and one project it is an authorised user."""
    credential = credential_from_auth_file(gemini_cli())
    assert (credential.kind, credential.project) == (CredentialKind.AUTHORIZED_USER, "p")
    assert credential.info is not None
    assert credential.info["token_uri"] == "https://t.example/token"
    flat = {"type": "gemini-cli", "project_id": "p", "refresh_token": SECRET, "client_id": "c", "client_secret": SECRET}
    assert credential_from_auth_file(flat).kind is CredentialKind.AUTHORIZED_USER


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (gemini_cli(token={"refresh_token": SECRET}), "cannot reach Vertex AI"),
        (gemini_cli(token=None), "cannot reach Vertex AI"),
        (gemini_cli(project_id="a,b"), "no single project"),
        (gemini_cli(project_id="all"), "no single project"),
        (gemini_cli(project_id=None), "no single project"),
        ({"type": "codex"}, "no Google credential"),
        ({"type": 7}, "no Google credential"),
        ({"type": "vertex"}, "holds no service_account"),
        ({"type": "vertex", "disabled": True}, "disabled"),
        (service_account(priority="high"), "priority must be a whole number"),
        (service_account(weight=True), "weight must be a whole number"),
        (service_account(headers={"a": 1}), "headers must be an object of texts"),
        (service_account(excluded_models=[1]), "excluded_models must be a list of texts"),
        (service_account(model_aliases=["x"]), "model_aliases must be a list"),
        (service_account(proxy_url=1), "proxy_url must be a text"),
    ],
)
def test_an_auth_file_that_is_not_used_says_why(document: dict[str, Any], reason: str) -> None:
    """One clear reason, without a secret in it."""
    with pytest.raises(ValueError, match=reason) as caught:
        credential_from_auth_file(document)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", ["gemini", "Gemini-CLI"])
def test_a_gemini_cli_login_opens_code_assist_beside_vertex(kind: str, tmp_path: Path) -> None:
    """Only where that is wished: a second credential of the same sign-in, with an id of its own and no bucket."""
    document = gemini_cli(type=kind, prefix="me", base_url="https://r.example", storage_uri="gs://b")
    (tmp_path / "a.json").write_text(json.dumps(document))
    (tmp_path / "b.json").write_text(json.dumps(service_account()))
    (tmp_path / "c.json").write_text(json.dumps(user(quota_project_id="p")))

    plain = read_auth_dir(tmp_path).credentials
    vertex, assist, *rest = read_auth_dir(tmp_path, code_assist=True).credentials

    assert (vertex, *rest) == plain
    assert (assist.kind, assist.surface, assist.kind.uses_tokens) == (
        CredentialKind.CODE_ASSIST,
        Surface.CODE_ASSIST,
        True,
    )
    assert (assist.info, assist.project, assist.prefix) == (vertex.info, "p", "me")
    assert (assist.base_url, assist.storage_uri, vertex.storage_uri) == ("https://r.example", None, "gs://b")
    assert assist.id.startswith("code-assist-")
    assert SECRET not in repr(assist)


@pytest.mark.parametrize("account", [{}, {"email": "me@example.com"}])
def test_the_id_at_code_assist_is_stable(account: dict[str, str]) -> None:
    """With or without an account's name."""
    made = [at_code_assist(credential_from_auth_file(gemini_cli(**{"email": None, **account}))) for _ in range(2)]
    assert made[0].id == made[1].id


def test_a_file_may_name_another_host() -> None:
    """One that makes no address is the reason why it is not used."""
    assert (
        credential_from_auth_file(service_account(base_url="https://r.example/v1")).base_url == "https://r.example/v1"
    )
    with pytest.raises(ValueError, match="base-url must be"):
        credential_from_auth_file(service_account(base_url="r.example"))


def test_an_auth_dir_gives_what_it_holds_and_tells_what_it_skipped(tmp_path: Path) -> None:
    """One bad file does not hide a good one."""
    (tmp_path / "a-sa.json").write_text(json.dumps(service_account()))
    (tmp_path / "b-codex.json").write_text(json.dumps({"type": "codex", "access_token": SECRET}))
    (tmp_path / "c-noise.json").write_text(SECRET)
    (tmp_path / "notes.txt").write_text("x")
    found = read_auth_dir(tmp_path)
    assert [credential.kind for credential in found.credentials] == [CredentialKind.SERVICE_ACCOUNT]
    assert [line.split(" ")[0] for line in found.skipped] == ["b-codex.json", "c-noise.json"]
    assert SECRET not in " ".join(found.skipped)
    assert read_auth_dir(tmp_path / "absent").credentials == ()
