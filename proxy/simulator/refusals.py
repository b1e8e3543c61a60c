"""Words that make the simulator refuse, so that a test or a demo can ask for any ending by its prompt alone.

| the prompt contains   | text and image answers                          | video jobs                                |
|-----------------------|-------------------------------------------------|-------------------------------------------|
| blocked prompt        | promptFeedback.blockReason PROHIBITED_CONTENT   | done with error 3 and code 89371032    |
| unsafe prompt         | promptFeedback.blockReason SAFETY               | done with error 3 and code 62263041    |
| image safety          | finishReason IMAGE_SAFETY                       | filtered, support code 58061214           |
| video safety          | finishReason SAFETY                             | filtered, support code 64151117           |
| no image              | finishReason NO_IMAGE                           | done with nothing                         |
| image recitation      | finishReason IMAGE_RECITATION                   | filtered, support code 35561574           |
| recitation            | finishReason RECITATION                         | filtered, support code 35561574           |
| malformed call        | finishReason MALFORMED_FUNCTION_CALL            | (no effect)                               |
"""

from collections.abc import Mapping
from dataclasses import dataclass

from proxy.simulator.faults import Empty, Error, Filtered, JobOutcome

USE_POLICY = (
    "The prompt could not be submitted. This prompt contains words that violate the usage guidelines. If you think "
    "this was an error, send feedback. Support codes: {code}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How a prompt is refused: before any answer (`block_reason`), by an empty answer (`finish_reason`), as a job."""

    block_reason: str | None = None
    finish_reason: str | None = None
    job: JobOutcome | None = None


REFUSALS: Mapping[str, Refusal] = {
    "blocked prompt": Refusal(
        block_reason="PROHIBITED_CONTENT", job=Error(code=3, message=USE_POLICY.format(code=89371032))
    ),
    "unsafe prompt": Refusal(block_reason="SAFETY", job=Error(code=3, message=USE_POLICY.format(code=62263041))),
    "image safety": Refusal(finish_reason="IMAGE_SAFETY", job=Filtered(support_code=58061214)),
    "video safety": Refusal(finish_reason="SAFETY", job=Filtered(support_code=64151117)),
    "no image": Refusal(finish_reason="NO_IMAGE", job=Empty()),
    "image recitation": Refusal(finish_reason="IMAGE_RECITATION", job=Filtered(support_code=35561574)),
    "recitation": Refusal(finish_reason="RECITATION", job=Filtered(support_code=35561574)),
    "malformed call": Refusal(finish_reason="MALFORMED_FUNCTION_CALL"),
}


def refusal_of(prompt: str) -> Refusal | None:
    """The first row whose words are in the prompt."""
    lowered = prompt.lower()
    return next((refusal for words, refusal in REFUSALS.items() if words in lowered), None)


def filtered_reason(support_code: int) -> str:
    """The sentence beside `raiMediaFilteredCount`."""
    return (
        "We encountered an issue with the prompt you provided and could not generate the video. Your current safety "
        f"filter threshold prohibited one or more generated videos. Support codes: {support_code}"
    )
