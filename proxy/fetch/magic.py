"""What a file is by its first bytes, whatever its name or its server's Content-Type says."""

import re

_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), media_type)
    for pattern, media_type in (
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"RIFF....WEBP", "image/webp"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"....ftyp(?:heic|heix|hevc|hevx)", "image/heic"),
        (rb"....ftyp(?:mif1|msf1|heim|heis)", "image/heif"),
        (rb"....ftypavi[fs]", "image/avif"),
        (rb"II\*\x00|MM\x00\*", "image/tiff"),
        (rb"....ftypqt  ", "video/quicktime"),
        (rb"....ftyp3g", "video/3gpp"),
        (rb"....ftyp(?!M4A|M4B)", "video/mp4"),
        (rb"\x1aE\xdf\xa3.{0,40}webm", "video/webm"),
        (rb"\x1aE\xdf\xa3", "video/x-matroska"),
        (rb"RIFF....AVI ", "video/x-msvideo"),
        (rb"\x00\x00\x01[\xba\xb3]", "video/mpeg"),
        (rb"FLV\x01", "video/x-flv"),
        (rb"%PDF-", "application/pdf"),
        (rb"0&\xb2u\x8ef\xcf\x11", "video/x-ms-wmv"),
    )
)

HEAD_BYTES = 64
"""So many first bytes tell each of these types."""


def media_type(head: bytes) -> str | None:
    """The media type of the image, video or document that begins with these bytes; None when it is none of them.

    Signatures from WHATWG MIME Sniffing (2026-11), ISO/IEC 14496-12 brands (mp4ra.org) and the formats' own documents.
    """
    return next((found for signature, found in _SIGNATURES if signature.match(head)), None)
