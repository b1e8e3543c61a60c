"""A call to Google is a value: a resource below the API version, and what goes with it."""

from translators.wire.call import GoogleCall, Surface


def test_a_call_is_a_post_without_a_query_unless_said() -> None:
    """Most calls are; equal calls are equal."""
    call = GoogleCall(resource="models/m:generateContent")

    assert (call.method, call.body, dict(call.query)) == ("POST", None, {})
    assert call == GoogleCall(resource="models/m:generateContent", method="POST")


def test_there_are_three_surfaces() -> None:
    """Their words are part of the catalogue's data and of the ledger."""
    assert [surface.value for surface in Surface] == ["gemini", "vertex", "code-assist"]
