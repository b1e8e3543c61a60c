"""Blacking out secrets in text: the configured ones by value, Google's and everyone's by their looks."""

import json
import re
import threading
from collections.abc import Callable, Iterable
from urllib.parse import quote

BLACKED_OUT = "[redacted]"

_SHORT = 8
"""A configured secret this short (`test`) is blacked out only where it stands alone, or logs would be unreadable."""

_START = 4
"""How many characters tell where a learnt secret may begin."""

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
    """Blacks out secrets that it learns while the program runs: tokens come and go. It shows none of them.

    What is learnt is kept for the last `most` secrets. Texts too short to be a secret are not learnt, or lines would be
    unreadable. Any thread may teach it. Learning one costs the same however many are known: secrets are found by how
    they begin, and a pattern of those few beginnings (`ya29`, `----`) is all that is compiled.
    """

    def __init__(self, *, most: int = 2000) -> None:
        self._most = most
        self._learning = threading.Lock()
        self._learnt: dict[str, frozenset[str]] = {}
        """Each secret's spellings, the oldest secret first."""
        self._by_start: dict[str, tuple[str, ...]] = {}
        """Spellings by their first characters, the longest first: one that begins with another is found whole."""
        self._starts: re.Pattern[str] | None = None

    def learn(self, secrets: Iterable[str]) -> None:
        """Black these out from now on."""
        with self._learning:
            before = set(self._by_start)
            for secret in secrets:
                if len(secret.strip()) >= _SHORT and secret not in self._learnt:
                    self._learnt[secret] = _spellings(secret)
                    self._index(self._learnt[secret])
            while len(self._learnt) > self._most:
                self._drop(self._learnt.pop(next(iter(self._learnt))))
            if not before.issuperset(self._by_start):
                self._by_start = {start: known for start, known in self._by_start.items() if known}
                self._starts = re.compile("|".join(map(re.escape, self._by_start)))

    def __call__(self, text: str) -> str:
        """The text without what was learnt; what looks like a secret is a `redactor`'s."""
        if self._starts is None or (found := self._starts.search(text)) is None:
            return text
        pieces: list[str] = []
        done = 0
        while found is not None:
            at = found.start()
            known = next((one for one in self._by_start.get(found[0], ()) if text.startswith(one, at)), None)
            after = at + 1
            if known is not None:
                pieces += text[done:at], BLACKED_OUT
                done = after = at + len(known)
            found = self._starts.search(text, after)
        return "".join((*pieces, text[done:]))

    def _index(self, spellings: frozenset[str]) -> None:
        for one in spellings:
            alike = {*self._by_start.get(one[:_START], ()), one}
            self._by_start[one[:_START]] = tuple(sorted(alike, key=len, reverse=True))

    def _drop(self, spellings: frozenset[str]) -> None:
        for one in spellings:
            self._by_start[one[:_START]] = tuple(other for other in self._by_start[one[:_START]] if other != one)


def _spellings(secret: str) -> frozenset[str]:
    """As it is, percent-encoded and JSON-escaped."""
    return frozenset((secret, quote(secret, safe=""), json.dumps(secret, ensure_ascii=False)[1:-1]))


def _known(secrets: Iterable[str]) -> re.Pattern[str] | None:
    spellings = {spelling for secret in secrets if secret.strip() for spelling in _spellings(secret)}
    # Longest first: a secret that begins with another one is blacked out whole.
    parts = [
        re.escape(spelling) if len(spelling) >= _SHORT else rf"(?<!\w){re.escape(spelling)}(?!\w)"
        for spelling in sorted(spellings, key=len, reverse=True)
    ]
    return re.compile("|".join(parts)) if parts else None
