"""generateContent's answer becomes a chat completion that tells the truth."""

import pytest
from openai.types.chat import ChatCompletion

from tests.golden_cases import GoldenCase, golden_cases
from translators.chat.response import from_generate_content
from translators.errors import UpstreamFailed
from translators.wire.google import GenerateContentAnswer


def answer_of(*parts: object, **members: object) -> GenerateContentAnswer:
    candidate = {"content": {"parts": list(parts)}, **members}
    return GenerateContentAnswer.model_validate({"candidates": [candidate]})


@pytest.mark.parametrize("case", golden_cases("chat/responses"))
def test_response_matches_golden(case: GoldenCase) -> None:
    """Each of Google's answers becomes the chat completion on file."""
    answer = GenerateContentAnswer.model_validate(case.google)

    assert from_generate_content(answer, id="chatcmpl-1", created=1_700_000_000, model="gemini-x") == case.openai


@pytest.mark.parametrize("case", golden_cases("chat/responses"))
def test_openais_own_types_accept_the_answer(case: GoldenCase) -> None:
    """openai-python reads each answer by its types, and keeps what they do not know."""
    completion = ChatCompletion.model_validate(case.openai)

    assert completion.model_extra == {name: case.openai[name] for name in ("error",) if name in case.openai}


def test_members_are_in_the_order_clients_know() -> None:
    """The message's members come as in CLIProxyAPI's answers."""
    completion = from_generate_content(answer_of({"text": "Hi"}, finishReason="STOP"), id="i", created=1, model="m")

    assert list(completion) == ["id", "object", "created", "model", "choices"]
    assert list(completion["choices"][0]["message"]) == ["role", "content", "reasoning_content", "tool_calls"]


def test_own_values_stand_in_for_what_google_leaves_out() -> None:
    """Without responseId, createTime and modelVersion the proxy's own are used; usage is not invented."""
    completion = from_generate_content(
        answer_of({"text": "Hi"}, finishReason="STOP"), id="chatcmpl-7", created=5, model="m"
    )

    assert (completion["id"], completion["created"], completion["model"]) == ("chatcmpl-7", 5, "m")
    assert "usage" not in completion
    assert "error" not in completion


def test_an_unreadable_time_is_no_time() -> None:
    """A createTime that is none does not fail the answer."""
    answer = answer_of({"text": "Hi"}, finishReason="STOP").model_copy(update={"create_time": "soon"})

    assert from_generate_content(answer, id="i", created=5, model="m")["created"] == 5


def test_warnings_are_carried() -> None:
    """What the request's translation had to tell is in the answer."""
    completion = from_generate_content(
        answer_of({"text": "Hi"}, finishReason="STOP"), id="i", created=1, model="m", warnings=["Changed."]
    )

    assert completion["warnings"] == ["Changed."]


def test_callers_own_function_names_come_back() -> None:
    """A name that was changed for Google is changed back, and ids differ between choices."""
    call = {"content": {"parts": [{"functionCall": {"name": "_1st"}}]}, "finishReason": "STOP"}
    answer = GenerateContentAnswer.model_validate({"candidates": [call, {**call, "index": 1}]})

    completion = from_generate_content(answer, id="chatcmpl-9", created=1, model="m", original_names={"_1st": "1st"})

    calls = [choice["message"]["tool_calls"][0] for choice in completion["choices"]]
    assert [call["function"]["name"] for call in calls] == ["1st", "1st"]
    assert [call["id"] for call in calls] == ["call_9_0", "call_9_1_0"]


def test_an_answer_without_reason_claims_none() -> None:
    """Words without finishReason are handed on, and no reason is made up."""
    choice = from_generate_content(answer_of({"text": "Hi"}), id="i", created=1, model="m")["choices"][0]

    assert (choice["finish_reason"], choice["native_finish_reason"]) == (None, None)


@pytest.mark.parametrize(
    "answer",
    [
        GenerateContentAnswer(),
        GenerateContentAnswer.model_validate({"promptFeedback": {}}),
        GenerateContentAnswer.model_validate({"candidates": [{"index": 0}]}),
    ],
)
def test_nothing_at_all_is_an_error(answer: GenerateContentAnswer) -> None:
    """An answer with neither content nor a reason is never an empty 200."""
    with pytest.raises(UpstreamFailed) as error:
        from_generate_content(answer, id="i", created=1, model="m")

    assert error.value.code == "empty_upstream_answer"


@pytest.mark.parametrize(("native", "word"), [("STOP", "stop"), ("MAX_TOKENS", "length")])
def test_an_empty_answer_is_told(native: str, word: str) -> None:
    """A model that stops, or runs out of tokens, before it says anything: a sentence says so."""
    completion = from_generate_content(answer_of(finishReason=native), id="i", created=1, model="m")

    assert completion["choices"][0]["finish_reason"] == word
    assert completion["choices"][0]["message"]["content"]
    assert completion["error"]["code"] == "empty_answer"


def test_sources_are_annotations() -> None:
    """In OpenAI's place, and raw beside."""
    grounding = {
        "groundingChunks": [{"web": {"uri": "https://a.example", "title": "A"}}],
        "groundingSupports": [{"segment": {"endIndex": 4, "text": "Öl."}, "groundingChunkIndices": [0]}],
    }
    answer = answer_of({"text": "Öl. Ja."}, finishReason="STOP", groundingMetadata=grounding)
    [choice] = from_generate_content(answer, id="i", created=1, model="m")["choices"]
    assert choice["message"]["annotations"] == [
        {
            "type": "url_citation",
            "url_citation": {"start_index": 0, "end_index": 3, "url": "https://a.example", "title": "A"},
        }
    ]
    assert choice["extra_content"]["google"]["grounding_metadata"] == grounding
