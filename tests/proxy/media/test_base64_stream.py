"""proxy/media/base64_stream.py: the text that base64 would give for the whole."""

import base64
from pathlib import Path

import pytest

from proxy.media.base64_stream import encoded_file, encoded_length
from proxy.media.file_reading import READ_SIZE, reading
from proxy.media.store import MediaStore
from proxy.media.stored import MediaDamaged, MediaMissing, StoredFile


async def stored(folder: Path, content: bytes) -> StoredFile:
    store = MediaStore(folder)
    async with store.writing(suffix=".mp4") as writer:
        await writer.write(content)
    return await store.open(writer.name)


def test_a_read_ends_between_groups_of_three() -> None:
    """Otherwise padding would stand in the middle of the text."""
    assert READ_SIZE % 3 == 0


@pytest.mark.parametrize("size", [0, 1, 2, 3, READ_SIZE - 1, READ_SIZE, READ_SIZE + 1, 3 * READ_SIZE + 2])
async def test_a_file_becomes_its_base64(tmp_path: Path, size: int) -> None:
    """At every size around the chunk borders, and as long as was promised."""
    content = bytes(index * 7 % 251 for index in range(1000)) * (size // 1000 + 1)
    file = await stored(tmp_path, content[:size])
    async with reading(file) as handle:
        text = b"".join([chunk async for chunk in encoded_file(handle, size)])
    assert text == base64.b64encode(content[:size])
    assert len(text) == encoded_length(size)


async def test_a_file_that_is_gone_or_short_is_found_out_on_opening(tmp_path: Path) -> None:
    """Before any length was promised to a client."""
    file = await stored(tmp_path, b"12345")
    file.path.write_bytes(b"123")
    with pytest.raises(MediaDamaged):
        async with reading(file):
            pass
    file.path.unlink()
    with pytest.raises(MediaMissing):
        async with reading(file):
            pass


async def test_a_file_that_shrinks_while_read_is_an_error(tmp_path: Path) -> None:
    """The text never ends early without a word."""
    file = await stored(tmp_path, bytes(READ_SIZE * 2))
    async with reading(file) as handle:
        file.path.write_bytes(bytes(READ_SIZE + 1))
        with pytest.raises(MediaDamaged):
            _ = [chunk async for chunk in encoded_file(handle, READ_SIZE * 2)]


async def test_a_file_deleted_while_read_is_read_to_its_end(tmp_path: Path) -> None:
    """A sweep during a slow download hurts nobody."""
    file = await stored(tmp_path, b"abc" * READ_SIZE)
    async with reading(file) as handle:
        file.path.unlink()
        text = b"".join([chunk async for chunk in encoded_file(handle, file.media.size)])
    assert base64.b64decode(text) == b"abc" * READ_SIZE
