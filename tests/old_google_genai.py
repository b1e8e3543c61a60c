"""Run by a test with google-genai 2.19 on its path: reads calls from stdin, writes what the SDK posted for each."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import google.genai
from google.genai import types

BODIES: list[object] = []
ANSWER = b'{"name": "models/m/operations/1"}'


class Keep(BaseHTTPRequestHandler):
    """Keeps the body and names an operation."""

    def do_POST(self) -> None:
        BODIES.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def main() -> None:
    """Make every call once."""
    server = HTTPServer(("127.0.0.1", 0), Keep)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = types.HttpOptions(
        base_url=f"http://127.0.0.1:{server.server_port}", retry_options=types.HttpRetryOptions(attempts=1)
    )
    client = google.genai.Client(api_key="not-a-key", http_options=options)
    for call in json.load(sys.stdin):
        client.models.generate_videos(
            model=call["model"],
            source=types.GenerateVideosSource.model_validate_json(json.dumps(call["source"])),
            config=types.GenerateVideosConfig.model_validate_json(json.dumps(call["config"])),
        )
    server.shutdown()
    json.dump({"version": google.genai.__version__, "bodies": BODIES}, sys.stdout)


if __name__ == "__main__":
    main()
