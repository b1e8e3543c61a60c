"""What a simulated text or image model says: the same answer to the same request, always, and short."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proxy.simulator.content_shapes import Content, GenerateContentRequest, Part

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One candidate: its parts in wire form, why it ended, and its tokens."""

    parts: list[Json]
    finish_reason: str
    text: str = ""
    thought_tokens: int = 0
    image_tokens: int = 0


def count_text(text: str) -> int:
    """A token for every four characters begun."""
    return -(-len(text) // 4)


def last_user_text(contents: list[Content]) -> str:
    """The text of the last turn that is not the model's."""
    for content in reversed(contents):
        if content.role != "model":
            return " ".join(part.text for part in content.parts if part.text and not part.thought)
    return ""


def prompt_tokens(request: GenerateContentRequest) -> dict[str, int]:
    """Tokens of the request by modality: 258 a medium, as for a small image."""
    system = request.system_instruction.parts if request.system_instruction else []
    parts = [*system, *(part for content in request.contents for part in content.parts)]
    tokens = {"TEXT": 0}
    for part in parts:
        if part.inline_data or part.file_data:
            modality = _modality(part)
            tokens[modality] = tokens.get(modality, 0) + 258
        else:
            tokens["TEXT"] += count_text(part.text or json.dumps(_call_or_response(part)))
    return tokens


def _call_or_response(part: Part) -> Any:
    if part.function_call:
        return part.function_call.args
    return part.function_response.response if part.function_response else ""


def _modality(part: Part) -> str:
    medium = part.inline_data or part.file_data
    mime_type = medium.mime_type if medium else None
    kind = (mime_type or "").partition("/")[0].upper()
    return kind if kind in ("IMAGE", "AUDIO", "VIDEO") else "DOCUMENT"


def text_answer(model: str, request: GenerateContentRequest, number: int) -> Answer:
    """What candidate `number` says: a call, JSON, or an echo of the last user text."""
    asked = last_user_text(request.contents)
    config = request.generation_config
    thinking = config.thinking_config
    thoughts = _thoughts(asked) if thinking is not None and thinking.include_thoughts else []
    thought_tokens = sum(count_text(part["text"]) for part in thoughts)
    if called := _called_function(request, asked):
        signature = signature_of(model, called["name"])
        return Answer(
            parts=[*thoughts, {"functionCall": called, "thoughtSignature": signature}],
            finish_reason="STOP",
            text=json.dumps(called),
            thought_tokens=thought_tokens,
        )
    text = (
        _json_text(request, asked) if config.response_mime_type == "application/json" else _echo(model, request, asked)
    )
    if number:
        text = f"{text} (candidate {number + 1})"
    text, finish_reason = _cut(text, request)
    parts = [*thoughts, {"text": text}]
    if config.response_mime_type == "text/x.enum":
        parts = [*thoughts, {"text": str(_sample(_schema(request)))}]
    return Answer(parts=parts, finish_reason=finish_reason, text=text, thought_tokens=thought_tokens)


def signature_of(model: str, name: str) -> str:
    """An opaque signature as Gemini 3 puts on calls; base64."""
    return base64.b64encode(hashlib.sha256(f"{model}/{name}".encode()).digest()).decode()


def _thoughts(asked: str) -> list[Json]:
    return [{"thought": True, "text": f"**Reading the request**\n\nThe user wrote: {asked}"}]


def _called_function(request: GenerateContentRequest, asked: str) -> Json | None:
    mode = request.tool_config.function_calling_config if request.tool_config else None
    if mode is not None and mode.mode == "NONE":
        return None
    declared = [item for tool in request.tools or () for item in tool.function_declarations or ()]
    allowed = set(mode.allowed_function_names or ()) if mode else set()
    for item in declared:
        if allowed and item.name not in allowed:
            continue
        forced = mode is not None and mode.mode == "ANY" and not _answers_a_call(request)
        if forced or f"call {item.name}".lower() in asked.lower():
            schema = item.parameters_json_schema or item.parameters or {}
            return {"name": item.name, "args": _sample(schema) if schema else {}}
    return None


def _answers_a_call(request: GenerateContentRequest) -> bool:
    return any(part.function_response for part in request.contents[-1].parts)


def _echo(model: str, request: GenerateContentRequest, asked: str) -> str:
    last = request.contents[-1]
    results = [part.function_response for part in last.parts if part.function_response]
    if results:
        return "; ".join(f"{item.name} returned {json.dumps(item.response)}" for item in results)
    media = sum(1 for part in last.parts if part.inline_data or part.file_data)
    seen = f" [{media} media]" if media else ""
    system = "".join(part.text or "" for part in request.system_instruction.parts) if request.system_instruction else ""
    return f"Simulated {model}: {asked}{seen}" + (f" (system: {system})" if system else "")


def _schema(request: GenerateContentRequest) -> Json:
    config = request.generation_config
    schema = config.response_json_schema or config.response_schema or {}
    return schema if isinstance(schema, dict) else {}


def _json_text(request: GenerateContentRequest, asked: str) -> str:
    schema = _schema(request)
    return json.dumps(_sample(schema) if schema else {"answer": asked})


def _sample(schema: Json) -> Any:
    """The simplest value that fits a simple schema."""
    if schema.get("enum"):
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    for choice in ("anyOf", "oneOf", "allOf", "any_of"):
        if schema.get(choice):
            return _sample(schema[choice][0])
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = kind[0]
    match str(kind).lower():
        case "object":
            return {name: _sample(inner) for name, inner in (schema.get("properties") or {}).items()}
        case "array":
            return [_sample(schema.get("items") or {})] * max(1, int(schema.get("minItems", 1)))
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return "simulated"


def _cut(text: str, request: GenerateContentRequest) -> tuple[str, str]:
    config = request.generation_config
    ends = [at for stop in config.stop_sequences or () if stop and (at := text.find(stop)) >= 0]
    if ends:
        text = text[: min(ends)]
    if config.max_output_tokens is not None and count_text(text) > config.max_output_tokens:
        return text[: config.max_output_tokens * 4], "MAX_TOKENS"
    return text, "STOP"


def pieces(text: str) -> Iterator[str]:
    """A text as a stream brings it: word by word, spaces kept."""
    start = 0
    while start < len(text):
        end = text.find(" ", start + 1)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end


def logprobs(text: str, top: int) -> Json:
    """Log probabilities of the answer's words: the chosen one likely, the others not."""
    chosen = [{"token": piece, "tokenId": index, "logProbability": -0.1} for index, piece in enumerate(pieces(text))]
    ranked = [
        {
            "candidates": [
                item,
                *({"token": f"alt{n}", "tokenId": -n, "logProbability": -2.0 - n} for n in range(1, top)),
            ]
        }
        for item in chosen
    ]
    return {"chosenCandidates": chosen, **({"topCandidates": ranked} if top else {})}
