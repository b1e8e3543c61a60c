"""Run by a test with google-genai 2.19 on its path: one video from the request to the file, told as JSON."""

import json
import os
import sys
import time

import google.genai
from google.genai import types


def main() -> None:
    """Ask for the video, wait for it, download it."""
    client = google.genai.Client(api_key=os.environ["CALLER_KEY"], http_options=types.HttpOptions(base_url=sys.argv[1]))
    operation = client.models.generate_videos(
        model=sys.argv[2], prompt="a red kite", config=types.GenerateVideosConfig(duration_seconds=4)
    )
    while not operation.done:
        time.sleep(0.05)
        operation = client.operations.get(operation)
    video = operation.response.generated_videos[0].video
    data = client.files.download(file=video)
    json.dump({"version": google.genai.__version__, "uri": video.uri, "bytes": len(data), "head": data[4:8].decode()},
              sys.stdout)  # fmt: skip


if __name__ == "__main__":
    main()
