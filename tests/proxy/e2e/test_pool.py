"""The pool as config.yaml describes it, in front of a Google that notes which key each call came with."""

import time
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiohttp import web

from proxy.config import load_config
from proxy.simulator import running_simulator
from proxy.wiring import entries_of
from tests.proxy.e2e.serving import running_proxy

MODEL = "gemini-2.5-flash"
ANSWER = {"candidates": [{"content": {"parts": [{"text": "hello"}], "role": "model"}, "finishReason": "STOP"}]}


class Noting:
    """Answers every call; `refused` maps keys to the status they get, `first_lasts` is when the first key runs dry."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, web.Request]] = []
        self.refused: dict[str, int] = {}
        self.cooling: dict[str, str] = {}
        """Keys that are refused with this delay of Google's."""
        self.first_lasts: int | None = None
        self.bodies: list[str] = []
        self.answers: list[httpx2.Response] = []
        """What the proxy answered."""

    @property
    def keys(self) -> str:
        return "".join(key for key, _ in self.calls)

    async def answer(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.text())
        key = request.headers.get("x-goog-api-key", "-")
        self.calls.append((key, request))
        if self.first_lasts is not None and len(self.calls) > self.first_lasts:
            self.refused.setdefault(self.keys[0], 429)
        if key in self.cooling:
            details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": self.cooling[key]}]
            body = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "no", "details": details}}
            return web.json_response(body, status=429)
        if key in self.refused:
            return web.json_response({"error": {"code": self.refused[key], "message": "no"}}, status=self.refused[key])
        return web.json_response(ANSWER)


@pytest.fixture
def google() -> Noting:
    return Noting()


@pytest.fixture
def asking(serve, google: Noting, tmp_path: Path):
    """Asks the model once for each set of headers, over credentials as config.yaml has them; gives the statuses."""

    async def ask(
        keys: list[dict[str, Any]],
        *headers: dict[str, str],
        model: str = MODEL,
        bodies: Sequence[dict[str, Any]] = (),
        path: str = "/v1/chat/completions",
        **settings: Any,
    ) -> list[int]:
        here = await serve(google.answer)
        entries = [{"base-url": here, **key} for key in keys]
        config = load_config(None, {}, {"gemini-api-key": entries, **settings}).config
        own = {name.replace("-", "_"): value for name, value in settings.items()}
        async with (
            running_simulator() as unused,
            running_proxy(tmp_path, unused, entries_of(config), **own) as proxy,
        ):
            chat = {"messages": [{"role": "user", "content": "hi"}]} if path == "/v1/chat/completions" else {}
            google.answers = [
                await proxy.client.post(path, json={"model": model, **chat, **more}, headers=one)
                for one, more in zip_longest(headers or ({},), bodies, fillvalue={})
            ]
            return [answer.status_code for answer in google.answers]

    return ask


A, B, C = {"api-key": "a"}, {"api-key": "b"}, {"api-key": "c"}
SIX = ({},) * 6


@pytest.mark.parametrize(
    ("strategy", "keys", "served"),
    [
        ("rr", [A, B, C], {"a": 2, "b": 2, "c": 2}),
        ("wrr", [{**A, "weight": 2}, B, {**C, "weight": 0}], {"a": 4, "b": 2}),
        ("rr", [A, {**B, "priority": 5}, {**C, "priority": 5}], {"b": 3, "c": 3}),
        ("rr", [{**A, "excluded-models": ["GEMINI-2.5-*"]}, B], {"b": 6}),
        ("rr", [{**A, "models": [{"name": "gemini-2.5-pro"}]}, B], {"b": 6}),
    ],
)
async def test_who_serves(strategy, keys, served, asking, google: Noting) -> None:
    """Strategy, weight, priority tier, exclusions and model lists decide."""
    await asking(keys, *SIX, routing={"strategy": strategy})
    assert Counter(google.keys) == served


async def test_fill_first_serves_with_one_until_it_rests(asking, google: Noting) -> None:
    """One key takes all calls; after its refusal the other does, and is asked at once."""
    google.first_lasts = 3
    assert await asking([A, B], *SIX, routing={"strategy": "ff"}) == [200] * 6
    first = google.keys[0]
    other = {"a": "b", "b": "a"}[first]
    assert google.keys[:5] == first * 4 + other


async def test_an_alias_and_a_prefix_lead_to_their_credential(asking, google: Noting) -> None:
    """The alias goes out as Google's name; `prefix/model` chooses the credential."""
    keys = [{**A, "models": [{"name": MODEL, "alias": "quick"}], "prefix": "home"}, B]
    assert await asking(keys, model="home/quick") == [200]
    assert await asking(keys, model="home/other") == [400]
    [(key, request)] = google.calls
    assert (key, request.path) == ("a", f"/v1beta/models/{MODEL}:generateContent")


async def test_configured_headers_go_along_and_dollar_names_copy_the_callers(asking, google: Noting) -> None:
    """`$Name` copies; without such a header at the caller none is sent."""
    keys = [{**A, "headers": {"X-Team": "film", "X-Who": "$X-Caller", "X-Not": "$X-Absent"}}]
    await asking(keys, {"X-Caller": "someone"})
    [(_, request)] = google.calls
    assert (request.headers["x-team"], request.headers["x-who"]) == ("film", "someone")
    assert not {"x-not", "x-caller"} & set(request.headers)


async def test_a_proxy_url_is_the_way_to_google(serve, asking, google: Noting) -> None:
    """The call arrives at the proxy with Google's address in its request line."""
    through = await serve(google.answer)
    await asking([{**A, "base-url": "http://google.invalid", "proxy-url": through}])
    [(_, request)] = google.calls
    assert request.headers["host"] == "google.invalid"


AFFINITY = {"strategy": "rr", "session-affinity": True, "session-affinity-ttl": "1h"}


async def test_a_conversation_stays_with_its_credential(asking, google: Noting) -> None:
    """Two conversations in turn, each on one key; without the setting they wander."""
    turns = [{"X-Session-ID": name} for name in ("x", "y", "x", "x", "y")]
    await asking([A, B, C], *turns, routing=AFFINITY)
    first, second = google.keys[:2]
    assert google.keys == first + second + first + first + second
    assert first != second
    google.calls.clear()
    await asking([A, B, C], *turns, routing={"strategy": "rr"})
    assert google.keys == "".join((google.keys[:3] * 2)[:5])


async def test_a_conversation_moves_on_when_its_credential_fails(asking, google: Noting) -> None:
    """The key that fails loses the conversation, and the next one keeps it though the first is of higher priority."""
    google.refused = {"a": 403}
    turns = ({"X-Session-ID": "x"},) * 3
    assert await asking([{**A, "priority": 1}, B], *turns, routing=AFFINITY) == [200] * 3
    assert google.keys == "abbb"


async def test_a_rate_limit_rests_one_key_for_one_model(asking, google: Noting) -> None:
    """As long as Google says: the next call for that model goes to the other key, one for another model does not."""
    google.cooling = {"a": "34s"}
    bodies = [{}, {}, {"model": "gemini-2.5-pro"}]
    keys = [{**A, "priority": 1}, B]
    assert await asking(keys, {}, {}, {}, bodies=bodies) == [200, 200, 200]
    assert google.keys == "ab" + "b" + "ab"


async def test_googles_delay_is_passed_on(asking, google: Noting) -> None:
    """Where it is too long to wait for; the next caller is told what is left of it, and Google is spared."""
    google.cooling = {"a": "34.4s"}
    assert await asking([A], {}, {}) == [429, 429]
    first, second = google.answers
    assert first.headers["retry-after"] == "35"
    assert 30 <= int(second.headers["retry-after"]) <= 35
    assert second.json()["error"]["code"] == "model_cooldown"
    assert google.keys == "a"


async def test_a_key_that_is_refused_makes_room_for_the_next(asking, google: Noting) -> None:
    """Of many keys only the good one answers; each bad one is asked once, and then rests."""
    google.refused = {"a": 403, "b": 403}
    assert await asking([A, B, C], *SIX) == [200] * 6
    assert Counter(google.keys) == {"a": 1, "b": 1, "c": 6}


async def test_a_wrong_request_is_nobodys_fault(asking, google: Noting) -> None:
    """400 at once: no other key is asked, and none rests."""
    google.refused = {"a": 400, "b": 400}
    assert await asking([A, B], {}, {}, routing={"strategy": "rr"}) == [400, 400]
    assert len(google.keys) == 2


async def test_delays_double_and_end_after_five(asking, google: Noting, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rounds are allowed; what Google says is no longer waited for than the caller is asked to wait."""
    monkeypatch.setattr("proxy.retry.DELAYS", (0.01, 0.02, 0.03, 0.04, 0.05))
    google.refused = {"a": 503}
    assert await asking([A], **{"request-retry": 9}) == [503]
    assert google.keys == "a" * 6


async def test_a_dead_host_is_spared_and_tried_again(serve, tmp_path: Path) -> None:
    """After five failures in a row no connection is made; when its time is over, one is, and a success closes it."""
    alive = False
    connections: list[web.Request] = []

    async def host(request: web.Request) -> web.Response:
        connections.append(request)
        if not alive:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response(ANSWER)

    entries = [{**A, "base-url": await serve(host)}]
    made = entries_of(load_config(None, {}, {"gemini-api-key": entries}).config)
    body = {"model": MODEL, "messages": [{"role": "user", "content": "hi"}]}
    async with running_simulator() as unused, running_proxy(tmp_path, unused, made, request_retry=0) as proxy:
        statuses = [(await proxy.ask(body)).status_code for _ in range(7)]
        assert (len(connections), set(statuses)) == (5, {502, 503})
        alive = True
        breaker = proxy.app.state.services.upstream._breaker
        breaker._clock = lambda: time.monotonic() + 31
        assert [(await proxy.ask(body)).status_code for _ in range(2)] == [200, 200]
    assert len(connections) == 7


@pytest.mark.parametrize("name", ["session_id", "sessionId", "conversation_id", "conversation", "prompt_cache_key"])
async def test_a_body_names_its_conversation_without_a_warning(name: str, asking, google: Noting) -> None:
    """It decides who serves, reaches no model, and is no unknown field."""
    bodies = [{name: talk} for talk in ("x", "y", "x", "y", "x")]
    assert await asking([A, B, C], *({},) * 5, bodies=bodies, routing=AFFINITY) == [200] * 5
    first, second = google.keys[:2]
    assert google.keys == first + second + first + second + first
    assert not any("warnings" in answer.json() for answer in google.answers)
    assert name not in google.bodies[-1]


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/v1/completions", {"prompt": "hi"}, {"session_id": "x"}),
        ("/v1/responses", {"input": "hi"}, {"prompt_cache_key": "x"}),
        ("/v1/responses", {"input": "hi"}, {"sessionId": "x"}),
        ("/v1/messages", {"max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}, {"session_id": "x"}),
        (
            "/v1/messages",
            {"max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]},
            {"metadata": {"user_id": "user_ab_account__session_x"}},
        ),
    ],
)
async def test_so_does_every_protocol(path: str, body, name, asking, google: Noting) -> None:
    """The same conversation, the same credential; the caller is told nothing of it."""
    bodies = [{**body, **name} for _ in range(3)]
    assert await asking([A, B, C], *({},) * 3, bodies=bodies, path=path, routing=AFFINITY) == [200] * 3
    assert len(set(google.keys)) == 1
    assert not any(answer.json().get("warnings") for answer in google.answers)


@pytest.mark.parametrize(
    ("own", "everyones", "calls"),
    [({}, 0, 1), ({}, 1, 2), ({"request-retry": 0}, 1, 1), ({"request-retry": 1}, 0, 2), ({"request-retry": -1}, 1, 2)],
)
async def test_further_rounds_are_the_credentials_own_or_everyones(
    own, everyones, calls, asking, google: Noting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key's request-retry beats the global one; negative is the global one."""
    monkeypatch.setattr("proxy.retry.DELAYS", (0.01,) * 5)
    google.refused = {"a": 503}
    assert await asking([{**A, **own}], **{"request-retry": everyones}) == [503]
    assert google.keys == "a" * calls
