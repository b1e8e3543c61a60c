"""An outcome as golden files write it."""

from typing import Any

from translators.video.outcome import Failed, Outcome, Pending, Succeeded


def assert_outcome(outcome: Outcome, expected: dict[str, Any]) -> None:
    """Compare an outcome with its case; of an error's message a case holds the telling words (`says`)."""
    match outcome:
        case Pending():
            assert expected == {"outcome": "pending"}
        case Succeeded(videos=videos):
            assert expected == {
                "outcome": "succeeded",
                "videos": [{"uri": video.uri, "data": video.data, "mime_type": video.mime_type} for video in videos],
                **({"filtered": outcome.filtered} if outcome.filtered else {}),
                **({"reasons": list(outcome.reasons)} if outcome.reasons else {}),
                **({"usage": outcome.usage} if outcome.usage is not None else {}),
            }
        case Failed(error=error):
            assert expected["outcome"] == "failed", error
            assert (type(error).__name__, error.code) == (expected["type"], expected["code"])
            assert expected["says"] in error.message
            # The job had been accepted: a client's repeat would be a new, paid one.
            assert error.should_retry is False
