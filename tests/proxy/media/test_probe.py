"""proxy/media/probe.py: what a decoder would say, without one; and None rather than a guess."""

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.media.probe import VideoFacts, probe


@pytest.mark.parametrize(
    ("width", "height", "fps", "seconds", "sound"),
    [(64, 36, 24, 2, True), (36, 64, 30, 1, False), (128, 72, Fraction(30000, 1001), 1, False)],
)
def test_the_facts_are_what_the_decoder_finds(
    make_clip: Callable[..., Path], width: int, height: int, fps: int | Fraction, seconds: int, sound: bool
) -> None:
    """Size, rate, sound and duration agree with PyAV."""
    path = make_clip(width=width, height=height, fps=fps, seconds=seconds, sound=sound)
    facts = probe(path)
    with av.open(str(path)) as container:
        assert container.duration is not None
        assert facts.duration == pytest.approx(container.duration / 1e6, abs=0.002)
        assert facts.has_audio == bool(container.streams.audio)
        assert facts.fps == pytest.approx(float(container.streams.video[0].average_rate or 0), abs=0.01)
    assert (facts.width, facts.height) == (width, height)
    assert facts.duration == pytest.approx(seconds, abs=0.1)


def test_the_index_may_come_first_or_last(make_clip: Callable[..., Path]) -> None:
    """`faststart` moves `moov` before the pictures."""
    assert probe(make_clip()) == probe(make_clip(options={"movflags": "faststart"}))


def test_a_fragmented_file_says_what_its_index_says(make_clip: Callable[..., Path]) -> None:
    """Its index has the size and the tracks but no duration; that is None, not zero."""
    facts = probe(make_clip(options={"movflags": "frag_keyframe+empty_moov"}))
    assert facts == VideoFacts(width=64, height=36, has_audio=False)


def test_a_file_truncated_anywhere_is_never_an_error(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    """Each prefix gives the whole truth, a part of it, or nothing; never another value."""
    content = make_clip(options={"movflags": "faststart"}, sound=True).read_bytes()
    whole = probe(make_clip(options={"movflags": "faststart"}, sound=True))
    short = tmp_path / "short.mp4"
    for end in range(0, min(len(content), 3000), 3):
        short.write_bytes(content[:end])
        facts = probe(short)
        for name in ("duration", "width", "height", "fps"):
            assert getattr(facts, name) in (None, getattr(whole, name)), name
    assert whole.has_audio is True


@given(st.binary(max_size=200), st.booleans())
def test_nonsense_is_never_an_error(tmp_path_factory: pytest.TempPathFactory, junk: bytes, in_moov: bool) -> None:
    """Any bytes, also where an index should be, give facts or None."""
    path = tmp_path_factory.getbasetemp() / "junk.mp4"
    path.write_bytes(struct.pack(">I4s", len(junk) + 8, b"moov") + junk if in_moov else junk)
    assert isinstance(probe(path), VideoFacts)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def test_64_bit_headers_and_times_are_read(tmp_path: Path) -> None:
    """Version 1 boxes, a 64-bit box length before the index, and an index that reaches to the end of the file."""
    mvhd = box(b"mvhd", struct.pack(">B3xQQIQ", 1, 0, 0, 1000, 2500))
    matrix = (0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
    tkhd = box(b"tkhd", bytes([1]) + bytes(51) + struct.pack(">9i2I", *matrix, 1920 << 16, 1080 << 16))
    hdlr = box(b"hdlr", bytes(8) + b"vide" + bytes(12))
    mdhd = box(b"mdhd", struct.pack(">B3xQQIQ", 1, 0, 0, 24, 60))
    stts = box(b"stts", struct.pack(">4xIIIII", 2, 40, 1, 20, 1))
    mdia = box(b"mdia", mdhd + hdlr + box(b"minf", box(b"stbl", stts)))
    moov = mvhd + box(b"trak", tkhd + mdia)
    path = tmp_path / "big.mp4"
    path.write_bytes(struct.pack(">I4sQ", 1, b"mdat", 20) + b"data" + struct.pack(">I4s", 0, b"moov") + moov)
    assert probe(path) == VideoFacts(duration=2.5, width=1080, height=1920, has_audio=False, fps=24.0)


def test_a_huge_index_is_not_read(tmp_path: Path) -> None:
    """A box that claims gigabytes costs no memory."""
    path = tmp_path / "huge.mp4"
    path.write_bytes(struct.pack(">I4s", 2**31, b"moov") + bytes(100))
    assert probe(path) == VideoFacts()
