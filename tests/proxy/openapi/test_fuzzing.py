"""Every operation is asked what its description allows and what it does not, and does as it says: never a 5xx."""

import asyncio
from pathlib import Path

import pytest

from tests.proxy.openapi.fuzzing import fuzzed_proxy, narrowed, schemathesis


async def test_a_short_run(tmp_path: Path) -> None:
    """A few bodies for each operation, none of which makes the simulator draw."""
    async with fuzzed_proxy(tmp_path) as proxy:
        document = narrowed((await proxy.client.get("/openapi.json")).json(), models=["gemini-2.5-flash"])
        await schemathesis(proxy, document, "--phases", "fuzzing", "--max-examples", "2")


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_long_run(tmp_path: Path) -> None:
    """The examples, then the edges of each field and bodies of all kinds, for as long as a slow lane may take."""
    async with fuzzed_proxy(tmp_path) as proxy, asyncio.timeout(800):
        document = narrowed((await proxy.client.get("/openapi.json")).json())
        phases = "examples,coverage,fuzzing"
        await schemathesis(proxy, document, "--phases", phases, "--max-examples", "100", "--max-time", "120")
