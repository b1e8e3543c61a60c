"""proxy/routes/kept_images.py: what an answer is kept by is a hash of the whole call."""

import base64
import hashlib
from typing import Any

import orjson
import pytest

from proxy.routes.kept_images import key_of
from translators.content import HoldsMedia
from translators.wire.call import GoogleCall

LONG = base64.b64encode(bytes(range(256)) * 3000).decode()


def call(data: str, *, resource: str = "models/m:generateContent") -> GoogleCall:
    parts: list[dict[str, Any]] = [{"text": "é"}, {"inlineData": HoldsMedia(mimeType="image/png", data=data)}]
    return GoogleCall(resource=resource, body={"contents": [{"role": "user", "parts": parts}], "a": {"z": 1, "b": 2}})


@pytest.mark.parametrize("data", ["QUJD", LONG])
async def test_a_long_picture_is_hashed_as_the_text_it_would_be(data: str) -> None:
    """Else what was kept before would be made, and paid for, again."""
    one = call(data)
    text = orjson.dumps(["alice", one.resource, one.body, 3], option=orjson.OPT_SORT_KEYS)
    assert await key_of("alice", one, 3) == hashlib.sha256(text).hexdigest()


async def test_all_of_the_call_counts() -> None:
    """Its caller, its model, its pictures, and which of several it is."""
    keys = [
        await key_of("alice", call(LONG), 0),
        await key_of("bob", call(LONG), 0),
        await key_of("alice", call(LONG, resource="models/other:generateContent"), 0),
        await key_of("alice", call(LONG[4:] + "AAAA"), 0),
        await key_of("alice", call(LONG), 1),
    ]
    assert len(set(keys)) == len(keys)
