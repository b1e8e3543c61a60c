"""openai-python of whatever major is importable, ordered about: one JSON order a line in, one JSON outcome a line out.

It uses the SDK as its users do; what the SDK has no argument for goes into `extra_body`.
"""

import inspect
import json
import sys

import openai

KNOWN = set(inspect.signature(openai.resources.chat.completions.Completions.create).parameters)


def obey(order):
    with openai.OpenAI(base_url=order["base_url"], api_key=order["api_key"], **order["options"]) as client:
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
