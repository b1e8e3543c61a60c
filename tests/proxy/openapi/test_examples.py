"""The examples work, and their answers are what the document says: every member that comes is described."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.proxy.e2e.serving import RunningProxy, until
from tests.proxy.openapi.fuzzing import fuzzed_proxy, narrowed

OWN_VIDEO = "video_0123"
"""Stands in examples for the id of a video of the reader's own."""
MODEL_OF = {"predict": "imagen-4.0-generate-001", "predictLongRunning": "veo-3.1-generate-001"}
VEO = "veo-3.1-generate-001"


def closed(schema: Any) -> Any:
    """The same schema, which allows no member that it does not name."""
    if isinstance(schema, list):
        return [closed(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: closed(value) for key, value in schema.items()}
    open_object = "properties" in schema and schema["properties"] and "additionalProperties" not in schema
    return {**told, "additionalProperties": False} if open_object else told


TAGGED = {"Response", "ResponseEvent", "Message", "MessageEvent", "OpenRouterModel", "OpenAIError"}
"""Schemas of things that differ by their `type`, of which the document names what they have in common."""


class Described:
    """What the document says of answers."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        schemas = document["components"]["schemas"]
        kept = {name: schema if name in TAGGED else closed(schema) for name, schema in schemas.items()}
        self._components = {**document["components"], "schemas": kept}

    def check(self, operation: Mapping[str, Any], status: int, kind: str, text: str) -> None:
        """Whether the answer is one that the operation has."""
        content = operation["responses"][str(status)].get("content", {})
        kind = kind.partition(";")[0]
        assert kind in content, (operation["operationId"], kind)
        schema = content[kind]["schema"]
        if kind == "application/json":
            self._validate(schema, json.loads(text))
        if kind == "text/event-stream":
            data = schema["properties"]["data"]
            event = next(one for one in (data, *data.get("anyOf", [])) if "contentSchema" in one)["contentSchema"]
            for value in events(text):
                self._validate(event, value)

    def _validate(self, schema: Mapping[str, Any], value: Any) -> None:
        Draft202012Validator({**closed(schema), "components": self._components}).validate(value)


def events(text: str) -> Iterator[Any]:
    """The data of each event, without the last word of OpenAI's streams."""
    for line in text.splitlines():
        data = line.removeprefix("data: ")
        if data != line and data != "[DONE]":
            yield json.loads(data)


async def test_every_example_works(tmp_path: Path) -> None:
    """Each is answered with success, in a shape in which every member is described."""
    async with fuzzed_proxy(tmp_path) as proxy:
        document = narrowed((await proxy.client.get("/openapi.json")).json())
        described = Described(document)
        own = await a_video(proxy)
        asked = [
            asyncio.create_task(try_out(proxy, described, path, operation, example["value"], own))
            for path, methods in document["paths"].items()
            for operation in methods.values()
            for example in examples_of(operation)
        ]
        await asyncio.gather(*asked)
    assert len(asked) > 25


def examples_of(operation: Mapping[str, Any]) -> list[Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return list(content.get("examples", {}).values())


async def try_out(
    proxy: RunningProxy, described: Described, path: str, operation: Mapping[str, Any], body: Any, own: str
) -> None:
    """Send one example as it stands, but for the id of the reader's own video."""
    said = json.loads(json.dumps(body).replace(OWN_VIDEO, own))
    if "remix" in path or "/edits" in path or "/extensions" in path:
        said.setdefault("model", "gemini-omni-1.2-flash" if "image" not in path else said.get("model"))
    model = MODEL_OF.get(path.rpartition(":")[2], VEO if "Operation" in path else "gemini-2.5-flash")
    address = path.replace("{model}", model).replace("{video_id}", own)
    answer = await proxy.client.post(address, json=said, headers={"idempotency-key": f"{path} {body}"})
    assert answer.status_code in (200, 202), (path, body, answer.text[:500])
    described.check(operation, answer.status_code, answer.headers["content-type"], answer.text)


async def a_video(proxy: RunningProxy) -> str:
    """The id of a video that is there, asked for in Google's words so that its operation has a name."""
    path = f"/v1beta/models/{VEO}:predictLongRunning"
    made = await proxy.client.post(
        path, json={"instances": [{"prompt": "waves"}], "parameters": {"durationSeconds": 4}}
    )
    name = made.json()["name"]

    async def done() -> bool:
        return bool((await proxy.client.get(f"/v1beta/{name}")).json().get("done"))

    await until(done)
    return str(name).rpartition("/")[2]


async def test_everything_that_can_be_looked_at(tmp_path: Path) -> None:
    """Each GET with the reader's own video: success, in a shape in which every member is described."""
    async with fuzzed_proxy(tmp_path) as proxy:
        document = narrowed((await proxy.client.get("/openapi.json")).json())
        described = Described(document)
        own = await a_video(proxy)
        file = f"{own.removeprefix('video_')}0"
        name = next(entry.name for entry in proxy.data_dir.joinpath("media").glob("*.mp4"))
        known = {"model": VEO, "operation": own, "video_id": own, "file": file, "name": name, "asset": "page.css"}
        for path, methods in document["paths"].items():
            if "get" not in methods:
                continue
            address = path.format(**known, project="p", location="us-central1")
            answer = await proxy.client.get(address)
            assert answer.status_code == 200, (path, answer.text[:300])
            described.check(methods["get"], 200, answer.headers["content-type"], answer.text)
            shape = await proxy.client.head(address)
            assert (shape.status_code, shape.content) == (200, b""), path
