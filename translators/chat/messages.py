"""OpenAI's messages -> Gemini's systemInstruction and contents."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from translators.chat.media import audio_part, file_part, inline_part, link_url, media_part
from translators.chat.signatures import BYPASS, signature_of
from translators.chat.tool_names import google_name
from translators.content import Medium, has_markdown_images, parse_data_uri, split_markdown_images
from translators.errors import BadRequest
from translators.wire.openai import (
    AssistantMessage,
    AudioPart,
    Content,
    FilePart,
    ImagePart,
    InputFilePart,
    Message,
    Part,
    RefusalPart,
    SystemMessage,
    TextPart,
    ToolCall,
    ToolMessage,
    UserMessage,
    VideoPart,
)

_PREFILL = "messages: the last is the assistant's own and was left out, for Gemini cannot continue a begun answer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation in Google's words."""

    system_instruction: dict[str, Any] | None
    contents: list[dict[str, Any]]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Translator:
    """The messages of one request, with what their translation needs to know about each other."""

    messages: Sequence[Message]
    fetched: Mapping[str, Medium]

    def turns(self) -> Iterator[dict[str, Any]]:
        answered: set[int] = set()
        for index, message in enumerate(self.messages):
            words = _words_alone(message)
            if words is not None:
                if words:
                    role = "user" if isinstance(message, UserMessage) else "model"
                    yield {"role": role, "parts": [{"text": words}]}
                continue
            match message:
                case UserMessage():
                    yield from _turn("user", self.parts(message.content, param=f"messages[{index}].content"))
                case AssistantMessage():
                    yield from _turn("model", self.answer(message, param=f"messages[{index}]"))
                    if message.tool_calls:
                        yield {"role": "user", "parts": self.results(index, message.tool_calls, answered)}
                case ToolMessage():
                    if index not in answered:
                        raise BadRequest(
                            f"No tool call with the id {message.tool_call_id!r} comes before this result.",
                            param=f"messages[{index}].tool_call_id",
                        )
                case SystemMessage():
                    # Gathered in systemInstruction.
                    continue
                case _:
                    assert_never(message)

    def parts(self, content: Content | None, *, param: str) -> list[dict[str, Any]]:
        if content is None or isinstance(content, str):
            return [{"text": content}] if content else []
        translated = (self.part(part, param=f"{param}[{index}]") for index, part in enumerate(content))
        return [part for part in translated if part is not None]

    def part(self, part: Part, *, param: str) -> dict[str, Any] | None:
        match part:
            case TextPart():
                return {"text": part.text} if part.text else None
            case RefusalPart():
                return {"text": part.refusal} if part.refusal else None
            case ImagePart():
                return media_part(link_url(part.image_url), fetched=self.fetched, param=f"{param}.image_url.url")
            case VideoPart():
                return media_part(link_url(part.video_url), fetched=self.fetched, param=f"{param}.video_url.url")
            case AudioPart():
                return audio_part(part.input_audio, param=f"{param}.input_audio")
            case FilePart():
                return file_part(part.file, fetched=self.fetched, param=f"{param}.file")
            case InputFilePart():
                return file_part(part, fetched=self.fetched, param=param)
            case _:
                assert_never(part)

    def answer(self, message: AssistantMessage, *, param: str) -> list[dict[str, Any]]:
        """An earlier answer: thoughts, then words and pictures, then calls."""
        if message.function_call:
            raise BadRequest("function_call is an old form; send tool_calls.", param=f"{param}.function_call")
        thoughts = (
            [{"text": message.reasoning_content, "thought": True, "thoughtSignature": BYPASS}]
            if message.reasoning_content
            else []
        )
        refusal = [{"text": message.refusal}] if message.refusal else []
        said = [
            made
            for part in self.parts(message.content, param=f"{param}.content")
            for made in _as_made_by_the_model(part, param=f"{param}.content")
        ]
        images = [
            media_part(link_url(image.image_url), fetched=self.fetched, param=f"{param}.images[{index}].image_url.url")
            | {"thoughtSignature": BYPASS}
            for index, image in enumerate(message.images or ())
        ]
        return [*thoughts, *said, *refusal, *images, *_calls(message.tool_calls or (), param=f"{param}.tool_calls")]

    def results(self, index: int, calls: Sequence[ToolCall], answered: set[int]) -> list[dict[str, Any]]:
        """One functionResponse for each call, in the calls' order: Gemini matches them by place and name."""
        given = self.results_after(index)
        parts = []
        for number, call in enumerate(calls):
            at = given.get(call.id or "")
            if at is None:
                raise BadRequest(
                    f"The tool call {call.id!r} has no result: a message with role tool and this tool_call_id must "
                    "follow it.",
                    param=f"messages[{index}].tool_calls[{number}].id",
                )
            answered.add(at)
            parts.append(self.result(call.function.name, at))
        return parts

    def results_after(self, index: int) -> dict[str, int]:
        """Where the tool results between this answer and the next one are, by call id."""
        found: dict[str, int] = {}
        for at in range(index + 1, len(self.messages)):
            message = self.messages[at]
            if isinstance(message, AssistantMessage):
                break
            if isinstance(message, ToolMessage):
                found.setdefault(message.tool_call_id, at)
        return found

    def result(self, name: str, at: int) -> dict[str, Any]:
        message = self.messages[at]
        failed = isinstance(message, ToolMessage) and message.is_error
        parts = self.parts(message.content, param=f"messages[{at}].content")
        media = [part for part in parts if "text" not in part]
        text = "".join(part["text"] for part in parts if "text" in part)
        # The result stays the text it is: read as JSON it might say something else.
        # "error" is Gemini's own key for a failure (google-genai 3.4.0, FunctionResponse.response).
        response = {"name": google_name(name), "response": {"error" if failed else "result": text}}
        return {"functionResponse": response | ({"parts": media} if media else {})}


def conversation(messages: Sequence[Message], *, fetched: Mapping[str, Medium]) -> Conversation:
    """Translate the messages, with the remote media already in `fetched`.

    As CLIProxyAPI does: all system and developer messages form one systemInstruction, unless there is nothing else;
    a conversation that starts with the model gets an empty user turn before it; a last turn of the model's is left
    out, which is told. Raises BadRequest naming the message for what cannot be translated.
    """
    translator = _Translator(messages, fetched)
    system = _system_parts(messages)
    turns = list(translator.turns())
    cut = bool(turns) and turns[-1]["role"] == "model"
    if cut:
        turns.pop()
    if not turns and system and not cut:
        turns, system = [{"role": "user", "parts": system}], []
    if not turns:
        raise BadRequest(
            "The messages say nothing to answer; at least one of the user's needs content.", param="messages"
        )
    if turns[0]["role"] == "model":
        turns.insert(0, {"role": "user", "parts": [{"text": ""}]})
    return Conversation(
        system_instruction={"role": "user", "parts": system} if system else None,
        contents=turns,
        warnings=(_PREFILL,) if cut else (),
    )


def _words_alone(message: Message) -> str | None:
    """What a turn says that is one text and nothing else, as most are: a long conversation has thousands of them."""
    words = message.content
    if not isinstance(words, str):
        return None
    match message:
        case UserMessage():
            return words
        case AssistantMessage():
            others = message.function_call or message.tool_calls or message.reasoning_content or message.refusal
            return None if others or message.images or has_markdown_images(words) else words
        case _:
            return None


def _turn(role: str, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"role": role, "parts": parts}] if parts else []


def _system_parts(messages: Sequence[Message]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for index, message in enumerate(messages):
        if isinstance(message, SystemMessage):
            parts.extend({"text": text} for text in _texts(message.content, param=f"messages[{index}].content") if text)
    return parts


def _texts(content: Content, *, param: str) -> Iterator[str]:
    if isinstance(content, str):
        yield content
        return
    for index, part in enumerate(content):
        if not isinstance(part, TextPart):
            raise BadRequest("Instructions can only be text.", param=f"{param}[{index}].type")
        yield part.text


def _as_made_by_the_model(part: dict[str, Any], *, param: str) -> Iterator[dict[str, Any]]:
    """A part of an earlier answer; a picture pasted as a Markdown data URI is a picture again."""
    if "text" not in part:
        yield part | {"thoughtSignature": BYPASS}
        return
    for place, piece in enumerate(split_markdown_images(part["text"])):
        if place % 2:
            yield inline_part(parse_data_uri(piece, param=param)) | {"thoughtSignature": BYPASS}
        elif piece:
            yield {"text": piece}


def _calls(calls: Sequence[ToolCall], *, param: str) -> list[dict[str, Any]]:
    """The calls with their signatures.

    Gemini signs only the first of several parallel calls, and they go back as they came; a turn that has no signature
    at all was made elsewhere, and each call says so.
    """
    signatures = [signature_of(call) for call in calls]
    foreign = not any(signatures)
    parts = []
    for index, (call, signature) in enumerate(zip(calls, signatures, strict=True)):
        if call.type not in {None, "function"}:
            raise BadRequest("Gemini has function calls only.", param=f"{param}[{index}].type")
        part: dict[str, Any] = {
            "functionCall": {
                "name": google_name(call.function.name),
                "args": _arguments(call.function.arguments, param=f"{param}[{index}].function.arguments"),
            }
        }
        mark = BYPASS if foreign else signature
        parts.append(part | ({"thoughtSignature": mark} if mark else {}))
    return parts


def _arguments(arguments: str | dict[str, Any], *, param: str) -> dict[str, Any]:
    if isinstance(arguments, dict):
        return arguments
    try:
        read = json.loads(arguments) if arguments.strip() else {}
    except ValueError:
        raise BadRequest("The arguments of this call are not valid JSON.", param=param) from None
    if not isinstance(read, dict):
        raise BadRequest("The arguments of this call must be a JSON object.", param=param)
    return read
