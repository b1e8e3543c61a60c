"""What the fake Google says: files and the rules of `upstream`. Shapes of the Gemini API's reference, 2026-11."""

import base64
import json
import random
import struct
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

TEXT_MODEL = "gemini-2.5-flash"
IMAGE_MODEL = "gemini-3.1-flash-image"
VIDEO_MODEL = "veo-3.1-generate-preview"
VERTEX_VIDEO_MODEL = "veo-3.1-generate-001"

SENTENCE = "Videos cost dollars and take minutes, so that a proxy must neither lose one nor pay for one twice. "
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
EVENTS = 100
"""Chunks of text in one streamed answer."""
TOKEN = '"tok'
"""How the content of each chunk begins, in JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the rules of upstream.c, which says what the fields mean."""

    target: str
    files: tuple[Path, ...]
    kind: str = "answer"
    body: str = "-"
    type: str = "application/json"
    number: int = 0

    def line(self) -> str:
        """As it is written."""
        paths = map(str, self.files)
        return "\t".join((self.target, self.body, self.kind, self.type, str(self.number), *paths)) + "\n"


def write_rules(folder: Path, rules: list[Rule]) -> Path:
    """The file that `upstream` reads."""
    path = folder / "rules"
    path.write_text("".join(rule.line() for rule in rules))
    return path


def text_rules(folder: Path, *, pace_us: int = 20_000) -> list[Rule]:
    """Text whole, streamed as fast as it is read, and streamed with a pause (prompts that say `paced`)."""
    (folder / "text.json").write_bytes(_json(_answer([{"text": SENTENCE * 4}], finish="STOP")))
    (folder / "events.txt").write_bytes(b"".join(_event(number) for number in range(EVENTS)))
    stream = Rule(
        target=":streamGenerateContent", files=(folder / "events.txt",), kind="events", type="text/event-stream"
    )
    return [
        replace(stream, body="paced", number=pace_us),
        stream,
        Rule(target=f"{TEXT_MODEL}:generateContent", files=(folder / "text.json",)),
    ]


def sized_text_rules(folder: Path, sizes: list[int]) -> list[Rule]:
    """Answers of so many bytes of text to prompts that say `size-N.`."""
    rules = []
    for size in sizes:
        text = (SENTENCE * (size // len(SENTENCE) + 1))[:size]
        (folder / f"text-{size}.json").write_bytes(_json(_answer([{"text": text}], finish="STOP")))
        rules.append(
            Rule(target=f"{TEXT_MODEL}:generateContent", body=f"size-{size}.", files=(folder / f"text-{size}.json",))
        )
    return rules


def image_rules(folder: Path, *, base64_bytes: int = 1_500_000) -> list[Rule]:
    """A picture of so many bytes in base64."""
    data = base64.b64encode(png(base64_bytes * 3 // 4)).decode()
    parts: list[dict[str, Any]] = [{"text": "Here it is."}, {"inlineData": {"mimeType": "image/png", "data": data}}]
    (folder / "image.json").write_bytes(_json(_answer(parts, finish="STOP")))
    return [Rule(target=f"{IMAGE_MODEL}:generateContent", files=(folder / "image.json",))]


def video_rules(folder: Path, base: str, *, latency_ms: int, clip: str) -> list[Rule]:
    """Veo as the Gemini API speaks it: a job that ends after so long, and its one clip (a file of the folder)."""
    name = {"name": f"models/{VIDEO_MODEL}/operations/{{operation}}"}
    video = {"uri": f"{base}/v1beta/files/clip:download?alt=media"}
    done = {**name, "done": True, "response": {"generateVideoResponse": {"generatedSamples": [{"video": video}]}}}
    (folder / "running.json").write_bytes(_json(name))
    (folder / "done.json").write_bytes(_json(done))
    return [
        Rule(target=":predictLongRunning", kind="begin", number=latency_ms, files=(folder / "running.json",)),
        Rule(target="/operations/", kind="poll", files=(folder / "running.json", folder / "done.json")),
        Rule(target="/files/clip:download", type="video/mp4", files=(folder / clip,)),
    ]


def vertex_video_rules(folder: Path, *, latency_ms: int, clips: int, clip_bytes: int) -> list[Rule]:
    """Veo as Vertex AI speaks it: the clips come as base64 in the last answer."""
    name = {"name": f"publishers/google/models/{VERTEX_VIDEO_MODEL}/operations/{{operation}}"}
    (folder / "vertex-running.json").write_bytes(_json(name))
    data = base64.b64encode(mp4(clip_bytes)).decode()
    videos = [{"bytesBase64Encoded": data, "mimeType": "video/mp4"}] * clips
    (folder / "vertex-done.json").write_bytes(_json({**name, "done": True, "response": {"videos": videos}}))
    return [
        Rule(target=":predictLongRunning", kind="begin", number=latency_ms, files=(folder / "vertex-running.json",)),
        Rule(
            target=":fetchPredictOperation",
            kind="poll",
            files=(folder / "vertex-running.json", folder / "vertex-done.json"),
        ),
    ]


def png(size: int) -> bytes:
    """A picture of noise, about that large, that every decoder reads."""
    width = 512
    height = max(size // (width * 3 + 1), 1)
    noise = random.Random(1)
    rows = b"".join(b"\0" + noise.randbytes(width * 3) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b""))
    return PNG_HEAD + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def mp4(size: int) -> bytes:
    """A file of exactly that size with the boxes of an MP4 and noise for pictures: nothing here decodes it."""
    ftyp = struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"isom")
    return ftyp + struct.pack(">I4s", size - len(ftyp), b"mdat") + random.Random(2).randbytes(size - len(ftyp) - 8)


def _event(number: int) -> bytes:
    finish = "STOP" if number == EVENTS - 1 else None
    return b"data: " + _json(_answer([{"text": f"tok{number:02d} and a few words "}], finish=finish)) + b"\r\n\r\n"


def answered(parts: list[dict[str, Any]]) -> bytes:
    """generateContent's whole answer with these parts."""
    return _json(_answer(parts, finish="STOP"))


def _answer(parts: list[dict[str, Any]], *, finish: str | None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    return {
        "candidates": [candidate],
        "usageMetadata": {"promptTokenCount": 31, "candidatesTokenCount": 90, "totalTokenCount": 121},
        "modelVersion": TEXT_MODEL,
        "responseId": "bench",
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
