"""The request of CLIProxyAPI issue 1005 and CLIProxyAPIPlus issue 94, with `requests`; only the URL differs."""

import base64
import os
import sys
from pathlib import Path

import requests

response = requests.post(
    os.environ.get("PROXY_URL", "http://localhost:8317") + "/v1/chat/completions",
    headers={"Authorization": "Bearer ccs-internal-managed", "Content-Type": "application/json"},
    json={
        "model": "veo-3.1-generate-preview",
        "messages": [{"role": "user", "content": "A calm ocean wave at sunset"}],
        "modalities": ["video", "text"],
        "video_config": {"duration_seconds": "8", "aspect_ratio": "16:9", "resolution": "720p"},
    },
    timeout=600,
)
response.raise_for_status()
url = response.json()["choices"][0]["message"]["videos"][0]["video_url"]["url"]
Path(sys.argv[1]).write_bytes(base64.b64decode(url.split(",", 1)[1]))
