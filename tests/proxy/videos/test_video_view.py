"""Where a job stands, in its callers' words, for every way it can stand."""

from typing import Any

import pytest

from proxy.jobs.history import History
from proxy.jobs.job import JobMedia
from proxy.routes.video_view import LATEST, SOONEST, poll_after_ms, status_of, view_of
from tests.jobs import NOW, PATHS, a_job, a_job_at
from translators.catalog import Catalog
from translators.video.job_view import JobStatus

IN_PROGRESS = ("submitting", "running", "fetching", "uncertain", "found again")
EXPECTED = {
    "queued": JobStatus.QUEUED,
    **dict.fromkeys(IN_PROGRESS, JobStatus.IN_PROGRESS),
    "completed": JobStatus.COMPLETED,
    "expired": JobStatus.EXPIRED,
    "cancelled": JobStatus.CANCELLED,
    **dict.fromkeys(("failed", "timed out", "refused for good", "given up"), JobStatus.FAILED),
}


class Rooms:
    """As much of the services as a view needs."""

    history = History()
    catalog = Catalog.of(
        {
            "models": {
                "veo-3.1-generate-001": {
                    "kind": "video",
                    "family": "veo",
                    "served": {"gemini": {"status": "active"}},
                    "video": {
                        "durations": [4, 8],
                        "default_duration": 8,
                        "resolutions": ["720p", "1080p"],
                        "aspect_ratios": ["16:9", "9:16"],
                        "modes": ["text"],
                    },
                }
            }
        }
    )

    class clock:  # noqa: N801
        """It stands still."""

        @staticmethod
        def now() -> Any:
            """Now."""
            return NOW

    class desk:  # noqa: N801
        """Two jobs are before every one that waits."""

        @staticmethod
        async def position(job: Any) -> int:
            """How many are before it."""
            return 2


ROOMS: Any = Rooms()


def test_every_way_is_known() -> None:
    """No place of the state machine is left out here."""
    assert set(EXPECTED) == set(PATHS)


@pytest.mark.parametrize("place", PATHS)
async def test_every_place_has_a_word(place: str) -> None:
    """And a time to look again."""
    job = a_job_at(place)
    assert status_of(job) is EXPECTED[place]
    view = await view_of(ROOMS, job)
    assert view.progress < 100
    assert (view.queue_position == 2) is (place == "queued")
    assert (view.completed_at is not None) is (place == "completed")
    assert SOONEST <= poll_after_ms(ROOMS, job) <= LATEST


@pytest.mark.parametrize(
    ("parameters", "seconds", "size"),
    [
        ({}, 8, (None, None)),
        ({"duration": 4, "aspect_ratio": "9:16"}, 4, (720, 1280)),
        ({"aspect_ratio": "16:9", "resolution": "1080p"}, 8, (1920, 1080)),
        ({"aspect_ratio": "1:1", "resolution": "4k"}, 8, (2160, 2160)),
    ],
)
async def test_size_and_length_before_the_file_is_there(
    parameters: dict[str, Any], seconds: int, size: tuple[int | None, int | None]
) -> None:
    """As asked, else the model's own; a shape that nobody said is not guessed."""
    view = await view_of(ROOMS, a_job(parameters=parameters))
    assert (view.seconds, (view.width, view.height)) == (seconds, size)


async def test_size_and_length_of_the_file() -> None:
    """What was delivered, whatever was asked."""
    media = JobMedia(name="a.mp4", size=1, sha256="0", mime_type="video/mp4", duration=6.04, width=1080, height=1920)
    view = await view_of(ROOMS, a_job(media=(media,), parameters={"duration": 8, "aspect_ratio": "16:9"}))
    assert (view.seconds, view.width, view.height, view.videos) == (6, 1080, 1920, 1)
