"""What a quick request may cost: counted, for time would be another one on each machine."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from proxy import services
from proxy.auth import Keyring
from proxy.routes import content_chat, streamed_content, whole_content
from tests.proxy.e2e.test_content import BANANA, an_image, picture
from tests.proxy.jobs.bench import google_key

TEXT = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
KEY = "sk-of-a-caller"
KEYED = {"authorization": f"Bearer {KEY}"}


class Tally:
    """How often functions were called, and with what."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.calls: dict[str, list[tuple[Any, ...]]] = {}

    def watch(self, owner: Any, name: str) -> None:
        """Note each call of it from now on."""
        original: Callable[..., Any] = getattr(owner, name)
        noted = self.calls.setdefault(name, [])

        def noting(*args: Any, **named: Any) -> Any:
            noted.append(args)
            return original(*args, **named)

        self._patch.setattr(owner, name, noting)

    def counts(self) -> dict[str, int]:
        """Times by name."""
        return {name: len(calls) for name, calls in self.calls.items()}


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> Tally:
    return Tally(monkeypatch)


@pytest.fixture
async def own_tasks() -> Iterator[Counter[str]]:
    """Tasks that run the proxy's own coroutines, by name, of those that begin during the test.

    What `eager_start` leaves of a request's writing is aiohttp's task.
    """
    begun: Counter[str] = Counter()

    def factory(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **named: Any) -> Any:
        name = getattr(coroutine, "__qualname__", type(coroutine).__name__)
        code = getattr(coroutine, "cr_code", None)
        place = "" if code is None else code.co_filename
        if "/proxy/" in place and not any(other in place for other in ("/simulator/", "/eager_start.py")):
            begun[name] += 1
        return asyncio.Task(coroutine, loop=loop, **named)

    loop = asyncio.get_running_loop()
    loop.set_task_factory(factory)
    yield begun
    loop.set_task_factory(None)


def watch_the_line(tally: Tally) -> None:
    for owner, name in (
        (services, "resolve"),
        (content_chat, "to_generate_content"),
        (whole_content, "read_answer"),
        (streamed_content, "read_answer"),
        (Keyring, "find"),
    ):
        tally.watch(owner, name)


async def test_a_text_is_translated_once_and_takes_no_task_of_its_own(start, tally, own_tasks) -> None:
    """The caller is found once for a request, the way to the model once for all of them."""
    _, proxy = await start(lambda google: [google_key(google)], config={"api_keys": [KEY]})
    watch_the_line(tally)
    own_tasks.clear()
    for _ in range(2):
        assert (await proxy.ask(TEXT, **KEYED)).status_code == 200

    assert tally.counts() == {"resolve": 1, "to_generate_content": 2, "read_answer": 2, "find": 2}
    assert own_tasks == {}


async def test_a_stream_is_translated_once(start, tally, own_tasks) -> None:
    """One task keeps it, and all others, alive."""
    _, proxy = await start(lambda google: [google_key(google)], config={"api_keys": [KEY]})
    watch_the_line(tally)
    own_tasks.clear()
    assert (await proxy.chunks(TEXT, **KEYED))[-1] == "[DONE]"

    counts = tally.counts()
    assert (counts["to_generate_content"], counts["find"]) == (1, 1)
    assert own_tasks == {"Beats._look": 1}


async def test_the_data_of_an_image_is_not_read(start, tally) -> None:
    """Only what is around it; the picture arrives as Google made it."""
    _, proxy = await start(lambda google: [google_key(google)])
    tally.watch(whole_content, "read_answer")
    answer = await proxy.ask(an_image())

    [image] = answer.json()["choices"][0]["message"]["images"]
    assert picture(image["image_url"]["url"]).width >= 1000
    [(read,)] = tally.calls["read_answer"]
    assert len(read) < 2000 < len(answer.content)


async def test_an_image_that_is_kept_is_read_and_the_same(start, tally) -> None:
    """A seed has it kept, and for that it must be known."""
    _, proxy = await start(lambda google: [google_key(google)])
    body = {**an_image(), "seed": 5}
    first, second = [(await proxy.ask(body)).json() for _ in range(2)]
    assert second["cached"] is True
    assert first["model"].startswith(BANANA)
    assert first["choices"][0]["message"]["images"] == second["choices"][0]["message"]["images"]
