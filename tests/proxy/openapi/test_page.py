"""The page in a real browser: it draws every operation and opens the one that the address names, with no complaint."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from tests.proxy.openapi.fuzzing import fuzzed_proxy, narrowed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=8000",
)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
async def test_it_draws_the_document(tmp_path: Path) -> None:
    """As the document has them, with curl for the one that is open, and without a word on the console."""
    async with fuzzed_proxy(tmp_path) as proxy:
        document = narrowed((await proxy.client.get("/openapi.json")).json())
        browser = await asyncio.create_subprocess_exec(
            *(str(CHROMIUM), *QUIET, f"--user-data-dir={tmp_path / 'profile'}"),
            *("--dump-dom", f"{proxy.base_url}/docs#create_video"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        drawn, told = await browser.communicate()
    page = drawn.decode()
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    assert set(re.findall(r'<details class="operation" id="(\w+)"', page)) == {one["operationId"] for one in operations}
    assert re.search(r'id="create_video" open=""', page)
    assert f"curl '{proxy.base_url}/v1/videos'" in page
    assert "CONSOLE" not in told.decode(errors="replace")
