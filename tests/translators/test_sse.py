"""Server-sent events come out the same however the network cuts them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translators.sse import ServerSentEvent, SseParser

CASES = [
    (b"data: a\n\n", [(b"a", "")]),
    (b"data:a\r\n\r\ndata: b\r\n\r\n", [(b"a", ""), (b"b", "")]),
    (b"data: a\r\rdata: b\r\r", [(b"a", ""), (b"b", "")]),
    (b"data: a\ndata:  b\ndata\n\n", [(b"a\n b\n", "")]),
    (b": keep-alive\n\ndata: a\n\n", [(b"a", "")]),
    (b"event: error\ndata: {}\nid: 3\nretry: 9\n\ndata: x\n\n", [(b"{}", "error"), (b"x", "")]),
    (b"event: ping\n\n", []),
    (b"\xef\xbb\xbfdata: a\n\n", [(b"a", "")]),
    (b"data: a\n\r\ndata: b\r\n\n", [(b"a", ""), (b"b", "")]),
    (b"data: a\n\ndata: cut", [(b"a", "")]),
    (b"data: a\n", []),
    (b"", []),
]


def fed(pieces: list[bytes]) -> list[tuple[bytes, str]]:
    parser = SseParser()
    return [(event.data, event.event) for piece in pieces for event in parser.feed(piece)]


@pytest.mark.parametrize(("stream", "events"), CASES)
def test_whole_and_byte_by_byte(stream: bytes, events: list[tuple[bytes, str]]) -> None:
    """One piece, single bytes, and single bytes with empty pieces between them give the same events."""
    single = [stream[at : at + 1] for at in range(len(stream))]

    assert fed([stream]) == events
    assert fed(single) == events
    assert fed([piece for byte in single for piece in (byte, b"")]) == events


@pytest.mark.parametrize(
    ("stream", "incomplete"), [(b"data: a\n\n", False), (b"data: a\n", True), (b"data: a\n\nda", True), (b"", False)]
)
def test_a_cut_is_noticed(stream: bytes, incomplete: bool) -> None:
    """A stream that stops inside an event says so."""
    parser = SseParser()
    parser.feed(stream)

    assert parser.incomplete is incomplete


@given(
    st.lists(
        st.tuples(st.lists(st.binary(max_size=12), min_size=1, max_size=3), st.sampled_from([b"\n", b"\r\n", b"\r"]))
    ),
    st.lists(st.integers(min_value=0, max_value=200), max_size=8),
)
def test_any_events_survive_any_cut(events: list[tuple[list[bytes], bytes]], cuts: list[int]) -> None:
    """Whatever the data, the line ends and the cuts: what was sent is what comes out."""
    clean = [([line.replace(b"\r", b"").replace(b"\n", b"") for line in lines], end) for lines, end in events]
    stream = b"".join(b"".join(b"data: " + line + end for line in lines) + end for lines, end in clean)
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]

    assert fed([stream[start:stop] for start, stop in itertools.pairwise(places)]) == [
        (b"\n".join(lines), "") for lines, _ in clean
    ]


def test_a_long_line_in_many_pieces_is_one_event() -> None:
    """A picture that arrives in pieces is handed on in them."""
    parser = SseParser()
    x = b"x" * 1000

    first = [event for piece in (b"data: ", *[x] * 50, b"\n\n") for event in parser.feed(piece)]
    assert [event.data for event in first] == [x * 50]
    assert len(first[0].pieces) > 45

    second = [event for piece in (b"data: " + x, *[x] * 49, b"\n\n") for event in parser.feed(piece)]
    assert second == [ServerSentEvent(pieces=(*[x] * 50, b""))]
