"""Prompts that chat front-ends send on their own (titles, tags, follow-ups): a video model must never be run for them.

Open WebUI 0.12 starts every such prompt with `### Task:` (its default templates); LibreChat, NextChat, LobeHub and
Chatbox ask for a title in a fixed sentence (open-webui issues 9506 and 13496, LibreChat issue 974).
"""

import json
import re
from typing import Any

TITLE_WORDS = 5

_TASK = re.compile(r"^\s*#{2,4}\s*Task:", re.IGNORECASE)
_TITLE_SENTENCES = re.compile(
    r"^\s*(?:Provide a concise, \d-word-or-less title for the conversation"
    r"|Please generate a four to five word title summarizing our conversation"
    r"|Based on the chat history, give this conversation a name"
    r"|Name the conversation based on the chat records"
    r"|You are a professional conversation summarizer"
    r"|Summarize the discussion briefly in 200 words or less to use as a prompt for future context)",
    re.IGNORECASE,
)
_ASKED_KEYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("follow_ups", {"follow_ups": []}),
    ("queries", {"queries": []}),
    ("tags", {"tags": ["video"]}),
    ("title", {"title": "Video"}),
)


def background_answer(text: str, *, explicit: bool) -> str | None:
    """The short answer to a front-end's own prompt; None if a person may have written it.

    `explicit` means that the request asks for a video by more than the model's id: then a title sentence is taken as a
    prompt, but a `### Task:` never is, because a front-end may add its parameters to every request of a model.
    """
    if not explicit and _TITLE_SENTENCES.match(text):
        return "Video"
    if not _TASK.match(text):
        return None
    for key, answer in _ASKED_KEYS:
        if f'"{key}"' in text:
            return json.dumps(answer)
    return "Video"
