"""Large bodies of every kind, as requests and as Google's answers: what might hold an event loop."""

import base64
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.rig import google
from benchmarks.rig.google import IMAGE_MODEL, SENTENCE, TEXT_MODEL, Rule

IMAGEN = "imagen-4.0-generate-001"
CHAT = "/v1/chat/completions"
MEGABYTE = 1_000_000
PICTURES = (1.5, 6.0, 20.0)
"""MB of base64 in an answer."""
INPUTS = (1.5, 10.0, 20.0)
"""MB of base64 in a request."""
TEXT_BYTES = 2 * MEGABYTE
BOUNDARY = "bench-4b1d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One kind: a request, and whether the floor can answer it as well."""

    name: str
    target: str
    content: bytes
    type: str = "application/json"
    floor: bool = False


def rules(folder: Path, scale: float) -> list[Rule]:
    """What the fake Google answers to the bodies below."""
    made = [Rule(target=f"{IMAGEN}:predict", files=(_kept(folder, "predict.json", _predicted(1.5 * scale)),))]
    for size in PICTURES:
        whole = _answer([{"text": "Here it is."}, _inline("image/png", size * scale)])
        mark = _mark(size)
        made += [
            Rule(target=f"{IMAGE_MODEL}:generateContent", body=mark, files=(_kept(folder, f"{mark}json", whole),)),
            Rule(
                target=":streamGenerateContent",
                body=mark,
                kind="events",
                type="text/event-stream",
                files=(_kept(folder, f"{mark}txt", b"data: " + whole + b"\r\n\r\n"),),
            ),
        ]
    long = _answer([{"text": (SENTENCE * (TEXT_BYTES // len(SENTENCE) + 1))[: int(TEXT_BYTES * scale)]}])
    made.append(Rule(target=f"{TEXT_MODEL}:generateContent", body="long.", files=(_kept(folder, "long.json", long),)))
    short = _kept(folder, "short.json", _answer([{"text": "Seen."}]))
    return [
        *made,
        Rule(target=f"{TEXT_MODEL}:generateContent", files=(short,)),
        # Of a large request the prompt does not come first.
        Rule(target=f"{IMAGE_MODEL}:generateContent", files=(folder / f"{_mark(PICTURES[0])}json",)),
    ]


def bodies(scale: float) -> Iterator[Body]:
    """Every kind of body, large answers first. `scale` 1 is the size that the name says."""
    yield _chat("a short text", _asks(TEXT_MODEL, "Say something."), floor=True)
    for size in PICTURES:
        asked = _asks(IMAGE_MODEL, _mark(size))
        name = f"an answer with an image of {size:g} MB"
        yield _chat(name, asked, floor=True)
        yield _chat(f"{name}, streamed", {**asked, "stream": True})
        native = json.dumps({"contents": [{"role": "user", "parts": [{"text": _mark(size)}]}]}).encode()
        target = f"/v1beta/models/{IMAGE_MODEL}:generateContent"
        yield Body(name=f"{name}, passed on natively", target=target, content=native)
    yield _posted("an answer with 4 images of 1.5 MB (Imagen)", CHAT, {**_asks(IMAGEN, "A tree."), "n": 4})
    images = {"model": IMAGE_MODEL, "prompt": _mark(6.0)}
    yield _posted("/v1/images/generations, an image of 6 MB", "/v1/images/generations", images)
    yield _chat("an answer of 2 MB of text", _asks(TEXT_MODEL, "long."), floor=True)
    for size in INPUTS:
        uri = f"data:image/png;base64,{_base64(size * scale)}"
        parts = [{"type": "text", "text": "See?"}, {"type": "image_url", "image_url": {"url": uri}}]
        yield _chat(f"a request with an image of {size:g} MB", _asks(TEXT_MODEL, parts), floor=True)
    yield from _other_inputs(scale)
    turns = [{"role": "user" if at % 2 == 0 else "assistant", "content": SENTENCE * 5} for at in range(2000)]
    count = max(1, int(1000 * scale)) * 2 - 1
    yield _chat("a request of 2,000 messages, 1 MB", {**_asks(TEXT_MODEL, ""), "messages": turns[:count]}, floor=True)


def _other_inputs(scale: float) -> Iterator[Body]:
    data = _base64(10 * scale)
    video = [{"type": "video_url", "video_url": {"url": f"data:video/mp4;base64,{data}"}}]
    yield _chat("a request with a video of 10 MB", _asks(TEXT_MODEL, video))
    audio = [{"type": "input_audio", "input_audio": {"data": data, "format": "mp3"}}]
    yield _chat("a request with audio of 10 MB", _asks(TEXT_MODEL, audio))
    escaped = json.dumps(_asks(TEXT_MODEL, video)).replace("/", "\\/").encode()
    yield Body(name="the same, each / escaped", target=CHAT, content=escaped)
    inline = [{"text": "See?"}, _inline("image/png", 20 * scale)]
    native = json.dumps({"contents": [{"role": "user", "parts": inline}]}).encode()
    target = f"/v1beta/models/{TEXT_MODEL}:generateContent"
    yield Body(name="/v1beta generateContent with 20 MB", target=target, content=native)
    responses = [{"type": "input_image", "image_url": f"data:image/png;base64,{data}"}]
    asked: dict[str, Any] = {"model": TEXT_MODEL, "input": [{"role": "user", "content": responses}]}
    yield _posted("/v1/responses with an image of 10 MB", "/v1/responses", asked)
    source = {"type": "base64", "media_type": "image/png", "data": data}
    blocks = [{"type": "image", "source": source}, {"type": "text", "text": "See?"}]
    asked = {"model": TEXT_MODEL, "max_tokens": 100, "messages": [{"role": "user", "content": blocks}]}
    yield _posted("/v1/messages with an image of 10 MB", "/v1/messages", asked)
    picture = google.png(int(7.5 * scale * MEGABYTE))
    fields = {"model": IMAGE_MODEL, "prompt": _mark(1.5)}
    yield _form("a form to /v1/images/edits, a file of 7.5 MB", "/v1/images/edits", fields, "image", picture)


def video_form(scale: float) -> Body:
    """An order of /v1/videos with a first frame."""
    fields = {"model": google.VIDEO_MODEL, "prompt": "A wave.", "seconds": "8"}
    picture = google.png(int(7.5 * scale * MEGABYTE))
    return _form("a form to /v1/videos, a file of 7.5 MB", "/v1/videos", fields, "input_reference", picture)


def _form(name: str, target: str, fields: dict[str, str], file: str, content: bytes) -> Body:
    lines = [
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{file}"; filename="a.png"\r\n'
    body = b"".join(
        (
            "".join(lines).encode(),
            f"{head}content-type: image/png\r\n\r\n".encode(),
            content,
            f"\r\n--{BOUNDARY}--\r\n".encode(),
        )
    )
    return Body(name=name, target=target, content=body, type=f"multipart/form-data; boundary={BOUNDARY}")


def _chat(name: str, asked: dict[str, Any], *, floor: bool = False) -> Body:
    return _posted(name, CHAT, asked, floor=floor)


def _posted(name: str, target: str, asked: dict[str, Any], *, floor: bool = False) -> Body:
    return Body(name=name, target=target, content=json.dumps(asked).encode(), floor=floor)


def _asks(model: str, content: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": content}]}


def _mark(size: float) -> str:
    return f"picture-{size:g}-MB."


def _inline(mime_type: str, megabytes: float) -> dict[str, Any]:
    return {"inlineData": {"mimeType": mime_type, "data": _base64(megabytes)}}


def _base64(megabytes: float) -> str:
    """A picture's text of about so many MB."""
    return base64.b64encode(google.PNG_HEAD + random.Random(3).randbytes(int(megabytes * MEGABYTE * 3 / 4))).decode()


def _predicted(megabytes: float) -> bytes:
    one = {"bytesBase64Encoded": _base64(megabytes), "mimeType": "image/png"}
    return json.dumps({"predictions": [one] * 4}).encode()


def _answer(parts: list[dict[str, Any]]) -> bytes:
    return google.answered(parts)


def _kept(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
