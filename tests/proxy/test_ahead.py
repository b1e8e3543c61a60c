"""proxy/ahead.py: what the first requests need is built after the start, a model in a turn of the loop."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from proxy import ahead, allocator, collection


class Clockwork(asyncio.AbstractEventLoop):
    """A loop that only remembers what is due, and when."""

    def __init__(self) -> None:
        self.due: list[tuple[float, Callable[[], Any]]] = []

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any, **_: Any) -> Any:
        self.due.append((delay, lambda: callback(*args)))


def _models() -> list[type[BaseModel]]:
    class Inner(BaseModel):
        model_config = ConfigDict(defer_build=True)
        number: int

    class Outer(BaseModel):
        model_config = ConfigDict(defer_build=True)
        inner: Inner

    return [Outer, Inner]


def test_each_model_is_built_in_a_turn_of_its_own() -> None:
    """Nothing at once, and later one after the other, so that requests are served in between."""
    loop, models = Clockwork(), _models()
    ahead.build_soon(loop, models)
    moments = [delay for delay, _ in loop.due]
    assert not any(model.__pydantic_complete__ for model in models)
    assert moments == sorted(set(moments))
    assert min(moments) > 0
    for (_, build), model in zip(loop.due, models, strict=True):
        build()
        assert model.__pydantic_complete__


def test_a_server_that_has_started_is_prepared_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The collector settles at once; models, and then the allocator, have their turns later."""
    done: list[str] = []
    monkeypatch.setattr(collection, "settle", lambda: done.append("settled"))
    monkeypatch.setattr(allocator, "keep_freed_memory", lambda: done.append("kept"))
    loop = Clockwork()
    ahead.prepare(loop)
    assert done == ["settled"]
    moments = [delay for delay, _ in loop.due]
    assert moments == sorted(set(moments))
    loop.due[-1][1]()
    assert (len(loop.due), done) == (len(ahead.MODELS) + 1, ["settled", "kept"])


def test_what_a_request_has_built_stays() -> None:
    """It may be in use."""
    loop, [outer, _] = Clockwork(), _models()
    ahead.build_soon(loop, [outer])
    outer.model_validate({"inner": {"number": 1}})
    before = outer.__pydantic_validator__
    for _, build in loop.due:
        build()
    assert outer.__pydantic_validator__ is before


def test_what_is_built_ahead_is_not_built_at_the_start() -> None:
    """Else there would be nothing to build."""
    assert all(model.model_config.get("defer_build") for model in ahead.MODELS)
