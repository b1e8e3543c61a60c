"""What is written down about a video that has come home: facts, cost, sidecar, and how it differs from the request."""

import asyncio
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from proxy.jobs.google import pinned
from proxy.jobs.job import Ended, Job, JobMedia, Result
from proxy.media.probe import probe
from proxy.media.store import MediaStore
from translators.catalog import Model
from translators.pricing import token_price

HEIGHTS = {"360p": 360, "720p": 720, "1080p": 1080, "4k": 2160}
"""Pixels of the shorter side."""


async def job_media(media: MediaStore, name: str, result: Result) -> JobMedia:
    """The facts of a stored video, as far as the file tells them."""
    file = await media.open(name)
    facts = await asyncio.to_thread(probe, file.path)
    return JobMedia(
        name=name,
        size=file.media.size,
        sha256=file.media.sha256,
        mime_type=file.media.mime_type,
        uri=result.uri,
        duration=facts.duration,
        width=facts.width,
        height=facts.height,
        has_audio=facts.has_audio,
    )


def sidecar(job: Job, result: Result) -> dict[str, JsonValue]:
    """What stands beside the file on disk: enough to know in a year what this is and where it came from."""
    return {
        "job": job.id,
        "prompt": job.prompt,
        "model": pinned(job).upstream_id,
        "parameters": dict(job.parameters),
        "cost": pinned(job).price,
        "operation": job.operation,
        "remote_uri": result.uri,
        "remote_until": job.remote_until.isoformat() if job.remote_until is not None else None,
        "created_at": job.created_at.isoformat(),
    }


def job_cost(job: Job, kept: Sequence[JobMedia], model: Model | None) -> float | None:
    """Dollars: by Google's own token count where there is one, else by the second; withheld videos are not billed.

    `model` is None when the catalogue has lost it since.
    """
    if model is not None and job.usage is not None and (by_tokens := token_price(model, job.usage)) is not None:
        return by_tokens
    price = pinned(job).price
    asked = int(job.parameters.get("samples") or 1)
    if price is not None:
        return round(price * len(job.results) / asked, 6)
    per_second = pinned(job).price_per_second
    lengths = [entry.duration for entry in kept]
    if per_second is None or any(length is None for length in lengths):
        return None
    return round(per_second * sum(length for length in lengths if length is not None), 6)


def not_delivered(lost: Sequence[Ended], made: int) -> Iterator[str]:
    """Videos that Google made and that could not be brought home are told, with the reason."""
    for ending in lost:
        reason = ending.error.message if ending.error is not None else "Google has it no more."
        yield f"One of the {made} videos is missing: {reason}"


def delivered_otherwise(job: Job, kept: Sequence[JobMedia]) -> Iterator[str]:
    """A video that is not what was asked for is told; half a second is the grid of Google's own frames."""
    asked_seconds = job.parameters.get("duration")
    asked_height = HEIGHTS.get(str(job.parameters.get("resolution")))
    for index, entry in enumerate(kept):
        if asked_seconds is not None and entry.duration is not None and abs(entry.duration - asked_seconds) > 0.5:
            yield f"Video {index} lasts {entry.duration:g} s; {asked_seconds} s were asked for."
        if asked_height and entry.width and entry.height and min(entry.width, entry.height) != asked_height:
            yield f"Video {index} is {entry.width}x{entry.height}; {job.parameters['resolution']} was asked for."
