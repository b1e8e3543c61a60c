"""Our errors in Google's shape."""

import pytest
from google.genai import errors as sdk

from translators import errors
from translators.errors import ApiError, BadRequest, RateLimited, Unavailable
from translators.native.errors import STATUSES, operation_status, status_body


def test_every_error_of_the_tree_has_a_status() -> None:
    """None of them can fail to be told."""
    tree = [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, ApiError)]
    assert {cls.status for cls in tree} == set(STATUSES)


def test_google_genai_reads_it() -> None:
    """Code, status and message, and which field was wrong."""
    body = status_body(BadRequest("No.", param="parameters.seed"))
    read = sdk.ClientError(400, body)
    assert (read.code, read.status, read.message) == (400, "INVALID_ARGUMENT", "No.")
    assert body["error"]["details"] == [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "INVALID_VALUE",
            "domain": "mediashim",
            "metadata": {"field": "parameters.seed"},
        }
    ]


def test_when_to_come_back() -> None:
    """RetryInfo, in Google's spelling of a duration."""
    details = status_body(RateLimited("Later.", retry_after=34.5))["error"]["details"]
    assert details[1] == {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}


@pytest.mark.parametrize(("cancelled", "code"), [(False, 14), (True, 1)])
def test_an_operation_counts_in_google_rpc(cancelled: bool, code: int) -> None:
    """The number of google.rpc.Code, and what is known of the job."""
    told = operation_status(Unavailable("Busy.", extra={"job_id": "video_1"}), cancelled=cancelled)
    assert (told["code"], told["message"]) == (code, "Busy.")
    assert told["details"][0]["metadata"] == {"job_id": "video_1"}
