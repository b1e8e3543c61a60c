"""An Images API request becomes the chat completions that make its images."""

from typing import Any

import pytest

from tests.golden_cases import GoldenCase, golden_cases
from tests.video_requests import shipped_catalog
from translators.catalog import Family, Model
from translators.chat.request import to_generate_content
from translators.errors import BadRequest
from translators.imagen import to_predict
from translators.images.mask import edits_by_mask
from translators.images.read import (
    ImageOrder,
    calls_of,
    check_makes_images,
    parse_image_request,
    read_order,
)
from translators.wire.call import GoogleCall, Surface

PNG = "data:image/png;base64,iVBORw0KGgo="
BANANA = "gemini-nano-banana-2.1"
IMAGEN = "imagen-4.0-generate-001"
EDITOR = "imagen-3.0-capability-001"


def model_of(name: str) -> Model:
    model = shipped_catalog().find(name)
    assert model is not None
    return model


def order_of(
    members: dict[str, Any], surfaces: tuple[Surface, ...] = (Surface.GEMINI,), *, edit: bool = False
) -> ImageOrder:
    request = parse_image_request({"model": BANANA, "prompt": "a fox", **members})
    return read_order(request, model_of(request.model), surfaces, edit=edit)


def call_of(order: ImageOrder, surface: Surface) -> GoogleCall:
    model = model_of(order.asked.chat.model)
    chats, _ = calls_of(order.asked.chat, order.count, model.family)
    if model.family is Family.IMAGEN:
        return to_predict(chats[0], model=model.id, image_limits=model.image, edits=edits_by_mask(model)).call
    return to_generate_content(
        chats[0], model=model.id, surface=surface, is_image_model=True, image_limits=model.image
    ).call


@pytest.mark.parametrize("case", golden_cases("images/requests"))
def test_request_matches_golden(case: GoldenCase) -> None:
    """Each request becomes the call on file, with the warnings on file and no others."""
    surface = Surface(case.more.get("surface", "gemini"))
    request = parse_image_request(case.openai)
    order = read_order(request, model_of(request.model), [surface], edit=case.more.get("edit", False))

    assert call_of(order, surface).body == case.google
    assert list(order.asked.warnings) == case.more.get("warnings", [])


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"prompt": ""}, "prompt"),
        ({"model": ""}, "model"),
        ({"n": 11}, "n"),
        ({"n": "many"}, "n"),
        ({"image": [{"image_url": 1}]}, "image[0].image_url"),
        ({"response_format": "file"}, "response_format"),
    ],
)
def test_a_malformed_request(members: dict[str, Any], param: str) -> None:
    """The field is named as the caller wrote it."""
    with pytest.raises(BadRequest) as caught:
        parse_image_request({"model": BANANA, "prompt": "a fox", **members})
    assert (caught.value.param or "").startswith(param)


def test_a_body_that_is_no_object() -> None:
    """It says what a body is."""
    with pytest.raises(BadRequest, match="JSON object"):
        parse_image_request([])


@pytest.mark.parametrize(
    ("members", "edit", "param"),
    [
        ({}, True, "image"),
        ({"image": [PNG] * 15}, False, "image"),
        ({"image": [{"file_id": "file-1"}]}, True, "image[0]"),
        ({"image": PNG, "model": IMAGEN}, True, "image"),
        ({"size": "big"}, False, "size"),
        ({"mask": PNG, "image": PNG}, True, "mask"),
        ({"mask": {"file_id": "file-1"}, "image": PNG, "model": EDITOR}, True, "mask"),
        ({"mask": PNG, "model": EDITOR}, False, "image"),
        ({"image": [PNG, PNG], "model": EDITOR}, True, "image"),
    ],
)
def test_what_cannot_be_made(members: dict[str, Any], edit: bool, param: str) -> None:
    """It is refused before anything is paid."""
    with pytest.raises(BadRequest) as caught:
        order_of(members, edit=edit)
    assert caught.value.param == param


@pytest.mark.parametrize(
    ("name", "route"), [("gemini-2.5-flash", "/v1/chat/completions"), ("veo-3.1-generate-001", "/v1/videos")]
)
def test_another_kind_of_model_has_another_route(name: str, route: str) -> None:
    """The message names it."""
    with pytest.raises(BadRequest, match=route) as caught:
        check_makes_images(model_of(name), name)
    assert (caught.value.param, caught.value.code) == ("model", "model_not_supported")


def test_an_image_model_may() -> None:
    """No error is no error."""
    check_makes_images(model_of(BANANA), BANANA)


def test_a_model_without_limits_takes_what_is_given() -> None:
    """Then Google is the judge."""
    request = parse_image_request({"model": "m", "prompt": "a fox", "image": PNG})
    unknown = Model(id="m", kind=model_of(BANANA).kind, family=Family.GEMINI, served={})

    assert read_order(request, unknown, [Surface.GEMINI], edit=True).has_inputs


@pytest.mark.parametrize(
    ("count", "name", "calls", "seeds"),
    [
        (1, BANANA, [None], [7]),
        (3, BANANA, [None, None, None], [7, 8, 9]),
        (4, IMAGEN, [4], [7]),
        (6, IMAGEN, [4, 2], [7, 8]),
        (5, IMAGEN, [4, None], [7, 8]),
    ],
)
def test_several_images_take_several_calls(count: int, name: str, calls: list[int | None], seeds: list[int]) -> None:
    """Gemini makes one a call, Imagen up to four; a seed is never used twice, which is told."""
    order = order_of({"model": name, "n": count, "seed": 7})
    chats, told = calls_of(order.asked.chat, order.count, model_of(name).family)

    assert [chat.n for chat in chats] == calls
    assert [chat.seed for chat in chats] == seeds
    assert bool(told) == (len(calls) > 1)


def test_without_a_seed_there_is_nothing_to_tell() -> None:
    """The calls are the same."""
    chats, told = calls_of(order_of({}).asked.chat, 2, Family.GEMINI)
    assert chats[0] == chats[1]
    assert told == []


def test_a_size_that_is_beaten_is_not_compared_with() -> None:
    """What was made answers the nearer field."""
    order = order_of({"size": "1024x1024", "aspect_ratio": "16:9"})

    assert order.shape.pixels is None
    assert order.asked.warnings == ("size: aspect_ratio was said too and goes before it.",)


@pytest.mark.parametrize(
    ("members", "path", "own"),
    [
        ({}, "messages[0].content", "prompt"),
        ({"image": PNG}, "messages[0].content[0].image_url", "image"),
        ({"image": [PNG, PNG]}, "messages[0].content[1].image_url", "image[1]"),
        ({"image": [PNG]}, "messages", "image"),
        ({"image": [PNG], "mask": PNG, "model": EDITOR}, "messages[0].content[0].image_url", "image[0]"),
        ({"image": [PNG], "mask": PNG, "model": EDITOR}, "messages[0].content[1].image_url", "mask"),
        ({"size": "16:10"}, "image_config.aspect_ratio", "size"),
        ({"aspect_ratio": "16:10"}, "image_config.aspect_ratio", "aspect_ratio"),
        ({"image_size": "8K"}, "image_config.image_size", "image_size"),
        ({}, "image_config.image_size", "image_config.image_size"),
    ],
)
def test_errors_name_the_callers_own_field(members: dict[str, Any], path: str, own: str) -> None:
    """Nobody wrote `messages[0]`."""
    assert order_of(members).asked.trail.own(path) == own
