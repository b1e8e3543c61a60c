"""Anthropic's content blocks become the parts of a chat message."""

from translators.messages.blocks import parts_of
from translators.wire.anthropic import DocumentBlock, ImageBlock
from translators.wire.openai import FileBody, FilePart, ImagePart


def test_what_has_an_address_keeps_it() -> None:
    """A picture and a document by address are fetched later, by whoever may."""
    source = {"type": "url", "url": "https://example.com/a"}

    assert parts_of(ImageBlock.model_validate({"type": "image", "source": source})) == [
        ImagePart(type="image_url", image_url="https://example.com/a")
    ]
    assert parts_of(DocumentBlock.model_validate({"type": "document", "source": source})) == [
        FilePart(type="file", file=FileBody(file_url="https://example.com/a"))
    ]
