"""A finished job as a chat completion, whole or in chunks, and a failed one that no client can mistake for success."""

from typing import Any

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from translators.errors import BadRequest, UpstreamFailed
from translators.video.answer import (
    ChunkFrame,
    VideoAnswer,
    error_chunk,
    failed_completion,
    finish_chunk,
    progress_chunk,
    role_chunk,
    text_chunk,
    text_completion,
    to_chat_completion,
    videos_chunk,
)

FRAME = ChunkFrame(id="chatcmpl-1", created=1, model="veo")


def answer_of(**members: Any) -> VideoAnswer:
    return VideoAnswer(**{"id": "chatcmpl-1", "job_id": "j", "created": 1, "model": "veo", "urls": ["u"], **members})


@pytest.mark.parametrize("case", golden_cases("video/answers"))
def test_answer_matches_golden(case: GoldenCase) -> None:
    """Each finished job on file becomes the completion and the chunks on file."""
    answer = VideoAnswer(**case.google)
    frame = ChunkFrame(id=answer.id, created=answer.created, model=answer.model)

    assert to_chat_completion(answer) == case.openai["completion"]
    assert [
        role_chunk(frame),
        progress_chunk(frame, "Google is making the video."),
        text_chunk(frame, answer),
        videos_chunk(frame, answer),
        finish_chunk(frame, answer),
    ] == case.openai["chunks"]


def test_urls_may_be_placeholders() -> None:
    """Whatever stands for a URL comes through untouched: the reply replaces it while it streams."""
    placeholder = object()

    message = to_chat_completion(answer_of(urls=[placeholder]))["choices"][0]["message"]

    assert message["videos"][0]["video_url"]["url"] is placeholder


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({}, "Here is your video."),
        ({"seconds": 8.0}, "Here is your video (8 s)."),
        ({"seconds": 7.5, "width": 1280, "height": 720}, "Here is your video (7.5 s, 1280x720)."),
        ({"width": 1280}, "Here is your video."),
        ({"urls": ["a", "b"]}, "Here are your 2 videos."),
    ],
)
def test_the_sentence_says_what_is_known(members: dict[str, Any], sentence: str) -> None:
    """Content is never empty, and says no more than is known."""
    assert to_chat_completion(answer_of(**members))["choices"][0]["message"]["content"] == sentence


def test_players_find_their_links() -> None:
    """NextChat's link and Open WebUI's block stand on lines of their own, a blank line before each block."""
    content = to_chat_completion(answer_of(links=["http://h/a.mp4", "http://h/b.mp4"]))["choices"][0]["message"][
        "content"
    ]

    for url in ("http://h/a.mp4", "http://h/b.mp4"):
        assert f'\n\n[video.mp4]({url})\n\n<video controls src="{url}">\n{url}\n</video>\n' in content


@pytest.mark.parametrize(
    ("error", "finish"),
    [(BadRequest("No.", code="content_filter"), "content_filter"), (UpstreamFailed("No."), "error")],
)
def test_a_failure_is_a_valid_completion(error: Any, finish: str) -> None:
    """After a 200 has begun, SDKs raise nothing: text, finish_reason and the top-level `error` all tell it."""
    completion = failed_completion(FRAME, error)

    choice = completion["choices"][0]
    assert completion["object"] == "chat.completion"
    assert (choice["message"]["content"], choice["finish_reason"], choice["native_finish_reason"]) == (
        "No.",
        finish,
        finish,
    )
    assert completion["error"] == error.body()["error"]
    assert "videos" not in choice["message"]


def test_a_failure_inside_a_stream() -> None:
    """SDKs raise on the top-level `error`; front-ends read `finish_reason`."""
    error = UpstreamFailed("No.")

    chunk = error_chunk(FRAME, error)

    assert chunk["error"] == error.body()["error"]
    assert chunk["choices"][0]["finish_reason"] == "error"


def test_what_is_not_video_stands_in_openais_place() -> None:
    """Thoughts and words are details of the completion."""
    counted = {"prompt_tokens": 1, "completion_tokens": 9, "total_tokens": 10, "reasoning_tokens": 5}
    assert to_chat_completion(answer_of(usage=counted, cost=0.5))["usage"] == {
        "prompt_tokens": 1,
        "completion_tokens": 9,
        "total_tokens": 10,
        "completion_tokens_details": {"reasoning_tokens": 5},
        "cost": 0.5,
    }


def test_a_text_answer_costs_nothing() -> None:
    """A front-end's own prompt gets words, no video and no bill."""
    completion = text_completion(FRAME, "Video")

    assert completion["choices"][0]["message"]["content"] == "Video"
    assert completion["choices"][0]["finish_reason"] == "stop"
    assert completion["usage"]["cost"] == 0.0
