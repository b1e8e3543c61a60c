"""A model id goes to the credentials that can serve it, and never to another model without a word."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.video_requests import CATALOG_DATA, google, relay, shipped_catalog, target_of
from translators.catalog import Catalog, Family, Kind
from translators.errors import BadRequest, NotFound
from translators.resolve import (
    Backend,
    Offer,
    Resolution,
    RetiredModels,
    interaction_offers,
    living_successor,
    no_interactions,
    require_kind,
    resolve,
    resolve_agent,
    visible_models,
)
from translators.wire.call import Surface

GEMINI, VERTEX = google(Surface.GEMINI), google(Surface.VERTEX)
CODE_ASSIST = Offer(credential_id="cli", surface=Surface.CODE_ASSIST)
EXPRESS = Offer(credential_id="express", surface=Surface.VERTEX, express=True)
OMNI_KEY = Offer(credential_id="omni", surface=Surface.GEMINI, interactions_only=True)
PREVIEW, VEO, OMNI = "veo-3.1-generate-preview", "veo-3.1-generate-001", "gemini-omni-1.2-flash"


def offer(surface: Surface = Surface.GEMINI, **members: Any) -> Offer:
    return Offer(**{"credential_id": "c", "surface": surface, **members})


def found(asked: str, *offers: Offer, **options: Any) -> Resolution:
    return resolve(shipped_catalog(), asked, offers, **options)


def used(resolution: Resolution) -> list[tuple[str, str]]:
    return [(target.credential_id, target.upstream_id) for target in resolution.targets]


def refusal(asked: str, *offers: Offer, **options: Any) -> BadRequest | NotFound:
    with pytest.raises((BadRequest, NotFound)) as caught:
        found(asked, *offers, **options)
    assert caught.value.code == "model_not_found"
    assert caught.value.param == "model"
    return caught.value


def test_a_living_model_goes_as_it_was_asked() -> None:
    """No redirect, no warning, each credential that can."""
    resolution = found(OMNI, GEMINI, VERTEX)

    assert used(resolution) == [("gemini-key", OMNI), ("vertex-key", OMNI)]
    assert resolution.warnings == ()


@pytest.mark.parametrize("asked", ["models/gemini-omni-1.2-flash", "short", "models/short"])
def test_other_names(asked: str) -> None:
    """Google's `models/` prefix and the configuration's aliases are only names."""
    assert found(asked, GEMINI, aliases={"short": OMNI}).model.id == OMNI


@pytest.mark.parametrize(
    ("asked", "where", "successor", "backend"),
    [
        (PREVIEW, GEMINI, OMNI, Backend.OMNI),
        (PREVIEW, VERTEX, VEO, Backend.VERTEX),
        ("veo-3.0-generate-001", GEMINI, OMNI, Backend.OMNI),
        ("veo-3.0-generate-001", VERTEX, VEO, Backend.VERTEX),
        (VEO, GEMINI, OMNI, Backend.OMNI),
        ("gemini-omni-1.1-flash", VERTEX, "gemini-omni-1.1-flash-preview", Backend.OMNI),
        (PREVIEW, OMNI_KEY, OMNI, Backend.OMNI),
    ],
)
def test_retired_ids_are_redirected_and_told(asked: str, where: Offer, successor: str, backend: Backend) -> None:
    """The end of the line of successors on that surface is used, and the warning names both ids."""
    (target,) = found(asked, where).targets

    assert (target.upstream_id, target.model.id, target.backend) == (successor, successor, backend)
    assert len(target.warnings) == 1
    assert target.warnings[0].startswith(asked)
    assert f"{successor} was used instead" in target.warnings[0]


def test_the_same_family_is_preferred() -> None:
    """With both surfaces, Veo stays Veo; the key that could only offer Omni is not a target."""
    assert used(found(PREVIEW, GEMINI, VERTEX)) == [("vertex-key", VEO)]


def test_a_living_one_beats_every_redirect() -> None:
    """Where one credential serves the id itself, nobody is redirected."""
    assert used(found(VEO, GEMINI, VERTEX)) == [("vertex-key", VEO)]


def test_two_successors_are_never_mixed() -> None:
    """Two surfaces may name two successors; the first credential's is used, so that a busy one changes nothing."""
    asked = "gemini-2.5-flash-image-preview"

    assert used(found(asked, GEMINI, VERTEX)) == [("gemini-key", "gemini-nano-banana-2.1")]
    assert used(found(asked, VERTEX, GEMINI)) == [("vertex-key", "gemini-2.5-flash-image")]


def test_a_relay_gets_ids_unchanged() -> None:
    """Retirement is a fact about Google's own hosts; the retired id's own limits hold, on that surface."""
    (target,) = found(PREVIEW, relay(Surface.GEMINI)).targets
    (alias,) = found("nano-banana-pro-preview", relay(Surface.GEMINI)).targets

    assert (target.upstream_id, target.warnings, target.backend) == (PREVIEW, (), Backend.GEMINI)
    assert target.video.samples == 1
    assert (alias.upstream_id, alias.model.id) == ("nano-banana-pro-preview", "gemini-3-pro-image")


def test_googles_host_gets_the_canonical_id() -> None:
    """Google's second name of a model is written as its first."""
    assert used(found("nano-banana-pro-preview", GEMINI)) == [("gemini-key", "gemini-3-pro-image")]


def test_retired_pass() -> None:
    """`pass` sends the id as it is."""
    assert used(found(PREVIEW, GEMINI, retired=RetiredModels.PASS)) == [("gemini-key", PREVIEW)]
    refusal(PREVIEW, OMNI_KEY, retired=RetiredModels.PASS)


def test_retired_reject() -> None:
    """`reject` is a 404 that names the successor."""
    error = refusal(PREVIEW, GEMINI, retired=RetiredModels.REJECT)

    assert isinstance(error, NotFound)
    assert error.message == f"{PREVIEW} was retired on the Gemini API on 2026-10-22. Use {OMNI}."


def test_retired_without_a_date_or_a_successor() -> None:
    """What is not known is not said."""
    lonely = {"kind": "text", "family": "gemini", "served": {"gemini": {"status": "retired"}}}
    catalog = Catalog.of(CATALOG_DATA, {"lonely": lonely})

    with pytest.raises(NotFound, match=r"lonely was retired on the Gemini API\. It has no successor there\."):
        resolve(catalog, "lonely", [GEMINI], retired=RetiredModels.REJECT)
    with pytest.raises(BadRequest, match="no surface any more"):
        resolve(catalog, "lonely", [GEMINI])


@pytest.mark.parametrize(
    ("asked", "offers", "says"),
    [
        ("gpt-5", (GEMINI,), "unknown provider for model gpt-5"),
        (OMNI, (), "no Google credential is configured"),
        ("gemini-omni-1.1-flash-preview", (EXPRESS, EXPRESS), "service account"),
        (OMNI, (EXPRESS,), "has no interactions"),
        ("gemini-2.5-pro", (OMNI_KEY,), "the Gemini API or Vertex AI"),
        (OMNI, (offer(excluded=("*OMNI*",)),), "or the model is excluded"),
        (f"team/{OMNI}", (GEMINI,), "no configured credential opens that"),
        (PREVIEW, (offer(excluded=("gemini-omni-*",)),), "no configured credential"),
    ],
)
def test_nobody_can(asked: str, offers: tuple[Offer, ...], says: str) -> None:
    """The refusal says why, and what would open the model. An excluded successor is no successor."""
    assert says in refusal(asked, *offers).message


def test_express_keys_make_images_and_text_and_are_the_last_resort_for_videos() -> None:
    """For Veo they are used where nothing else is, and the caller is warned; elsewhere they are like the others."""
    [image] = found("gemini-3-pro-image", EXPRESS).targets
    assert (image.upstream_id, image.warnings) == ("gemini-3-pro-image", ())
    [alone] = found(VEO, EXPRESS).targets
    assert (alone.upstream_id, len(alone.warnings)) == (VEO, 1)
    assert used(found(VEO, EXPRESS, VERTEX)) == [(VERTEX.credential_id, VEO)]
    assert found(VEO, EXPRESS, VERTEX).warnings == ()


def test_prefixes() -> None:
    """A prefix picks a credential; with `prefix_only` nothing else does."""
    named, only = offer(credential_id="named", prefix="a"), offer(credential_id="only", prefix="b", prefix_only=True)

    assert used(found(OMNI, named, only)) == [("named", OMNI)]
    assert used(found(f"a/{OMNI}", named, only)) == [("named", OMNI)]
    assert used(found(f"b/{OMNI}", named, only)) == [("only", OMNI)]
    assert used(found("b/nano-banana-9", named, only)) == [("only", "nano-banana-9")]


def test_a_credentials_own_models() -> None:
    """A list of models replaces the catalogue for that credential, and its ids are taken at their word."""
    own = offer(models={"film": PREVIEW, OMNI: "my-tuned-omni", "mystery": "unheard-of"})

    assert used(found("film", own)) == [("c", PREVIEW)]
    assert used(found(OMNI, own)) == [("c", "my-tuned-omni")]
    assert found(OMNI, own).model.id == OMNI
    refusal("mystery", own)
    refusal("gemini-2.5-pro", own)
    refusal("film", offer(Surface.VERTEX, express=True, models={"film": OMNI}))


def test_a_renamed_model_is_found_by_both_names() -> None:
    """Another name stands beside the model's own, and hides nothing else."""
    both = offer(renamed={"film": OMNI})

    assert used(found("film", both)) == used(found(OMNI, both)) == [("c", OMNI)]
    assert used(found("gemini-2.5-pro", both)) == [("c", "gemini-2.5-pro")]


def test_a_hidden_model_is_found_by_its_other_name_only() -> None:
    """Its own name is unknown there; exclusions are held against the model that is meant."""
    only = offer(renamed={"film": OMNI}, hidden=frozenset({OMNI}))

    assert used(found("film", only)) == [("c", OMNI)]
    refusal(OMNI, only)
    refusal("film", offer(renamed={"film": OMNI}, excluded=("gemini-omni-*",)))


def test_a_renamed_model_that_has_retired_is_redirected_and_told() -> None:
    """The other name leads where the model's own would."""
    resolution = found("film", offer(renamed={"film": PREVIEW}))

    assert used(resolution) == [("c", OMNI)]
    assert resolution.warnings[0].startswith(PREVIEW)


def test_a_model_of_one_surface_is_not_looked_for_on_the_other() -> None:
    """A credential for a surface that the entry does not know is no target, whatever it lists or points to."""
    only_vertex = {"kind": "text", "family": "gemini", "served": {"vertex": {"status": "active"}}}
    catalog = Catalog.of(CATALOG_DATA, {"house": only_vertex})

    for gemini in (GEMINI, relay(Surface.GEMINI), offer(models={"house": "house"})):
        with pytest.raises(BadRequest, match="served on Vertex AI"):
            resolve(catalog, "house", [gemini])


def test_limits_of_what_makes_no_video() -> None:
    """Asking a text model for video limits is a mistake of ours, not of the caller."""
    with pytest.raises(TypeError, match="makes no videos"):
        _ = target_of("gemini-2.5-pro", Surface.GEMINI).video


def test_backends() -> None:
    """Family and surface decide how a video is asked for."""
    assert target_of(PREVIEW, Surface.GEMINI).backend is Backend.GEMINI
    assert target_of(VEO, Surface.VERTEX).backend is Backend.VERTEX
    assert target_of(OMNI, Surface.VERTEX).backend is Backend.OMNI


def test_require_kind() -> None:
    """A model that makes something else is refused with what it makes."""
    require_kind(found(OMNI, GEMINI), Kind.VIDEO)
    with pytest.raises(BadRequest, match="makes video, not image") as caught:
        require_kind(found(OMNI, GEMINI), Kind.IMAGE, "modalities")
    assert caught.value.param == "modalities"


# -- Code Assist -------------------------------------------------------------------------------------------------------

BEYOND_CODE_ASSIST = [
    (model.id, "Imagen images" if model.family is Family.IMAGEN else "videos")
    for model in shipped_catalog().models.values()
    if model.family is not Family.GEMINI
]


@pytest.mark.parametrize(("model_id", "made"), BEYOND_CODE_ASSIST)
def test_code_assist_never_makes_a_video_and_says_what_does(model_id: str, made: str) -> None:
    """Nor Imagen's images: where it is the only credential, the error says why, and every way out."""
    said = refusal(model_id, CODE_ASSIST).message

    assert f"Gemini Code Assist (a login of the Gemini CLI) makes no {made}: " in said
    assert "a service account under `vertex`" in said
    assert "`mediashim login`" in said
    assert ("a Gemini API key" in said) == (made == "videos")


@pytest.mark.parametrize("model_id", [VEO, OMNI, "imagen-4.0-generate-001"])
@pytest.mark.parametrize("retired", RetiredModels)
def test_code_assist_is_no_target_beside_one_that_makes_it(model_id: str, retired: RetiredModels) -> None:
    """Whatever is done with retired ids, and whichever credential stands first."""
    assert used(found(model_id, CODE_ASSIST, VERTEX, retired=retired)) == [("vertex-key", model_id)]
    assert "cli" not in {one.credential_id for one in found(PREVIEW, CODE_ASSIST, VERTEX).targets}


def test_what_another_credential_lacks_is_not_blamed_on_code_assist() -> None:
    """Its name stands in an error only where there is one, and only for what it cannot make."""
    assert "Code Assist" not in refusal(VEO, offer(excluded=("veo-*",))).message
    assert "Code Assist" not in refusal("gemini-2.5-pro", offer(Surface.CODE_ASSIST, excluded=("*",))).message


@pytest.mark.parametrize("model_id", ["gemini-2.5-pro", "gemini-3-pro-image", "gemini-9-flash-preview"])
def test_code_assist_is_as_good_as_the_others_for_text_and_images(model_id: str) -> None:
    """Listed or not, in the order of the credentials."""
    assert used(found(model_id, CODE_ASSIST, VERTEX)) == [("cli", model_id), ("vertex-key", model_id)]


def test_what_code_assist_shows() -> None:
    """Text and Gemini's images, and of those what lives on Vertex AI."""
    shown = visible_models(shipped_catalog(), [CODE_ASSIST], {})

    assert {model.family for model in shown.values()} == {Family.GEMINI}
    assert set(shown) == {
        name for name, model in visible_models(shipped_catalog(), [VERTEX], {}).items() if model.family is Family.GEMINI
    }
    assert "was retired on Gemini Code Assist" in found("gemini-3-pro-image-preview", CODE_ASSIST).warnings[0]


def test_code_assist_has_no_interactions() -> None:
    """Nor has an express key; beside one that has them neither is asked, and alone the way out is told."""
    assert [one.credential_id for one in interaction_offers([CODE_ASSIST, EXPRESS, VERTEX])] == ["vertex-key"]
    said = no_interactions("gemini-2.5-pro")
    assert (said.param, said.code) == ("model", "model_not_found")
    assert all(
        word in said.message for word in ("gemini-2.5-pro", "Gemini API key", "service account", "generateContent")
    )
    with pytest.raises(BadRequest, match="serves the agent"):
        resolve_agent("deep-research", [CODE_ASSIST])


# -- lines of successors ----------------------------------------------------------------------------------------------


OFFERED = [
    (model_id, surface)
    for model_id, surface in itertools.product(sorted(shipped_catalog().models), Surface)
    if surface is not Surface.CODE_ASSIST or shipped_catalog().models[model_id].family is Family.GEMINI
]
"""Every model on every surface, but for what Code Assist has not at all."""


@pytest.mark.parametrize(("model_id", "surface"), OFFERED, ids=str)
def test_every_shipped_line_of_successors_ends(model_id: str, surface: Surface) -> None:
    """Each id of the catalogue resolves on each surface to a model that lives there, and is told if it is another."""
    (target,) = found(model_id, google(surface)).targets

    service = target.model.service(surface)
    assert service is not None
    assert not service.gone
    assert (target.model.id == model_id) == (target.warnings == ())


@pytest.mark.parametrize("ends", ["ring", "itself", "elsewhere"])
def test_lines_that_lead_nowhere_end(ends: str) -> None:
    """A ring, or a successor on another surface only, is no successor."""

    def gone(successor: str) -> dict[str, Any]:
        return {"kind": "text", "family": "gemini", "served": {"gemini": {"status": "retired", "successor": successor}}}

    following = {"ring": "b", "itself": "a", "elsewhere": "c"}[ends]
    away = {"kind": "text", "family": "gemini", "served": {"vertex": {"status": "active"}}}
    catalog = Catalog.of(CATALOG_DATA, {"a": gone(following), "b": gone("a"), "c": away})

    assert living_successor(catalog, catalog.models["a"], Surface.GEMINI) is None


def test_a_line_that_names_nobody_ends() -> None:
    """The catalogue's own check forbids it; a catalogue built by hand ends it all the same."""
    model = shipped_catalog().models[PREVIEW]

    assert living_successor(Catalog({}, (), {}), model, Surface.GEMINI) is None


offers = st.builds(
    Offer,
    credential_id=st.sampled_from(["a", "b", "c"]),
    surface=st.sampled_from(Surface),
    own_base_url=st.booleans(),
    express=st.booleans(),
    interactions_only=st.booleans(),
    models=st.none() | st.just({OMNI: OMNI, "film": PREVIEW}),
    excluded=st.sampled_from([(), ("gemini-omni-*",), ("veo-*",), ("*",)]),
    prefix=st.sampled_from([None, "team"]),
    prefix_only=st.booleans(),
)
names = st.sampled_from(
    [*shipped_catalog().models, "veo-9", "nano-banana-pro-preview", f"team/{VEO}", "film", "gpt-5", "models/veo-9", ""]
) | st.text(max_size=6)


@given(names, st.lists(offers, max_size=4), st.sampled_from(RetiredModels))
def test_another_model_is_never_used_without_a_word(asked: str, some: list[Offer], retired: RetiredModels) -> None:
    """Whatever is asked: a model that lives there (or was taken at its word), told if it is another, or a clear no."""
    catalog = shipped_catalog()
    try:
        resolution = resolve(catalog, asked, some, retired=retired)
    except (BadRequest, NotFound):
        return
    bare = asked.removeprefix("models/").removeprefix("team/")
    for target in resolution.targets:
        service = target.model.served[target.surface]
        same = target.upstream_id in (bare, catalog.canonical(bare)) or bare == "film"
        assert same != any("was used instead" in line for line in target.warnings)
        assert same or (not service.gone and retired is RetiredModels.REDIRECT)
    if any(target.warnings for target in resolution.targets):
        assert len({target.model.id for target in resolution.targets}) == 1


# -- what is shown ----------------------------------------------------------------------------------------------------


def test_visible_models() -> None:
    """What lives on the credentials' surfaces, once each; retired ids are left out."""
    names = visible_models(shipped_catalog(), [GEMINI, VERTEX], {})

    assert {OMNI, VEO, "gemini-2.5-pro"} <= set(names)
    assert PREVIEW not in names
    assert "gemini-omni-1.1-flash" in visible_models(shipped_catalog(), [GEMINI], {})
    assert VEO not in visible_models(shipped_catalog(), [GEMINI], {})


@pytest.mark.parametrize(
    ("one", "shown", "hidden"),
    [
        (offer(prefix="a"), {OMNI, f"a/{OMNI}"}, set()),
        (offer(prefix="a", prefix_only=True), {f"a/{OMNI}"}, {OMNI}),
        (offer(prefix_only=True), {OMNI}, set()),
        (offer(excluded=("gemini-omni-*",)), {"gemini-2.5-pro"}, {OMNI}),
        (OMNI_KEY, {OMNI}, {"gemini-2.5-pro"}),
        (EXPRESS, {"gemini-2.5-pro", VEO}, {OMNI}),
        (offer(renamed={"film": OMNI}), {"film", OMNI}, set()),
        (offer(renamed={"film": OMNI, "old": PREVIEW}, hidden=frozenset({OMNI})), {"film"}, {OMNI, "old"}),
        (offer(renamed={"film": OMNI}, excluded=(OMNI,)), {"gemini-2.5-pro"}, {"film", OMNI}),
        (
            offer(models={"film": PREVIEW, "mystery": "unheard-of", OMNI: OMNI}, excluded=(OMNI,)),
            {"film"},
            {"mystery", OMNI},
        ),
    ],
)
def test_what_a_credential_shows(one: Offer, shown: set[str], hidden: set[str]) -> None:
    """Prefixes, other names, exclusions and the kind of credential decide."""
    names = set(visible_models(shipped_catalog(), [one], {}))

    assert shown <= names
    assert not hidden & names


def test_aliases_are_shown_as_what_answers() -> None:
    """An alias shows what a retired or unlisted id would be answered by; a dead one is left out."""
    aliases = {"old": PREVIEW, "new": "veo-9", "dead": "gpt-5", "gemini-2.5-pro": OMNI}

    names = visible_models(shipped_catalog(), [GEMINI], aliases)
    rejecting = visible_models(shipped_catalog(), [GEMINI], aliases, RetiredModels.REJECT)

    assert (names["old"].id, names["new"].id, names["gemini-2.5-pro"].id) == (OMNI, "veo-9", OMNI)
    assert "dead" not in names
    assert "old" not in rejecting


def test_interactions_are_for_all_but_express_keys() -> None:
    """A key for interactions alone serves every model there; an express key has none."""
    only = Offer(credential_id="only", surface=Surface.GEMINI, interactions_only=True)
    express = Offer(credential_id="express", surface=Surface.VERTEX, express=True)
    [offer] = interaction_offers([only, express])
    assert (offer.credential_id, offer.interactions_only) == ("only", False)


def test_an_agent_is_served_by_who_does_not_list_others() -> None:
    """A prefix is stripped, an exclusion holds, and a list of one's own decides."""
    offers = [
        Offer(credential_id="plain", surface=Surface.GEMINI),
        Offer(credential_id="not", surface=Surface.GEMINI, excluded=("deep-*",)),
        Offer(credential_id="others", surface=Surface.GEMINI, models={"fast": "gemini-2.5-flash"}),
        Offer(credential_id="named", surface=Surface.GEMINI, models={"deep-research": "deep-research-pro"}),
        Offer(credential_id="prefixed", surface=Surface.GEMINI, prefix="team", prefix_only=True),
    ]
    found = resolve_agent("deep-research", offers)
    assert [(target.credential_id, target.upstream_id) for target in found.targets] == [
        ("plain", "deep-research"),
        ("named", "deep-research-pro"),
    ]
    assert [one.credential_id for one in resolve_agent("team/deep-research", offers[4:]).targets] == ["prefixed"]
    with pytest.raises(BadRequest, match="agent deep-research") as raised:
        resolve_agent("deep-research", offers[1:3])
    assert raised.value.param == "agent"
