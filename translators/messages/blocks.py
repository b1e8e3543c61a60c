"""Anthropic's content blocks -> the parts of a chat message."""

from collections.abc import Sequence
from typing import Any, TypeAlias, assert_never

from translators.errors import BadRequest
from translators.wire.anthropic import (
    Base64Source,
    ContentSource,
    DocumentBlock,
    FileSource,
    ImageBlock,
    PlainTextSource,
    RedactedThinkingBlock,
    SearchResultBlock,
    TextBlock,
    ThinkingBlock,
    ToolResultBlock,
    ToolUseBlock,
    UrlSource,
)
from translators.wire.openai import FileBody, FilePart, ImagePart, Part, TextPart

ShownBlock: TypeAlias = TextBlock | ImageBlock | DocumentBlock | SearchResultBlock
"""What either side, and a tool's result, may hold."""


def parts_of(block: ShownBlock) -> list[Part]:
    """The parts one block becomes."""
    match block:
        case TextBlock():
            return [text_part(block.text)]
        case ImageBlock():
            return [_image(block)]
        case DocumentBlock():
            return _document(block)
        case SearchResultBlock():
            return [text_part("\n".join((block.title, block.source, *(part.text for part in block.content))))]
        case _:
            assert_never(block)


def text_part(text: str) -> TextPart:
    """Text."""
    return TextPart(type="text", text=text)


def misplaced(
    block: ThinkingBlock | RedactedThinkingBlock | ToolUseBlock | ToolResultBlock, *, path: str
) -> BadRequest:
    """A block that its side of the conversation cannot have."""
    side = "user" if isinstance(block, ToolResultBlock) else "assistant"
    return BadRequest(f"A {block.type} block belongs into a turn of role {side}.", param=f"{path}.type")


def strict_text(content: str | Sequence[Any], *, path: str) -> str | list[Part]:
    """Instructions, which are text. Raises BadRequest for anything else."""
    if isinstance(content, str):
        return content
    texts: list[Part] = []
    for index, block in enumerate(content):
        if not isinstance(block, TextBlock):
            raise BadRequest("Instructions can only be text.", param=f"{path}[{index}].type")
        texts.append(text_part(block.text))
    return texts


def _image(block: ImageBlock) -> ImagePart:
    return ImagePart(type="image_url", image_url=_link(block.source))


def _document(block: DocumentBlock) -> list[Part]:
    about = [text_part(words) for words in (block.title, block.context) if words]
    match block.source:
        case PlainTextSource(data=text) | ContentSource(content=str(text)):
            return [*about, text_part(text)]
        case ContentSource(content=blocks):
            return [*about, *(part for inner in blocks if not isinstance(inner, str) for part in parts_of(inner))]
        case UrlSource(url=url):
            return [*about, FilePart(type="file", file=FileBody(file_url=url))]
        case FileSource(file_id=file_id):
            return [*about, FilePart(type="file", file=FileBody(file_id=file_id))]
        case Base64Source() as source:
            return [*about, FilePart(type="file", file=FileBody(file_data=_link(source)))]
        case _:
            assert_never(block.source)


def _link(source: Base64Source | UrlSource | FileSource) -> str:
    match source:
        case Base64Source():
            return f"data:{source.media_type};base64,{source.data}"
        case UrlSource():
            return source.url
        case FileSource():
            # A gs:// or Files API URI is understood; an id of Anthropic's is not, and the answer says what is.
            return source.file_id
        case _:
            assert_never(source)
