"""LiteLLM's SDK with its `openai/` provider, ordered about: one JSON order a line in, one JSON outcome a line out."""

import json
import sys
from importlib.metadata import version

import litellm


def obey(order):
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
