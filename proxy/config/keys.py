"""The schema as a list of keys: what documentation prints, and what a misspelt key is compared with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic.fields import FieldInfo

from proxy.config.section import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key: its path as people write it (`video.timeout`, `gemini-api-key[].models[].name`) and its field."""

    path: str
    field: FieldInfo
    section: type[Section] | None
    """The section below the key; None when the key holds a plain value."""


def keys_below(section: type[Section], path: str = "") -> Iterator[Key]:
    """Every key of the section and of the sections in it, parents before children, in the order of the schema."""
    for alias, field in _fields(section).items():
        inner = _section_in(field.annotation)
        yield Key(path=path + alias, field=field, section=inner)
        if inner is not None:
            separator = "." if _holds_one(field.annotation) else "[]."
            yield from keys_below(inner, path + alias + separator)


def siblings(root: type[Section], location: tuple[int | str, ...]) -> frozenset[str]:
    """The keys that would have been right at the place of the last part of a pydantic error location."""
    section = root
    for part in location[:-1]:
        if isinstance(part, str):
            field = _fields(section).get(part)
            inner = _section_in(field.annotation) if field else None
            if inner is None:
                return frozenset()
            section = inner
    return frozenset(_fields(section))


def _fields(section: type[Section]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in section.model_fields.items()}


def _section_in(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part))), None)


def _holds_one(annotation: Any) -> bool:
    return isinstance(annotation, type)
