"""What is moved into a chat completion leaves a trail back to the caller's own words."""

import pytest

from translators.as_chat import AsChat, Draft, Trail
from translators.errors import BadRequest
from translators.wire.openai import ChatCompletionRequest, UserMessage

HI = UserMessage(role="user", content="Hi")


def trail() -> Trail:
    """The trail of `input[2]`, whose picture stands at `input[2].output[1]`, with one field that nests alike."""
    return Trail(
        origins={
            "messages[0]": "input[2]",
            "messages[0].content[0]": "input[2].output[1]",
            "tools[0]": "tools[0]",
        },
        alike={"messages[0].content[0]"},
    )


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("messages[0]", "input[2]"),
        ("messages[0].role", "input[2]"),
        ("messages[0].content[0].image_url.url", "input[2].output[1].image_url"),
        ("messages[0].content[1]", "input[2]"),
        ("messages[01]", "messages[01]"),
        ("temperature", "temperature"),
    ],
)
def test_a_path_is_named_by_its_longest_known_beginning(path: str, own: str) -> None:
    """What is below a moved piece keeps its name only where it is named alike; what was not moved stays."""
    assert trail().own(path) == own


@pytest.mark.parametrize(
    ("sentence", "retold"),
    [
        ("messages[0].name had no effect.", "input[2] had no effect."),
        ("seed: no.", "seed: no."),
        ("!", "!"),
    ],
)
def test_a_warning_is_retold(sentence: str, retold: str) -> None:
    """The path that a sentence begins with is the caller's; a sentence without one stays."""
    assert trail().retold(sentence) == retold


@pytest.mark.parametrize(("param", "own"), [("messages[0]", "input[2]"), (None, None)])
def test_an_error_names_the_callers_field(param: str | None, own: str | None) -> None:
    """An error that leaves the block is renamed; one about no field stays about none."""
    with pytest.raises(BadRequest) as caught, trail().renaming():
        raise BadRequest("No.", param=param)

    assert caught.value.param == own


def test_a_block_without_an_error_is_left_alone() -> None:
    """Nothing is raised where nothing went wrong."""
    with trail().renaming():
        pass


def test_a_draft_notes_where_each_message_comes_from() -> None:
    """A message, and each member that has a place of its own."""
    draft = Draft(trail=Trail())
    draft.add(HI, own="system")
    draft.add(HI, own="input[0]", origins={"content[0]": "input[0].text"})

    assert draft.messages == [HI, HI]
    assert draft.trail.origins == {
        "messages[0]": "system",
        "messages[1]": "input[0]",
        "messages[1].content[0]": "input[0].text",
    }


def test_each_warning_is_told_once() -> None:
    """Two messages that come from one piece complain once; the rewriting's own warnings go first."""
    chat = ChatCompletionRequest(model="m", messages=[HI])
    asked = AsChat(chat=chat, trail=Trail(origins={"messages[0]": "a", "messages[1]": "a"}), warnings=("own",))

    assert asked.told(["messages[0]: no.", "messages[1]: no.", "own"]) == ["own", "a: no."]
