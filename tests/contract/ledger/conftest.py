"""Every test in this folder runs on every kind of store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from proxy.jobs.ledger import Ledger
from tests.contract.ledger.stores import OPENERS, Store


@pytest.fixture(params=sorted(OPENERS))
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store."""
    store = Store(request.param, str(tmp_path))
    yield store
    await store.close()


@pytest.fixture
async def ledger(store: Store) -> Ledger:
    """A ledger over the empty store."""
    return await store.open()
