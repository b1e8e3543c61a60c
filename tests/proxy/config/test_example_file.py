"""`config.example.yaml` is true: it loads, it has every key, and the defaults it shows are the defaults."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from proxy.config import Config, load_config
from proxy.config.keys import keys_below
from proxy.config.section import Section

EXAMPLE = Path(__file__).parents[3] / "config.example.yaml"
FREE_MAPPINGS = ("headers", "service-account", "defaults", "catalog")


def everything_switched_on() -> str:
    """The example with each optional line's leading "# " removed, as its first lines say."""
    return re.sub(r"^# ", "", EXAMPLE.read_text(), flags=re.MULTILINE)


def paths(value: Any, path: str = "") -> Iterator[str]:
    """The key paths of parsed YAML, in the form of `keys_below`; the inside of free mappings is left out."""
    if isinstance(value, dict):
        for key, item in value.items():
            here = f"{path}.{key}" if path else key
            yield here
            if key not in FREE_MAPPINGS:
                yield from paths(item, here)
    if isinstance(value, list):
        for item in value:
            yield from paths(item, f"{path}[]") if isinstance(item, dict) else ()


def variables(text: str) -> Mapping[str, str]:
    """A different value for each variable that the example mentions."""
    return {name: f"value-of-{name}" for name in re.findall(r"\$\{(\w+)\}", text)}


def test_as_it_is() -> None:
    """Copied without a change it starts with the defaults, on loopback, without a word."""
    loaded = load_config(EXAMPLE, {})
    assert loaded.config == Config()
    assert loaded.notes == ()


def test_with_everything_switched_on(tmp_path: Path) -> None:
    """Every commented line is a setting that the schema accepts, once the variables are there."""
    path = tmp_path / "config.yaml"
    path.write_text(everything_switched_on())
    config = load_config(path, variables(path.read_text())).config
    assert len(config.vertex) == 3
    assert config.api_keys[1].name == "studio"


def test_it_has_every_key_and_no_other() -> None:
    """The example and the schema list the same keys."""
    shown = set(paths(yaml.safe_load(everything_switched_on())))
    assert shown == {key.path for key in keys_below(Config)}


def test_the_defaults_it_shows_are_the_defaults(tmp_path: Path) -> None:
    """Outside the lists, whose items are examples, a shown value is the value that holds without it."""
    path = tmp_path / "config.yaml"
    path.write_text(everything_switched_on())
    shown = load_config(path, variables(path.read_text())).config
    assert list(differing(shown, Config())) == [
        "api_keys",
        "gemini_api_key",
        "interactions_api_key",
        "vertex_api_key",
        "vertex",
        "oauth_model_alias.vertex",
        "models",
    ]


def differing(one: Section, other: Section, path: str = "") -> Iterator[str]:
    """The fields in which two configurations differ."""
    for name in type(one).model_fields:
        left, right = getattr(one, name), getattr(other, name)
        if isinstance(left, Section) and isinstance(right, Section):
            yield from differing(left, right, f"{path}{name}.")
        elif left != right:
            yield path + name


def test_it_binds_loopback_and_has_no_live_key() -> None:
    """Switched on or not, the example holds no credential that would work somewhere."""
    assert yaml.safe_load(EXAMPLE.read_text()) == {"host": "127.0.0.1", "port": 8317}
    assert set(re.findall(r"api-key: (\S+)", EXAMPLE.read_text())) <= {'"${GEMINI_API_KEY}"', '"${VERTEX_API_KEY}"'}
