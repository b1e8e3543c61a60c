"""A picture through a local proxy, as the image script does that the video script was wished beside."""

import argparse
import base64
import os
import sys
from pathlib import Path

import requests

parser = argparse.ArgumentParser()
parser.add_argument("prompt")
parser.add_argument("--model", default="gemini-3-pro-image-preview")
parser.add_argument("--aspect-ratio", default="16:9", choices=["1:1", "16:9", "9:16", "4:3", "3:4"])
parser.add_argument("--image-size", default="2K", choices=["1K", "2K"])
parser.add_argument("--output", required=True)
arguments = parser.parse_args()

response = requests.post(
    os.environ.get("PROXY_URL", "http://localhost:8317") + "/v1/chat/completions",
    headers={"Authorization": "Bearer ccs-internal-managed"},
    json={
        "model": arguments.model,
        "messages": [{"role": "user", "content": arguments.prompt}],
        "modalities": ["image", "text"],
        "image_config": {"aspect_ratio": arguments.aspect_ratio, "image_size": arguments.image_size},
    },
    timeout=300,
)
if response.status_code != 200:
    print(f"Error: {response.status_code} {response.text}")
    sys.exit(1)
for image in response.json()["choices"][0]["message"].get("images", []):
    url = image["image_url"]["url"]
    if url.startswith("data:image/"):
        Path(arguments.output).write_bytes(base64.b64decode(url.split(",", 1)[1]))
        sys.exit(0)
print("Error: no image in the answer")
sys.exit(2)
