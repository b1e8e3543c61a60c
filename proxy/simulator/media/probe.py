"""Measures a video that a client sent."""

import io

from proxy.simulator.media.recipe import MediaExtraMissing


def seconds_of(content: bytes) -> int | None:
    """The length in whole seconds, rounded, or None if it is no video. Raises MediaExtraMissing without PyAV."""
    try:
        import av
    except ImportError as missing:
        raise MediaExtraMissing("PyAV") from missing
    try:
        with av.open(io.BytesIO(content), "r") as container:
            return round((container.duration or 0) / 1_000_000)
    except av.error.FFmpegError:
        return None
