"""Carries out orders with anthropic-python: a JSON object a line in, one a line out."""

import json
import sys
from typing import Any

import anthropic

METHODS = ("create", "events", "stream", "count_tokens", "models")


def carry_out(order: dict[str, Any]) -> dict[str, Any]:
    """What the SDK's user would have in hand."""
    base_url = order["base_url"].removesuffix("/v1")
    with anthropic.Anthropic(base_url=base_url, api_key=order["api_key"], max_retries=0) as client:
        body = order["body"]
        match order["method"]:
            case "create":
                return {"answer": client.messages.create(**body).model_dump(mode="json")}
            case "events":
                with client.messages.create(**body, stream=True) as events:
                    return {"events": [event.model_dump(mode="json") for event in events]}
            case "stream":
                with client.messages.stream(**body) as stream:
                    text = "".join(stream.text_stream)
                    return {"text": text, "answer": stream.get_final_message().model_dump(mode="json")}
            case "count_tokens":
                return {"answer": client.messages.count_tokens(**body).model_dump(mode="json")}
            case "models":
                return {"answer": [model.model_dump(mode="json") for model in client.models.list()]}
            case method:
                raise ValueError(f"{method} is none of {METHODS}")


def main() -> None:
    """Obey until the input ends."""
    print(json.dumps({"version": anthropic.__version__}), flush=True)
    for line in sys.stdin:
        try:
            outcome = carry_out(json.loads(line))
        except anthropic.APIError as error:
            outcome = {
                "error": {
                    "class": type(error).__name__,
                    "status": getattr(error, "status_code", None),
                    "body": error.body,
                }
            }
        print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    main()
