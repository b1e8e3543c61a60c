"""Blacking out secrets in text: the configured ones by value, Google's and everyone's by their looks."""

import json
import re
import threading
from collections.abc import Callable, Iterable
from urllib.parse import quote

BLACKED_OUT = "[redacted]"

_SHORT = 8
"""A configured secret this short (`test`) is blacked out only where it stands alone, or logs would be unreadable."""

_QUERY_NAMES = "key|api_?key|auth_token|access_token|refresh_token|client_secret|token|x-goog-signature|sig"
_MEMBER_NAMES = (
    "x-goog-api-key|x-api-key|api[-_]key|authorization|private_key|client_secret|refresh_token|access_token|auth_token"
    "|password"
)
_NOT_DONE = r"(?!\[redacted\])"

_LOOKS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("private key",), r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", BLACKED_OUT),
    (("aiza",), r"\bAIza[\w-]{20,}", BLACKED_OUT),  # Google API key
    (("aq.",), r"\bAQ\.[\w.-]{20,}", BLACKED_OUT),  # Vertex AI API key
    (("ya29.",), r"\bya29\.[\w.-]+", BLACKED_OUT),  # OAuth access token
    (("1//",), r"\b1//[\w-]{20,}", BLACKED_OUT),  # OAuth refresh token
    (("gocspx-",), r"\bGOCSPX-[\w-]+", BLACKED_OUT),  # OAuth client secret
    (("eyj",), r"\beyJ[\w-]{10,}\.[\w-]+\.[\w-]+", BLACKED_OUT),  # JWT
    (("bearer", "basic"), rf"(?i)\b(bearer|basic)(\s+|%20){_NOT_DONE}[\w.~+/=-]{{8,}}", rf"\1\2{BLACKED_OUT}"),
    (("?", "&"), rf"(?i)([?&](?:{_QUERY_NAMES})=){_NOT_DONE}[^&\s\"'<>)\]}}]+", rf"\1{BLACKED_OUT}"),
    (
        ("key", "token", "secret", "password", "authorization"),
        rf"(?i)((?:{_MEMBER_NAMES})\\?[\"']?\s*[:=]\s*(?:b?\\?[\"'])?+){_NOT_DONE}(?!bearer\b|basic\b)[^\s\"'\\,;&}})\]]+",
        rf"\1{BLACKED_OUT}",
    ),
    (
        ("://",),
        rf"(\b[a-zA-Z][a-zA-Z0-9+.-]{{0,20}}://[^/\s:@\"']{{0,256}}:){_NOT_DONE}[^/\s@\"']{{1,1024}}@",
        rf"\1{BLACKED_OUT}@",
    ),  # password
)
"""What secrets look like, in the order in which they are blacked out.

Each begins with texts of which one must occur (in lower case) before its pattern is tried: a request line without any
costs 2 microseconds so, and 40 without them (CPython 3.11).
"""

_PATTERNS = [(hints, re.compile(pattern, re.DOTALL), replacement) for hints, pattern, replacement in _LOOKS]


def redactor(secrets: Iterable[str] = ()) -> Callable[[str], str]:
    """A function that blacks out the given secrets, also percent-encoded and JSON-escaped, and whatever looks like one.

    The function holds the secrets in a compiled pattern only; print it and they do not show.
    """
    known = _known(secrets)

    def redact(text: str) -> str:
        if known is not None:
            text = known.sub(BLACKED_OUT, text)
        folded = text.lower()
        for hints, pattern, replacement in _PATTERNS:
            for hint in hints:
                if hint in folded:
                    text = pattern.sub(replacement, text)
                    break
        return text

    return redact


class Blackout:
    """A redactor that learns secrets while the program runs: tokens come and go. It shows none of them.

    What is learnt is kept for the last `most` secrets. Texts too short to be a secret are not learnt, or lines would be
    unreadable. Any thread may teach it.
    """

    def __init__(self, *, most: int = 2000) -> None:
        self._most = most
        self._learning = threading.Lock()
        self._learnt: dict[str, None] = {}
        self._redact = redactor()

    def learn(self, secrets: Iterable[str]) -> None:
        """Black these out from now on."""
        with self._learning:
            new = {secret: None for secret in secrets if len(secret.strip()) >= _SHORT and secret not in self._learnt}
            if not new:
                return
            self._learnt = dict(list({**self._learnt, **new}.items())[-self._most :])
            self._redact = redactor(self._learnt)

    def __call__(self, text: str) -> str:
        """The text without what was learnt, and without whatever looks like a secret."""
        return self._redact(text)


def _known(secrets: Iterable[str]) -> re.Pattern[str] | None:
    spellings = {
        spelling
        for secret in secrets
        if secret.strip()
        for spelling in (secret, quote(secret, safe=""), json.dumps(secret, ensure_ascii=False)[1:-1])
    }
    # Longest first: a secret that begins with another one is blacked out whole.
    parts = [
        re.escape(spelling) if len(spelling) >= _SHORT else rf"(?<!\w){re.escape(spelling)}(?!\w)"
        for spelling in sorted(spellings, key=len, reverse=True)
    ]
    return re.compile("|".join(parts)) if parts else None
