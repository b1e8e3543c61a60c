#!/usr/bin/env python3
"""Make an image or a video through an OpenAI-style chat completion; only Python's standard library is needed.

    python media_gen.py image "a lighthouse at dusk" --aspect-ratio 16:9
    python media_gen.py video "waves rolling in below a lighthouse" --duration 4

Both are the same `POST /v1/chat/completions`; the answer holds a data URI, and the file is written from it.
"""

import argparse
import base64
import json
import os
import sys
import time
import urllib.request
from pathlib import Path

MODELS = {"image": "gemini-nano-banana-2.1", "video": "veo-3.1-generate-preview"}


def request_body(args):
    """The chat completion: `modalities` says what is wanted, `image_config` or `video_config` how it should be."""
    body = {
        "model": args.model or MODELS[args.kind],
        "messages": [{"role": "user", "content": args.prompt}],
        "modalities": [args.kind, "text"],
        "stream": True,
    }
    if args.kind == "image":
        body["image_config"] = {"aspect_ratio": args.aspect_ratio, "image_size": args.image_size}
    else:
        body["video_config"] = {
            "duration_seconds": args.duration,
            "aspect_ratio": args.aspect_ratio,
            "resolution": args.resolution,
        }
    return body


def events(base_url, api_key, body):
    """The answer's events, as they come."""
    request = urllib.request.Request(
        f"{base_url}/chat/completions",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        for line in response:
            if line.startswith(b"data: ") and line.strip() != b"data: [DONE]":
                yield json.loads(line[6:])


def media_url(delta):
    """The first image or video of a delta, if it has one."""
    for item in delta.get("images") or delta.get("videos") or []:
        return item[item["type"]]["url"]
    return None


def save(url, path):
    """Write a data URI, or what a URL leads to."""
    if url.startswith("data:"):
        data = base64.b64decode(url.split(",", 1)[1])
    else:
        with urllib.request.urlopen(url) as response:
            data = response.read()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return len(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["image", "video"])
    parser.add_argument("prompt")
    parser.add_argument("--model")
    parser.add_argument("--aspect-ratio", default="16:9")
    parser.add_argument("--image-size", default="1K")
    parser.add_argument("--resolution", default="720p")
    parser.add_argument("--duration", type=int, default=4, help="seconds")
    parser.add_argument("--output", type=Path, default=Path("generated"))
    parser.add_argument("--base-url", default=os.environ.get("OPENAI_BASE_URL", "http://127.0.0.1:8317/v1"))
    parser.add_argument("--api-key", default=os.environ.get("OPENAI_API_KEY", "none"))
    args = parser.parse_args()

    began = time.monotonic()
    extension = "png" if args.kind == "image" else "mp4"
    path = args.output / f"{args.kind}.{extension}"
    written = 0
    for event in events(args.base_url, args.api_key, request_body(args)):
        if "error" in event:
            sys.exit(f"error: {event['error']['message']}")
        delta = event["choices"][0]["delta"]
        if delta.get("reasoning_content"):
            print(f"  ... {delta['reasoning_content'].strip()}", file=sys.stderr)
        if url := media_url(delta):
            written = save(url, path)
            model = event["model"]
        for warning in event.get("warnings", []):
            print(f"  note: {warning}", file=sys.stderr)
    if not written:
        sys.exit("error: the answer held no media")
    print(f"{path}  {written:,} bytes  by {model}  in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
