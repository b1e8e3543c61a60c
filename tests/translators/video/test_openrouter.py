"""Jobs as OpenRouter shows them, its errors, and its webhook."""

import hashlib
import hmac
from typing import Any

import pytest

from translators.errors import BadRequest
from translators.video.job_view import JobStatus
from translators.video.openrouter import (
    signature,
    to_openrouter,
    to_openrouter_error,
    to_webhook_event,
    webhook_headers,
)

from .views import NOON, WAITING, view

POLL = "https://proxy.example/api/v1/videos/video_1"


def test_a_waiting_job() -> None:
    """Where to look again."""
    assert to_openrouter(WAITING, polling_url=POLL) == {
        "id": "video_1",
        "generation_id": "video_1",
        "polling_url": POLL,
        "status": "pending",
        "progress": 0,
        "progress_estimated": True,
    }


def test_a_finished_job() -> None:
    """Where the videos are and what they cost."""
    told = to_openrouter(view(JobStatus.COMPLETED, cost=3.2, warnings=("Hm.",)), polling_url=POLL, urls=["https://a"])
    assert told["unsigned_urls"] == ["https://a"]
    assert told["usage"] == {"cost": 3.2, "is_byok": True}
    assert told["warnings"] == ["Hm."]
    assert "error" not in told


@pytest.mark.parametrize(
    ("status", "word"),
    [(JobStatus.FAILED, "failed"), (JobStatus.CANCELLED, "cancelled"), (JobStatus.EXPIRED, "expired")],
)
def test_an_error_is_text(status: JobStatus, word: str) -> None:
    """Not an object, as OpenAI's."""
    assert to_openrouter(view(status, error_message="No."), polling_url=POLL)["error"] == "No."
    plain = to_openrouter(view(status), polling_url=POLL)
    assert (plain["status"], plain["error"]) == (word, f"The job was {word}.")


def test_errors_have_numbers() -> None:
    """OpenRouter's `code` is the status; ours and the field stand under `metadata`."""
    error = BadRequest("No.", param="duration", extra={"job_id": "video_1"})
    assert to_openrouter_error(error) == {
        "error": {
            "code": 400,
            "message": "No.",
            "metadata": {
                "job_id": "video_1",
                "error_type": "invalid_request_error",
                "error_code": "invalid_value",
                "param": "duration",
            },
        }
    }


def test_the_event_of_a_finished_job() -> None:
    """Type, time and the same facts as a poll."""
    event = to_webhook_event(view(JobStatus.COMPLETED, cost=1.0), urls=["https://a"], created_at=NOON)
    assert event == {
        "type": "video.generation.completed",
        "created_at": "2026-11-21T12:00:00+00:00",
        "data": {
            "id": "video_1",
            "generation_id": "video_1",
            "status": "completed",
            "model": "veo",
            "unsigned_urls": ["https://a"],
            "usage": {"cost": 1.0, "is_byok": True},
        },
    }


@pytest.mark.parametrize("fields", [{"error_message": "The job was failed."}, {}])
def test_the_event_of_a_failed_job(fields: dict[str, Any]) -> None:
    """It says why."""
    event = to_webhook_event(view(JobStatus.FAILED, **fields), urls=[], created_at=NOON)
    assert event["type"] == "video.generation.failed"
    assert event["data"]["error"] == "The job was failed."


def test_the_signature_is_the_documented_one() -> None:
    """HMAC-SHA256 over the timestamp, a comma and the body, as a receiver computes it."""
    digest = hmac.new(b"s3cret", b'1700000000,{"a":1}', hashlib.sha256).hexdigest()
    assert signature("s3cret", 1700000000, b'{"a":1}') == f"t=1700000000,v1={digest}"


def test_headers_with_and_without_a_secret() -> None:
    """No secret, no signature; the key of a repeat is the same."""
    done = view(JobStatus.COMPLETED)
    signed = webhook_headers(done, secret="s", timestamp=5, body=b"{}")
    assert signed["x-openrouter-idempotency-key"] == "video_1-completed"
    assert signed["x-openrouter-signature"] == signature("s", 5, b"{}")
    assert "x-openrouter-signature" not in webhook_headers(done, secret="", timestamp=5, body=b"{}")
