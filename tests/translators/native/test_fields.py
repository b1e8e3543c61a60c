"""The tables name what the readers know: no more, and nothing is left out."""

import pytest

from translators.errors import BadRequest
from translators.native.fields import INTERACTION, VEO, notes
from translators.native.read_omni import read_omni
from translators.native.read_veo import PARAMETERS, read_veo


def body_with(path: str) -> dict:
    """A body that has this member, with a value that fits no type."""
    steps = path.replace("instances[0]", "instances").split(".")
    inner: object = object()
    for step in reversed(steps):
        inner = {step: [inner] if step == "instances" and isinstance(inner, dict) else inner}
    return inner


def refusal(read, path: str) -> str:
    """What the reader says to it; empty where it takes it."""
    try:
        read(body_with(path))
    except BadRequest as error:
        return error.message
    return ""


def is_unknown(read, path: str) -> bool:
    return f'Unknown name "{path.rpartition(".")[2]}"' in refusal(read, path)


@pytest.mark.parametrize("path", VEO.mapped)
def test_every_mapped_member_of_predict_long_running_is_known(path: str) -> None:
    """The reader has heard of it."""
    assert not is_unknown(lambda body: read_veo({"instances": [{}], **body}), path)


@pytest.mark.parametrize("path", VEO.rejected)
def test_every_rejected_member_of_predict_long_running_is_refused(path: str) -> None:
    """The reader has not."""
    assert is_unknown(lambda body: read_veo({"instances": [{}], **body}), path)


def test_every_parameter_is_in_the_table() -> None:
    """All that the reader knows below `parameters`."""
    named = {path.removeprefix("parameters.") for path in VEO.mapped if path.startswith("parameters.")}
    assert named == set(PARAMETERS)


@pytest.mark.parametrize("path", [*INTERACTION.mapped, *INTERACTION.rejected])
def test_every_member_of_an_interaction_is_known(path: str) -> None:
    """The reader has heard of it."""
    assert not is_unknown(read_omni, path)


def test_what_the_reader_says_it_knows_is_in_the_table() -> None:
    """Its own list for the caller, member by member."""
    for parent in ("", "generation_config", "generation_config.video_config", "response_format"):
        below = [path for path in (*INTERACTION.mapped, *INTERACTION.rejected) if path.rpartition(".")[0] == parent]
        message = refusal(read_omni, f"{parent}.nonsense".removeprefix("."))
        known = message.partition("Known here: ")[2].rstrip(".").split(", ")
        assert sorted(path.rpartition(".")[2] for path in below) == known


def test_values_that_are_refused() -> None:
    """`store: false` and `stream: true` are, as the table says."""
    assert "stored" in refusal_of({"model": "m", "input": "a", "store": False})
    assert "streamed" in refusal_of({"model": "m", "input": "a", "stream": True})


def refusal_of(body: dict) -> str:
    with pytest.raises(BadRequest) as caught:
        read_omni(body)
    return caught.value.message


def test_notes_are_sentences() -> None:
    """Every path of both tables, in words."""
    told = notes(VEO)
    assert set(told) == {*VEO.mapped, *VEO.rejected}
    assert told["labels"] == "Becomes: labels."
    assert told["parameters.upscale"].startswith("Refused with 400: ")
