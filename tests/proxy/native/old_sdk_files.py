"""Run by a test with google-genai 2.19 on its path: one file from the upload to its end, told as JSON."""

import io
import json
import os
import sys

import google.genai
from google.genai import types


def main() -> None:
    """Upload, list, use, delete."""
    client = google.genai.Client(api_key=os.environ["CALLER_KEY"], http_options=types.HttpOptions(base_url=sys.argv[1]))
    file = client.files.upload(file=io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * 100), config={"mime_type": "image/png"})
    listed = [one.name for one in client.files.list()]
    text = client.models.generate_content(model=sys.argv[2], contents=["what is it?", file]).text
    client.files.delete(name=file.name)
    left = [one.name for one in client.files.list()]
    told = {"version": google.genai.__version__, "name": file.name, "listed": listed, "text": text, "left": left}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
