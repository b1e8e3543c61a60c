"""From a file, the environment and the command line to one checked configuration.

The command line beats the environment, which beats the file, which beats the defaults. Credentials and inbound keys do
not beat one another: those of the environment join those of the file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from proxy.config.compat import without_meaningless
from proxy.config.environment import SETTINGS, combine, from_here, read_environment
from proxy.config.loopback import host_of, is_loopback
from proxy.config.problems import ConfigError, Problem, dotted, problems_of
from proxy.config.schema import Config
from proxy.config.source import Source, fill_in, parse_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A configuration, and what its owner should be told about it (one log line each)."""

    config: Config
    notes: tuple[str, ...] = ()


_PATHS = frozenset({"data-dir", "auth-dir"})


def load_config(path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, Any] | None = None) -> Loaded:
    """The configuration of a start.

    `path` is the file the command line names; without one MEDIASHIM_CONFIG names it, and without that there is none,
    which is fine. `overrides` are keys from the command line, dotted where they are nested (`{"port": 9000,
    "log.level": "debug"}`). Raises ConfigError with every problem at once, and when the file cannot be read.
    """
    file = path or (Path(named).expanduser() if (named := environ.get("MEDIASHIM_CONFIG", "").strip()) else None)
    source = parse_yaml(_read(file)) if file else Source()
    if source.problems and not source.data:
        raise ConfigError(source.problems, str(file))
    data, meaningless = without_meaningless(source.data)
    filled = fill_in(replace(source, data=data), environ)
    addition = read_environment(environ)
    origins = {key: variable for variable, key in SETTINGS.items() if key in addition.settings}
    origins |= dict.fromkeys(overrides or {}, "the command line")
    replaced = {**addition.settings, **(overrides or {})}
    combined = combine(filled.data, addition)
    for key, value in replaced.items():
        combined = _placed(combined, key, from_here(value) if key in _PATHS else value)
    try:
        config = Config.model_validate(
            combined,
            by_alias=True,
            by_name=False,
            context={"folder": file.absolute().parent if file else None},
        )
    except ValidationError as error:
        found = _without_consequences(problems_of(error, source.lines), filled.problems)
        problems = [*filled.problems, *(_with_origin(problem, origins) for problem in found)]
        raise ConfigError(problems, str(file or "configuration")) from None
    if filled.problems:
        raise ConfigError(filled.problems, str(file))
    return Loaded(config=config, notes=(*addition.notes, *_notes(config, meaningless)))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError([Problem(location=(), message=f"cannot be read: {reason}")], str(file)) from None


def _without_consequences(found: Sequence[Problem], earlier: Sequence[Problem]) -> list[Problem]:
    """A key whose variable is missing is empty now: that it is empty is not a second problem."""
    return [
        problem
        for problem in found
        if not any(problem.location[: len(cause.location)] == cause.location for cause in earlier if cause.location)
    ]


def _placed(data: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The data with the dotted key set; a section that is no mapping stays for validation to report."""
    section, _, rest = key.partition(".")
    if not rest:
        return {**data, section: value}
    inner = data.get(section) or {}
    return {**data, section: _placed(inner, rest, value) if isinstance(inner, dict) else inner}


def _with_origin(problem: Problem, origins: Mapping[str, str]) -> Problem:
    origin = origins.get(dotted(problem.location))
    return replace(problem, message=f"{problem.message} (from {origin})", line=None) if origin else problem


def _notes(config: Config, meaningless: Sequence[str]) -> list[str]:
    ignored = f"these keys of CLIProxyAPI are accepted and mean nothing here: {', '.join(meaningless)}"
    pools = {
        "gemini-api-key": config.gemini_api_key,
        "interactions-api-key": config.interactions_api_key,
        "vertex-api-key": config.vertex_api_key,
        "vertex": config.vertex,
    }
    unencrypted = [
        f"{pool}[{index}].base-url is plain http: the credential travels unencrypted"
        for pool, entries in pools.items()
        for index, entry in enumerate(entries)
        if entry.base_url is not None
        and entry.base_url.startswith("http:")
        and not is_loopback(host_of(entry.base_url))
    ]
    return [*([ignored] if meaningless else []), *unencrypted]
