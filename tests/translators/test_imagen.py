"""A chat completion becomes Imagen's predict and back; what was filtered is told."""

from dataclasses import dataclass

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from translators.errors import BadRequest, UpstreamFailed
from translators.imagen import from_predictions, to_predict
from translators.wire.google import PredictAnswer
from translators.wire.openai import ChatCompletionRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an imaginary model can make."""

    aspect_ratios: tuple[str, ...] = ("1:1",)
    sizes: tuple[str, ...] = ("1K",)


def request_of(content: object = "A fox", **members: object) -> ChatCompletionRequest:
    return ChatCompletionRequest.model_validate(
        {"model": "imagen", "messages": [{"role": "user", "content": content}], **members}
    )


@pytest.mark.parametrize("case", golden_cases("imagen/requests"))
def test_request_matches_golden(case: GoldenCase) -> None:
    """Each request becomes the predict body on file, with the warnings on file and no others."""
    request = ChatCompletionRequest.model_validate(case.openai)
    translated = to_predict(request, model=case.more["model"], edits=case.more.get("edits", False))

    assert translated.call.resource == f"models/{case.more['model']}:predict"
    assert translated.call.body == case.google
    assert list(translated.warnings) == case.more.get("warnings", [])


@pytest.mark.parametrize("case", golden_cases("imagen/responses"))
def test_response_matches_golden(case: GoldenCase) -> None:
    """Each of Imagen's answers becomes the chat completion on file."""
    answer = PredictAnswer.model_validate(case.google)

    completion = from_predictions(
        answer, id="chatcmpl-1", created=1_700_000_000, model="imagen-4.0-generate-001", asked=case.more["asked"]
    )

    assert completion == case.openai


IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}


@pytest.mark.parametrize(
    ("request_", "param"),
    [
        (request_of([IMAGE]), "messages[0].content"),
        (request_of(" "), "messages[0].content"),
        (request_of(n=5), "n"),
        (request_of(image_config={"aspect_ratio": "9:1"}), "image_config.aspect_ratio"),
        (request_of(image_config={"image_size": "8k"}), "image_config.image_size"),
        (request_of(image_config={"negativ_prompt": "x"}), "image_config.negativ_prompt"),
        (request_of(image_config={"add_watermark": True}, seed=1), "image_config.add_watermark"),
        (request_of(modalities=["video"]), "modalities[0]"),
    ],
)
def test_what_imagen_cannot_do_is_refused_by_name(request_: ChatCompletionRequest, param: str) -> None:
    """Nothing is clamped or dropped: a 400 names the field."""
    with pytest.raises(BadRequest) as error:
        to_predict(request_, model="imagen", image_limits=Limits())

    assert error.value.param == param


WORDS = {"type": "text", "text": "At night"}


def test_what_an_edit_has_no_setting_for() -> None:
    """`enhance_prompt` is not among them (google-genai 3.4.0, `EditImageConfig`)."""
    with pytest.raises(BadRequest) as error:
        to_predict(request_of([IMAGE, WORDS], image_config={"enhance_prompt": True}), model="imagen", edits=True)

    assert error.value.param == "image_config.enhance_prompt"


def test_an_edit_needs_its_words_too() -> None:
    """A picture alone says nothing about what to change."""
    with pytest.raises(BadRequest, match="empty") as error:
        to_predict(request_of([IMAGE]), model="imagen", edits=True)

    assert error.value.param == "messages[0].content"


def test_neither_image_nor_reason_is_an_error() -> None:
    """An empty body, Imagen's way to say that all was filtered, is never an empty 200."""
    with pytest.raises(UpstreamFailed) as error:
        from_predictions(PredictAnswer(), id="i", created=1, model="m")

    assert error.value.code == "empty_upstream_answer"


def test_warnings_are_carried_and_unknown_types_are_not_guessed() -> None:
    """The request's warnings are in the answer; bytes of an unknown kind are called just that."""
    answer = PredictAnswer.model_validate({"predictions": [{"bytesBase64Encoded": "AAAA"}]})

    completion = from_predictions(answer, id="i", created=1, model="m", warnings=["Changed."])

    url = completion["choices"][0]["message"]["images"][0]["image_url"]["url"]
    assert url == "data:application/octet-stream;base64,AAAA"
    assert completion["warnings"] == ["Changed."]
