"""Counting tokens on each surface."""

from translators.native.count_tokens import counted
from translators.wire.call import Surface

CONTENTS = [{"parts": [{"text": "hello"}]}]


def test_contents_alone() -> None:
    """As they came."""
    body = {"contents": CONTENTS}
    assert counted(body, model="m", surface=Surface.GEMINI) == body
    assert counted(body, model="m", surface=Surface.VERTEX) == body
    assert counted(body, model="m", surface=Surface.CODE_ASSIST) == body


def test_a_whole_request() -> None:
    """It names the model that is asked; on Vertex AI and Code Assist its members stand by themselves."""
    body = {"generateContentRequest": {"model": "models/alias", "contents": CONTENTS}}
    assert counted(body, model="m", surface=Surface.GEMINI) == {
        "generateContentRequest": {"model": "models/m", "contents": CONTENTS}
    }
    assert counted(body, model="m", surface=Surface.VERTEX) == {"contents": CONTENTS}
    assert counted(body, model="m", surface=Surface.CODE_ASSIST) == {"contents": CONTENTS}
