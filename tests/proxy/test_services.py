"""What one running proxy knows: where a model leads, what can be used, and what an alias says for its callers."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from proxy.app import create_app
from proxy.config import Config
from proxy.services import Services, merged
from tests.video_requests import PNG_URI, chat_of, image_part
from translators.errors import NotFound

RETIRED, OMNI = "veo-3.1-generate-preview", "gemini-omni-1.2-flash"
DEFAULTS = {"video_config": {"duration": 8, "resolution": "1080p"}, "temperature": 0.5}


def config_of(folder: Path, **sections: Any) -> Config:
    """One Gemini key, one alias with defaults."""
    data = {
        "data-dir": str(folder),
        "gemini-api-key": [{"api-key": secrets.token_hex(20)}],
        "models": [{"alias": "film", "target": RETIRED, "defaults": DEFAULTS}, {"alias": "plain", "target": OMNI}],
        **sections,
    }
    return Config.model_validate(data, by_alias=True, by_name=False, context={"folder": None})


@pytest.fixture
def sections() -> dict[str, Any]:
    """What a test changes of the configuration."""
    return {}


@pytest.fixture
async def services(tmp_path: Path, sections: dict[str, Any]) -> AsyncIterator[Services]:
    """The rooms of a proxy that runs without a socket."""
    app = create_app(config_of(tmp_path, **sections))
    async with app.router.lifespan_context(app):
        yield app.state.services


async def test_an_alias_leads_to_what_answers(services: Services) -> None:
    """Also where its target has retired, and then that is told."""
    assert services.aliases == {"film": RETIRED, "plain": OMNI}
    resolution = services.resolve("film")
    assert resolution.model.id == OMNI
    assert len(resolution.warnings) == 1
    assert services.visible_models()["film"].id == OMNI


@pytest.mark.parametrize("sections", [{"retired-models": "reject"}])
async def test_the_configurations_word_on_retired_models_holds(services: Services) -> None:
    """For a request and for the list alike."""
    with pytest.raises(NotFound):
        services.resolve("film")
    assert {"film", "plain"} & set(services.visible_models()) == {"plain"}


async def test_an_alias_speaks_for_what_was_left_out(services: Services) -> None:
    """The caller's own words go before its defaults, member by member; null is a word too."""
    asked = chat_of(model="film", video_config={"duration": 4}, temperature=None)

    filled = services.with_defaults(asked)

    assert filled.video_config == {"duration": 4, "resolution": "1080p"}
    assert filled.temperature is None
    assert filled.messages == asked.messages


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({"video_config": {"seconds": "4"}}, {"seconds": "4", "resolution": "1080p"}),
        ({"video_config": {"size": "1280x720"}}, {"size": "1280x720", "duration": 8}),
        ({"frame_images": [{}]}, DEFAULTS["video_config"]),
        ({"seed": 1}, DEFAULTS["video_config"]),
    ],
)
async def test_a_default_steps_back_for_any_words(services: Services, said: Any, left: Any) -> None:
    """Also those that stand beside `video_config`."""
    assert services.with_defaults(chat_of(model="film", **said)).video_config == left


PICTURED = {"image": PNG_URI, "seed": 1, "n": 2}


@pytest.mark.parametrize(
    "sections", [{"models": [{"alias": "film", "target": OMNI, "defaults": {"video_config": PICTURED}}]}]
)
async def test_defaults_of_another_picture_seed_and_count(services: Services) -> None:
    """The caller's own picture, seed and count are said beside `video_config`, and contradict nothing."""
    asked = chat_of([image_part()], model="film", seed=2, n=3)
    assert services.with_defaults(asked).video_config == {}
    assert services.defaults_of("film") == services.defaults_of("models/film") == {"video_config": PICTURED}
    assert services.defaults_of(OMNI) == services.defaults_of(None) == {}


@pytest.mark.parametrize("model", ["plain", OMNI])
async def test_without_defaults_a_request_stays_as_it_is(services: Services, model: str) -> None:
    """An alias without defaults, and a name that is no alias, change nothing."""
    asked = chat_of(model=model)

    assert services.with_defaults(asked) is asked


async def test_stopping_is_for_good(services: Services) -> None:
    """From then on nobody is kept waiting."""
    assert not services.stopping.is_set()

    services.stop()

    assert services.stopping.is_set()


async def test_ids_have_their_prefix_and_differ(services: Services) -> None:
    """Two answers are never taken for one."""
    one, other = services.new_id("chatcmpl-"), services.new_id("chatcmpl-")

    assert one.startswith("chatcmpl-")
    assert one != other


@pytest.mark.parametrize(
    ("defaults", "said", "both"),
    [
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1}, {"a": 2, "b": 3}, {"a": 2, "b": 3}),
        ({"a": {"x": 1, "y": 1}}, {"a": {"y": 2}}, {"a": {"x": 1, "y": 2}}),
        ({"a": {"x": 1}}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": {"x": 2}}, {"a": {"x": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
    ],
)
def test_what_is_said_lies_over_the_defaults(
    defaults: dict[str, Any], said: dict[str, Any], both: dict[str, Any]
) -> None:
    """Object by object; a list is one value."""
    assert merged(defaults, said) == both


@pytest.mark.parametrize("model", ["film", "models/film", "film(high)"])
async def test_an_alias_has_its_defaults_however_it_is_written(services: Services, model: str) -> None:
    """With Google's prefix, or a thinking suffix, it is the same alias."""
    asked = chat_of(model=model)
    assert services.with_defaults(asked).video_config == DEFAULTS["video_config"]
