"""LiteLLM's SDK with its `openai/` provider, ordered about: one JSON order a line in, one JSON outcome a line out."""

import base64
import io
import json
import sys
import time
from importlib.metadata import version

import litellm


def video_job(order):
    """A video by the jobs API, from its order to its bytes. LiteLLM has no helper that polls."""
    place = {"api_base": order["base_url"], "api_key": order["api_key"]}
    body = order["body"]
    frame = body.pop("first_frame", None)
    if frame is not None:
        body["input_reference"] = io.BytesIO(base64.b64decode(frame))
    video = litellm.video_generation(**{**body, "model": f"openai/{body['model']}"}, **place)
    while video.status in ("queued", "in_progress"):
        time.sleep(0.1)
        video = litellm.video_status(video_id=video.id, **place)
    if video.status != "completed":
        return {"video": video.model_dump()}
    content = litellm.video_content(video_id=video.id, **place)
    return {"video": video.model_dump(), "content": base64.b64encode(content).decode()}


def obey(order):
    if order["method"] == "video_job":
        return video_job(order)
    body = order["body"]
    options = {"num_retries" if name == "max_retries" else name: value for name, value in order["options"].items()}
    answer = litellm.completion(
        **{**body, "model": f"openai/{body['model']}"},
        api_base=order["base_url"],
        api_key=order["api_key"],
        extra_headers=order["headers"],
        **options,
    )
    if body.get("stream"):
        return {"chunks": [chunk.model_dump() for chunk in answer]}
    return {"answer": answer.model_dump()}


def told(error):
    return {
        "error": {
            "classes": [cls.__name__ for cls in type(error).__mro__],
            "message": str(error),
            "status": getattr(error, "status_code", None),
            "code": getattr(error, "code", None),
        }
    }


def main():
    outcomes, sys.stdout = sys.stdout, sys.stderr  # LiteLLM prints its advice on standard output
    print(json.dumps({"version": version("litellm")}), file=outcomes, flush=True)
    for line in sys.stdin:
        try:
            outcome = obey(json.loads(line))
        except litellm.exceptions.openai.OpenAIError as error:
            outcome = told(error)
        print(json.dumps(outcome), file=outcomes, flush=True)


if __name__ == "__main__":
    main()
