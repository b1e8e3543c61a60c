"""The guard against blocking calls guards."""

import json

import pytest
from blockbuster import BlockingError

from proxy.credentials.load import read_json_object
from tests.proxy.blocking import nothing_blocks


async def test_a_blocking_read_in_our_code_is_caught(tmp_path) -> None:
    """A file read on the event loop fails the test; the same read is allowed when the guard is off."""
    path = tmp_path / "key.json"
    path.write_text(json.dumps({"type": "x"}))
    with nothing_blocks(), pytest.raises(BlockingError):
        read_json_object(path)

    assert read_json_object(path) == {"type": "x"}
