"""The table of models: what ships makes sense, and what the configuration lays over it is taken or named."""

import datetime as dt
from copy import deepcopy
from typing import Any

import pytest

from tests.video_requests import CATALOG_DATA, shipped_catalog
from translators.catalog import Audio, Catalog, CatalogError, Family, Kind, Lifecycle, Mode, Model
from translators.wire.call import Surface

VEO, IMAGEN = "veo-3.1-generate-001", "imagen-4.0-generate-001"


def over(model_id: str, **members: Any) -> Catalog:
    return Catalog.of(CATALOG_DATA, {model_id: members})


@pytest.mark.parametrize("model", shipped_catalog().models.values(), ids=lambda model: model.id)
def test_every_shipped_model_is_whole(model: Model) -> None:
    """Each model has a surface; each video model has prices; what is retired has a date and a successor."""
    assert model.served
    assert (model.kind is Kind.VIDEO) == (model.family in (Family.VEO, Family.OMNI))
    assert (model.image is not None) == (model.kind is Kind.IMAGE)
    for service in model.served.values():
        assert (service.video is not None) == (model.kind is Kind.VIDEO)
        if service.status is Lifecycle.RETIRED:
            assert service.date is not None
        if service.gone:
            assert service.successor is not None
        if service.video is not None:
            limits = service.video
            assert limits.modes >= {Mode.TEXT, Mode.IMAGE}
            assert set(limits.prices) == set(limits.resolutions)
            assert all(0 < without <= with_audio for with_audio, without in limits.prices.values())
            assert bool(limits.max_references) == (Mode.REFERENCE_ASSET in limits.modes) or model.id.startswith("veo")


@pytest.mark.parametrize(
    ("model_id", "surface", "status", "date"),
    [
        ("veo-3.1-generate-preview", Surface.GEMINI, Lifecycle.RETIRED, dt.date(2026, 10, 22)),
        (VEO, Surface.VERTEX, Lifecycle.DEPRECATED, dt.date(2026, 11, 17)),
        (VEO, Surface.GEMINI, Lifecycle.ABSENT, None),
        ("gemini-omni-1.2-flash", Surface.VERTEX, Lifecycle.ACTIVE, dt.date(2026, 11, 5)),
        ("gemini-omni-flash-preview", Surface.GEMINI, Lifecycle.RETIRED, dt.date(2026, 9, 30)),
    ],
)
def test_lifecycles(model_id: str, surface: Surface, status: Lifecycle, date: dt.date | None) -> None:
    """Gemini API deprecations page and Vertex AI model cards, 2026-11."""
    service = shipped_catalog().models[model_id].served[surface]

    assert (service.status, service.date) == (status, date)
    assert service.gone == (status in (Lifecycle.RETIRED, Lifecycle.ABSENT))


@pytest.mark.parametrize("model", shipped_catalog().models.values(), ids=lambda model: model.id)
def test_code_assist_has_what_vertex_ai_has_of_gemini(model: Model) -> None:
    """Its calendar is Vertex AI's, and of the other families it has nothing."""
    assert model.service(Surface.VERTEX) is model.served.get(Surface.VERTEX)
    expected = model.served[Surface.VERTEX] if model.family is Family.GEMINI else None
    assert model.service(Surface.CODE_ASSIST) is expected


def test_the_configuration_may_say_otherwise_of_code_assist() -> None:
    """As of any surface."""
    catalog = over("gemini-2.5-flash-image", served={"code-assist": {"status": "retired"}})
    service = catalog.models["gemini-2.5-flash-image"].service(Surface.CODE_ASSIST)

    assert service is not None
    assert service.gone


def test_limits_differ_by_surface() -> None:
    """One id can do different things on the two surfaces."""
    served = shipped_catalog().models["veo-3.1-generate-preview"].served
    gemini, vertex = served[Surface.GEMINI].video, served[Surface.VERTEX].video

    assert gemini is not None
    assert vertex is not None
    assert (gemini.samples, vertex.samples) == (1, 4)
    assert (gemini.audio, vertex.audio) == (Audio.ALWAYS, Audio.TOGGLE)
    assert gemini.durations == vertex.durations == (4, 6, 8)


@pytest.mark.parametrize(
    ("model_id", "kind", "family"),
    [
        ("veo-9-generate-001", Kind.VIDEO, Family.VEO),
        ("gemini-omni-9-flash", Kind.VIDEO, Family.OMNI),
        ("imagen-9", Kind.IMAGE, Family.IMAGEN),
        ("gemini-9-flash-image", Kind.IMAGE, Family.GEMINI),
        ("nano-banana-9", Kind.IMAGE, Family.GEMINI),
        ("gemini-9-pro", Kind.TEXT, Family.GEMINI),
        ("gemma-9", Kind.TEXT, Family.GEMINI),
    ],
)
def test_an_unlisted_id_is_known_by_its_pattern(model_id: str, kind: Kind, family: Family) -> None:
    """It is served wherever it is asked for, and its price and lifecycle are not invented."""
    model = shipped_catalog().find(model_id)

    assert model is not None
    assert (model.id, model.kind, model.family, model.listed) == (model_id, kind, family, False)
    assert model.tokens is None
    assert not (model.image and model.image.price)
    for service in model.served.values():
        assert (service.status, service.date, service.successor) == (Lifecycle.ACTIVE, None, None)
        assert not (service.video and service.video.prices)


@pytest.mark.parametrize("model_id", ["gpt-5", "", "team/nano-banana-2", "google/veo-3.1", "Veo-3"])
def test_strangers_are_not_guessed(model_id: str) -> None:
    """A name of another vendor, or with a prefix before it, fits no pattern."""
    assert shipped_catalog().find(model_id) is None


def test_aliases_are_other_names_of_a_model() -> None:
    """Google's second name for an id leads to its entry."""
    model = shipped_catalog().find("nano-banana-pro-preview")

    assert model is not None
    assert model.id == "gemini-3-pro-image"
    assert shipped_catalog().canonical("nano-banana-pro-preview") == "gemini-3-pro-image"
    assert shipped_catalog().canonical("other") == "other"


def test_a_price_is_changed_by_itself() -> None:
    """One member of one table is laid over; all others stay, and so does the shipped catalogue."""
    before = deepcopy(CATALOG_DATA)

    model = over(VEO, video={"prices": {"720p": [1.0, 0.5]}}).models[VEO]

    limits = model.served[Surface.VERTEX].video
    assert limits is not None
    assert limits.prices == {"720p": (1.0, 0.5), "1080p": (0.40, 0.20), "4k": (0.60, 0.40)}
    assert limits.durations == (4, 6, 8)
    assert before == CATALOG_DATA


def test_a_model_is_added_like_another() -> None:
    """`like` copies an entry, and the members beside it win."""
    catalog = over("veo-4", like=VEO, video={"durations": [10], "default_duration": 10}, tokens=[1, 2])

    model = catalog.models["veo-4"]
    limits = model.served[Surface.VERTEX].video
    assert limits is not None
    assert (model.id, model.family, model.tokens, model.listed) == ("veo-4", Family.VEO, (1.0, 2.0), True)
    assert (limits.durations, limits.resolutions) == ((10,), ("720p", "1080p", "4k"))


def test_a_model_is_added_like_one_added_before() -> None:
    """The configuration's entries are laid over in their order."""
    catalog = Catalog.of(CATALOG_DATA, {"veo-4": {"like": VEO}, "veo-5": {"like": "veo-4"}})

    assert catalog.models["veo-5"].served == catalog.models[VEO].served


def test_a_model_is_added_whole() -> None:
    """An entry of its own needs no other."""
    catalog = over("house-model", kind="text", family="gemini", served={"gemini": {"status": "active"}})

    assert catalog.models["house-model"].kind is Kind.TEXT


def test_a_model_comes_back() -> None:
    """A new status leaves the date of the old one behind, on that surface only; a new date may be said with it."""
    preview = "veo-3.1-generate-preview"
    back = over(preview, served={"gemini": {"status": "active"}}).models[preview]
    dated = over(preview, served={"gemini": {"status": "active", "date": dt.date(2026, 12, 1)}}).models[preview]
    same = over(preview, served={"gemini": {"successor": VEO}}).models[preview]

    assert (back.served[Surface.GEMINI].status, back.served[Surface.GEMINI].date) == (Lifecycle.ACTIVE, None)
    assert back.served[Surface.VERTEX].date == dt.date(2026, 4, 2)
    assert dated.served[Surface.GEMINI].date == dt.date(2026, 12, 1)
    assert same.served[Surface.GEMINI].date == dt.date(2026, 10, 22)


@pytest.mark.parametrize(
    ("model_id", "members", "says"),
    [
        ("x", {"like": "nobody"}, "like: there is no model nobody"),
        ("x", {}, "kind"),
        ("x", {"kind": "text", "family": "gemini"}, "served"),
        ("x", {"kind": "text", "family": "gemini", "served": "gemini"}, "served"),
        ("x", {"kind": "text", "family": "gemini", "served": {"moon": {"status": "active"}}}, "served.moon"),
        ("x", {"kind": "video", "family": "veo", "served": {"vertex": {"status": "active"}}}, "served.vertex.video"),
        ("x", {"like": VEO, "served": {"vertex": "active"}}, "served.vertex"),
        (VEO, {"served": {"vertex": {"status": "asleep"}}}, "served.vertex.status"),
        (VEO, {"served": {"vertex": {"successor": "nobody"}}}, "served.vertex.successor: there is no model nobody"),
        (
            IMAGEN,
            {"served": {"code-assist": {"status": "active"}}},
            "served.code-assist: Code Assist has generateContent",
        ),
        (VEO, {"served": "vertex"}, "served"),
        (VEO, {"video": "long"}, "served.vertex.video"),
        (VEO, {"video": {"durations": ["long"]}}, "video.durations.0"),
        (VEO, {"video": {"duration": [4]}}, "video.duration"),
        (VEO, {"video": {"default_duration": 5}}, "video.default_duration: 5 is not among durations"),
        (VEO, {"video": {"default_resolution": "360p"}}, "video.default_resolution: 360p is not among resolutions"),
        (VEO, {"video": {"prices": {"360p": [1, 1]}}}, "video.prices: 360p is not among resolutions"),
        (VEO, {"video": {"prices": {"720p": 1}}}, "video.prices.720p"),
        (VEO, {"colour": "red"}, "colour"),
    ],
)
def test_errors_name_the_entry(model_id: str, members: dict[str, Any], says: str) -> None:
    """An operator reads which model and which member to correct; at start, not in the middle of a request."""
    with pytest.raises(CatalogError) as caught:
        over(model_id, **members)

    assert str(caught.value).startswith(f"models.{model_id}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"patterns": [{"match": "x-*", "like": "nobody"}]}, "patterns: x-*"),
        ({"aliases": {"x": "nobody"}}, "aliases: x"),
    ],
)
def test_names_that_lead_nowhere(data: dict[str, Any], says: str) -> None:
    """A pattern or an alias without its model is found at start."""
    with pytest.raises(CatalogError, match="there is no model nobody") as caught:
        Catalog.of({**CATALOG_DATA, **data})

    assert says in str(caught.value)


def test_a_catalogue_may_be_small() -> None:
    """Patterns and aliases may be left out."""
    assert Catalog.of({"models": {}}).find("veo-3") is None
