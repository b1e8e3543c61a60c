"""openai-python of whatever major is importable, ordered about: one JSON order a line in, one JSON outcome a line out.

It uses the SDK as its users do; what the SDK has no argument for goes into `extra_body`.
"""

import base64
import inspect
import json
import sys

import openai

KNOWN = set(inspect.signature(openai.resources.chat.completions.Completions.create).parameters)


def video_job(client, body):
    """A video by the jobs API, from its order until it is deleted."""
    frame = body.pop("first_frame", None)
    if frame is not None:
        body["input_reference"] = ("frame.png", base64.b64decode(frame), "image/png")
    made = client.videos.create_and_poll(**body)
    again = client.videos.retrieve(made.id)
    if again.status != "completed":
        return {"video": again.model_dump()}
    listed = [video.id for video in client.videos.list(limit=1)]
    content = client.videos.download_content(made.id).read()
    return {
        "video": again.model_dump(),
        "listed": listed,
        "content": base64.b64encode(content).decode(),
        "deleted": client.videos.delete(made.id).model_dump(),
        "left": [video.id for video in client.videos.list()],
    }


def image_streams(client, body):
    """An image from words and one from an image, each as the events of its stream."""
    image = ("image.png", base64.b64decode(body.pop("image")), "image/png")
    made = client.images.generate(stream=True, **body)
    edited = client.images.edit(stream=True, image=image, **body)
    return {
        name: [{"class": type(event).__name__, **event.model_dump()} for event in events]
        for name, events in (("made", made), ("edited", edited))
    }


def neighbours(client, body):
    """A response and an old completion, whole and streamed, and what the SDK's own stream helper made of the events."""
    asked = {"model": body["model"], "input": body["prompt"], "tools": body["tools"]}
    old = {"model": body["model"], "prompt": body["prompt"]}
    with client.responses.stream(**asked) as stream:
        events = list(stream)
    return {
        "whole": client.responses.create(**asked).model_dump(),
        "events": [event.type for event in events],
        # `get_final_response` knows completed responses only (2.54 and 3.52); the last event has any.
        "gathered": events[-1].response.model_dump(),
        "old": client.completions.create(**old).model_dump(),
        "old_chunks": [chunk.model_dump() for chunk in client.completions.create(**old, stream=True)],
    }


def obey(order):
    options = order.get("options", {})
    with openai.OpenAI(base_url=order["base_url"], api_key=order["api_key"], **options) as client:
        if order["method"] == "video_job":
            return video_job(client, order["body"])
        if order["method"] == "neighbours":
            return neighbours(client, order["body"])
        if order["method"] == "image_streams":
            return image_streams(client, order["body"])
        if order["method"] == "models":
            return {"models": [model.model_dump() for model in client.models.list()]}
        body = order["body"]
        arguments = {name: value for name, value in body.items() if name in KNOWN}
        extra = {name: value for name, value in body.items() if name not in KNOWN}
        answer = client.chat.completions.create(**arguments, extra_body=extra, extra_headers=order["headers"])
        if body.get("stream"):
            return {"chunks": [chunk.model_dump(exclude_unset=True) for chunk in answer]}
        return {"answer": answer.model_dump(exclude_unset=True), "request_id": answer._request_id}


def told(error):
    response = getattr(error, "response", None)
    return {
        "error": {
            "classes": [cls.__name__ for cls in type(error).__mro__],
            "message": str(error),
            "body": getattr(error, "body", None),
            "status": getattr(error, "status_code", None),
            "code": getattr(error, "code", None),
            "param": getattr(error, "param", None),
            "type": getattr(error, "type", None),
            "request_id": getattr(error, "request_id", None),
            "retry_after": response.headers.get("retry-after") if response is not None else None,
        }
    }


def main():
    print(json.dumps({"version": openai.__version__}), flush=True)
    for line in sys.stdin:
        try:
            outcome = obey(json.loads(line))
        except openai.OpenAIError as error:
            outcome = told(error)
        print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    main()
