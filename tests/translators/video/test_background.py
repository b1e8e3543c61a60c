"""Front-ends' own prompts never start a paid job, and no person's prompt is mistaken for one."""

import json

import pytest

from translators.video.background import background_answer

TITLES = [
    "Provide a concise, 5-word-or-less title for the conversation, using title case conventions.",
    "Please generate a four to five word title summarizing our conversation without any lead-in",
    "Based on the chat history, give this conversation a name.",
    "Name the conversation based on the chat records. Give a short name.",
    "You are a professional conversation summarizer. Name this chat.",
    "Summarize the discussion briefly in 200 words or less to use as a prompt for future context.",
]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ('JSON format: { "title": "your concise title here" }', {"title": "Video"}),
        ('JSON format: { "tags": ["tag1"] }', {"tags": ["video"]}),
        ('JSON format: { "follow_ups": ["Question 1?"] }', {"follow_ups": []}),
        ('{ "queries": ["query1"] }', {"queries": []}),
    ],
)
@pytest.mark.parametrize("explicit", [False, True])
def test_open_webui_tasks(asked: str, answer: object, explicit: bool) -> None:
    """A `### Task:` is answered in the JSON it asks for, even with video parameters on it."""
    text = background_answer(f"### Task:\nGenerate something.\n### Output:\n{asked}", explicit=explicit)

    assert text is not None
    assert json.loads(text) == answer


@pytest.mark.parametrize("text", ["### Task:\nSay something.", "  ## task: say", "#### TASK: x"])
def test_a_task_without_a_form(text: str) -> None:
    """It gets one word."""
    assert background_answer(text, explicit=True) == "Video"


@pytest.mark.parametrize("sentence", TITLES)
def test_title_sentences(sentence: str) -> None:
    """A title sentence gets a title, unless the request itself asks for a video."""
    assert background_answer(f" {sentence}", explicit=False) == "Video"
    assert background_answer(sentence, explicit=True) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A red fox",
        "A poster saying ### Task: win",
        'A sign with "title"',
        "# Task: run",
        "Name the conversation partner",
    ],
)
@pytest.mark.parametrize("explicit", [False, True])
def test_a_persons_prompt(text: str, explicit: bool) -> None:
    """What a person may have written becomes a video."""
    assert background_answer(text, explicit=explicit) is None
