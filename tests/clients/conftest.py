"""Real clients, each started once, and proxies to point them at."""

import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from proxy.app import Surroundings
from proxy.simulator import RunningSimulator, SimulatorSettings, running_simulator
from tests.clients.driver import DRIVERS, Driver, driving
from tests.clients.install import ANTHROPIC, LITELLM, OPENAI_NODE, OPENAI_PYTHON_2, OPENROUTER_AI_SDK, Packages
from tests.clients.serving import Mediashim, google_itself, serving
from tests.proxy.conftest import serve

__all__ = ["serve"]

Around = Callable[[RunningSimulator], Surroundings]
Settings = Callable[[RunningSimulator], dict[str, Any]]


def folder_of(packages: Packages) -> str:
    """Where other people's packages are; skips the test where the machine cannot run them."""
    if packages.missing_tool is not None:
        pytest.skip(f"{packages.folder} needs {packages.missing_tool}, which this machine does not have")
    return str(packages.installed())


@pytest.fixture(scope="session")
def openai_python_3() -> Iterator[Driver]:
    with driving([sys.executable, str(DRIVERS / "openai_python.py")]) as driver:
        yield driver


@pytest.fixture(scope="session")
def openai_python_2() -> Iterator[Driver]:
    folder = folder_of(OPENAI_PYTHON_2)
    with driving([sys.executable, str(DRIVERS / "openai_python.py")], PYTHONPATH=folder) as driver:
        yield driver


@pytest.fixture(scope="session")
def openai_node() -> Iterator[Driver]:
    with driving(["node", str(DRIVERS / "openai_node.mjs"), folder_of(OPENAI_NODE)]) as driver:
        yield driver


@pytest.fixture(scope="session")
def anthropic() -> Iterator[Driver]:
    folder = folder_of(ANTHROPIC)
    with driving([sys.executable, str(DRIVERS / "anthropic_python.py")], PYTHONPATH=folder) as driver:
        yield driver


@pytest.fixture(scope="session")
def litellm() -> Iterator[Driver]:
    # Without the variable it asks GitHub for a price list on import.
    local = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "PYTHONPATH": folder_of(LITELLM)}
    with driving([sys.executable, str(DRIVERS / "litellm_sdk.py")], **local) as driver:
        yield driver


@pytest.fixture(scope="session")
def openrouter_ai_sdk() -> Iterator[Driver]:
    script = str(DRIVERS / "openrouter_ai_sdk.mjs")
    with driving(["node", script, folder_of(OPENROUTER_AI_SDK)]) as driver:
        yield driver


@pytest.fixture(params=["openai_python_3", "openai_python_2", "openai_node"])
def sdk(request: pytest.FixtureRequest) -> Driver:
    """Each of OpenAI's own SDKs."""
    driver: Driver = request.getfixturevalue(request.param)
    return driver


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Starts a proxy in front of a simulated Google: `shim = await start({"api-keys": [...]}, video_latency=1.0)`.

    `around=None` leaves the credentials to the settings; `settings_for` makes those that depend on the simulator.
    """
    async with AsyncExitStack() as stack:

        async def started(
            settings: dict[str, Any] | None = None,
            *,
            around: Around | None = google_itself,
            settings_for: Settings = lambda _: {},
            **simulator: Any,
        ) -> Mediashim:
            chosen = SimulatorSettings(**{"video_latency": 0.1, "render_ahead": True, **simulator})
            google = await stack.enter_async_context(running_simulator(chosen))
            said = {**(settings or {}), **settings_for(google)}
            surroundings = around(google) if around is not None else None
            base_url = await stack.enter_async_context(serving(tmp_path / "data", said, surroundings))
            return Mediashim(base_url, google)

        yield started


@pytest.fixture
async def shim(start: Callable[..., Any]) -> Mediashim:
    """A proxy with an API key and a service account."""
    running: Mediashim = await start()
    return running


@pytest.fixture(scope="session")
def curl() -> str:
    """curl's path; skips the test where there is none."""
    path = shutil.which("curl")
    if path is None:
        pytest.skip("this machine has no curl")
    return path
