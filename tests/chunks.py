"""Bodies as they come over a network: cut wherever it pleases."""

from proxy.media.chunks import Chunks


def cut(body: bytes, size: int = 1000) -> Chunks:
    """The body in chunks of so many bytes."""
    return Chunks(body[start : start + size] for start in range(0, len(body), size))
