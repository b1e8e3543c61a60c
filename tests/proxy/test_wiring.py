"""From a configuration to credentials, what each of them offers, and the lanes of the queue."""

import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from proxy.config import Config, ConfigError
from proxy.credentials import load
from proxy.credentials.credential import CredentialKind
from proxy.wiring import Entry, display_names, entries_of, lanes_of, offers_of, read_catalog
from translators.resolve import Offer
from translators.wire.call import Surface

KEY, OTHER_KEY = secrets.token_hex(20), secrets.token_hex(20)
VEO = "veo-3.1-generate-001"


def account(email: str = "sa@p.iam.gserviceaccount.com") -> dict[str, Any]:
    """A service account's key file."""
    return {
        "type": "service_account",
        "project_id": "p",
        "client_email": email,
        "private_key": secrets.token_hex(20),
        "token_uri": "https://oauth2.googleapis.com/token",
    }


def config_of(**sections: Any) -> Config:
    """A configuration with these sections, underscores for hyphens."""
    data = {name.replace("_", "-"): section for name, section in sections.items()}
    return Config.model_validate(data, by_alias=True, by_name=False, context={"folder": None})


def offers(**sections: Any) -> tuple[Offer, ...]:
    """What the credentials of a configuration offer."""
    config = config_of(**sections)
    return offers_of(entries_of(config), config)


def key(**settings: Any) -> dict[str, Any]:
    """A Gemini API key's entry."""
    return {"api-key": KEY, **settings}


def written(folder: Path, document: dict[str, Any], name: str = "a.json") -> Path:
    """A file of a credential."""
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("section", "entry", "kind", "surface"),
    [
        ("gemini_api_key", key(), CredentialKind.GEMINI_API_KEY, Surface.GEMINI),
        ("interactions_api_key", key(), CredentialKind.GEMINI_API_KEY, Surface.GEMINI),
        ("vertex_api_key", key(), CredentialKind.VERTEX_API_KEY, Surface.VERTEX),
        ("vertex", {"service-account": account()}, CredentialKind.SERVICE_ACCOUNT, Surface.VERTEX),
        (
            "vertex",
            {"application-default": True, "project": "p"},
            CredentialKind.APPLICATION_DEFAULT,
            Surface.VERTEX,
        ),
    ],
)
def test_each_section_makes_its_kind_of_credential(
    section: str, entry: dict[str, Any], kind: CredentialKind, surface: Surface
) -> None:
    """One entry, one credential, one offer; only an interactions key is for interactions alone, and only a Vertex key
    has no project."""
    config = config_of(**{section: [entry]})
    (made,) = entries_of(config)
    (offer,) = offers_of([made], config)

    assert (made.credential.kind, offer.surface, offer.credential_id) == (kind, surface, made.credential.id)
    assert offer.interactions_only == (section == "interactions_api_key")
    assert offer.express == (section == "vertex_api_key")


def test_a_credentials_file_is_read(tmp_path: Path) -> None:
    """Project and bucket of the entry go before the file's."""
    entry = {
        "credentials-file": str(written(tmp_path, account())),
        "project": "mine",
        "location": "global",
        "storage-uri": "gs://bucket/folder",
    }
    (made,) = entries_of(config_of(vertex=[entry]))

    place = made.credential
    assert (place.project, place.location, place.storage_uri) == ("mine", "global", "gs://bucket/folder")


def test_an_entry_that_opens_nothing_is_named(tmp_path: Path) -> None:
    """The problem says which entry, and why."""
    fine, broken = {"service-account": account()}, {"credentials-file": str(tmp_path / "gone.json")}

    with pytest.raises(ConfigError) as caught:
        entries_of(config_of(vertex=[fine, broken]))

    (problem,) = caught.value.problems
    assert problem.location == ("vertex", 1)
    assert "gone.json" in problem.message


def test_settings_of_an_entry_reach_its_credential() -> None:
    """What the entry leaves out is the configuration's."""
    own = key(
        **{
            "proxy-url": "http://own.example:1",
            "priority": 3,
            "weight": 2,
            "headers": {"x-team": "a"},
            "disable-cooling": False,
        }
    )
    config = config_of(
        gemini_api_key=[own, {"api-key": OTHER_KEY}], proxy_url="http://all.example:1", disable_cooling=True
    )
    mine, theirs = (entry.credential for entry in entries_of(config))

    assert (mine.proxy_url, mine.priority, mine.weight) == ("http://own.example:1", 3, 2)
    assert (dict(mine.headers), mine.disable_cooling) == ({"x-team": "a"}, False)
    assert (theirs.proxy_url, theirs.priority, theirs.disable_cooling) == ("http://all.example:1", 0, True)


@pytest.mark.parametrize(
    ("base_url", "own"),
    [
        (None, False),
        ("https://generativelanguage.googleapis.com/v1beta", False),
        ("https://eu-aiplatform.googleapis.com", False),
        ("https://googleapis.com.relay.example", True),
        ("https://notgoogleapis.com", True),
        ("http://127.0.0.1:9", True),
    ],
)
def test_only_anothers_host_is_taken_at_its_word(base_url: str | None, own: bool) -> None:
    """Ids live and die by Google's calendar on Google's own hosts, however they are written."""
    (offer,) = offers(gemini_api_key=[key(**{"base-url": base_url})])

    assert offer.own_base_url is own


def test_the_simulator_stands_for_google() -> None:
    """Its address is another's, but its ids are Google's."""
    simulator = load.gemini_api_key(KEY, base_url="http://127.0.0.1:9")
    entry = Entry(credential=simulator, concurrency=None, per_minute=None, simulated=True)

    (offer,) = offers_of([entry], config_of())

    assert not offer.own_base_url


def test_what_an_entry_serves() -> None:
    """Its own models under their aliases, never the excluded ones, and by its prefix."""
    entry = key(
        models=[{"name": VEO, "alias": "film"}, {"name": "gemini-2.5-pro"}],
        **{"excluded-models": ["veo-2*"], "prefix": "/team/"},
    )
    (offer,) = offers(gemini_api_key=[entry], force_model_prefix=True)

    assert offer.models == {"film": VEO, "gemini-2.5-pro": "gemini-2.5-pro"}
    assert (offer.excluded, offer.prefix, offer.prefix_only) == (("veo-2*",), "team", True)


def test_an_entry_that_names_no_models_serves_all() -> None:
    """No list is not an empty list."""
    (offer,) = offers(gemini_api_key=[key()])

    assert (offer.models, offer.prefix, offer.prefix_only) == (None, None, False)


def test_files_are_renamed_and_excluded_together(tmp_path: Path) -> None:
    """A renamed model keeps its own name only where it forks; a file's own exclusions stay; other entries are not
    touched."""
    file = {"type": "vertex", "project_id": "p", "service_account": account(), "excluded_models": ["veo-2*"]}
    written(tmp_path, file)
    renamed = [
        {"name": VEO, "alias": "film"},
        {"name": "gemini-2.5-pro", "alias": "pro", "fork": True},
        {"name": "imagen-4"},
    ]
    listed, read = offers(
        gemini_api_key=[key()],
        auth_dir=str(tmp_path),
        oauth_model_alias={"vertex": renamed},
        oauth_excluded_models={"vertex": ["imagen-*"]},
    )

    assert read.renamed == {"film": VEO, "pro": "gemini-2.5-pro"}
    assert read.hidden == {VEO}
    assert read.excluded == ("veo-2*", "imagen-*")
    assert (listed.renamed, listed.hidden, listed.excluded) == ({}, frozenset(), ())


@pytest.mark.parametrize("on", [False, True])
def test_code_assist_is_offered_where_it_is_switched_on(
    on: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """By logins of the Gemini CLI, with exclusions of its own and Vertex AI's other names not for it."""
    token = {"refresh_token": KEY, "client_id": "c", "client_secret": OTHER_KEY}
    written(tmp_path, {"type": "gemini", "email": "a@b.example", "project_id": "p", "token": token})
    vertex, *rest = offers(
        auth_dir=str(tmp_path),
        oauth_model_alias={"vertex": [{"name": "gemini-2.5-pro", "alias": "pro"}]},
        oauth_excluded_models={"vertex": ["imagen-*"], "gemini-cli": ["*-image"]},
        **({"code_assist": True} if on else {}),
    )

    assert (vertex.surface, vertex.excluded, dict(vertex.renamed)) == (
        Surface.VERTEX,
        ("imagen-*",),
        {"pro": "gemini-2.5-pro"},
    )
    assert [(offer.surface, offer.excluded, dict(offer.renamed), offer.hidden) for offer in rest] == (
        [(Surface.CODE_ASSIST, ("*-image",), {}, frozenset())] if on else []
    )
    assert ("may suspend the account" in caplog.text) == on
    assert ("code-assist is on for code-assist-" in caplog.text) == on


def test_code_assist_that_has_no_effect_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Without a folder, and without a login in it."""
    entries_of(config_of(code_assist=True))
    written(tmp_path, {"type": "vertex", "project_id": "p", "service_account": account()})
    entries_of(config_of(code_assist=True, auth_dir=str(tmp_path)))

    told = [record.getMessage() for record in caplog.records]
    assert [line.startswith("code-assist is on and has no effect: ") for line in told] == [True, True]


def test_a_file_that_is_not_used_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With the reason; the start goes on."""
    written(tmp_path, {"type": "codex"}, "other.json")

    assert entries_of(config_of(auth_dir=str(tmp_path))) == []
    assert "other.json is not used" in caplog.text


def test_a_repeat_is_one_credential() -> None:
    """The same entry twice would be asked twice as often as Google allows."""
    assert len(entries_of(config_of(gemini_api_key=[key(), key()]))) == 1


def test_one_key_in_two_ways_is_two_credentials() -> None:
    """None of the two is lost: each has an id of its own, its settings, and a lane."""
    config = config_of(gemini_api_key=[key(prefix="a"), key(prefix="b", concurrency=7)])
    made = entries_of(config)

    assert [offer.prefix for offer in offers_of(made, config)] == ["a", "b"]
    assert [lane.concurrency for lane in lanes_of(made).values()] == [config.jobs.concurrency, 7]
    assert len(lanes_of(made)) == 2


def test_names_for_people() -> None:
    """By the name that callers use; an alias of the configuration goes before an entry's, and no name is no name."""
    config = config_of(
        gemini_api_key=[
            key(
                models=[
                    {"name": VEO, "alias": "film", "display-name": "A film"},
                    {"name": "gemini-2.5-pro", "display-name": "Pro"},
                    {"name": "imagen-4"},
                ]
            )
        ],
        oauth_model_alias={"vertex": [{"name": VEO, "alias": "clip", "display-name": "A clip"}]},
        models=[{"alias": "film", "target": VEO, "display-name": "Our film"}],
    )

    assert display_names(config) == {"film": "Our film", "gemini-2.5-pro": "Pro", "clip": "A clip"}


def test_lanes_know_their_order_and_their_limits() -> None:
    """Own limits go before the configuration's, which are others for Vertex than for keys."""
    config = config_of(
        gemini_api_key=[key(**{"concurrency": 5, "submits-per-minute": 6, "priority": 2, "weight": 3})],
        vertex=[{"service-account": account(), "storage-uri": "gs://bucket"}],
        jobs={"vertex-concurrency": 8, "submits-per-minute": 9},
    )
    first, second = lanes_of(entries_of(config)).values()

    assert (first.order, first.concurrency, first.per_minute, first.priority, first.weight) == (0, 5, 6, 2, 3)
    assert (second.order, second.concurrency, second.per_minute) == (1, 8, 9)
    assert (first.storage_uri, second.storage_uri) == (None, "gs://bucket")


def test_the_catalogue_takes_additions() -> None:
    """A model of the house beside those that ship."""
    house = {"kind": "text", "family": "gemini", "served": {"gemini": {"status": "active"}}}

    catalog = read_catalog(config_of(catalog={"house": house}))

    assert {"house", VEO} <= set(catalog.models)


def test_a_bad_addition_is_named() -> None:
    """It stops the start, by the key that holds it."""
    with pytest.raises(ConfigError) as caught:
        read_catalog(config_of(catalog={"house": {"kind": "smell"}}))

    assert caught.value.problems[0].location == ("catalog",)
