"""Google's own sentences, made fit for a client's eyes: without secrets, without control characters, and short.

Google quotes credentials back: "Consumer 'api_key:...' has been suspended." names the key in full.
"""

import re

SHOWN_CHARS = 1_024

_SECRETS = re.compile(
    r"""
      AIza[0-9A-Za-z_-]{16,}                      # Google API key
    | \bAQ\.[0-9A-Za-z_.-]{16,}                   # Google API key bound to a service account (Vertex express)
    | \bya29\.[0-9A-Za-z_.-]+                     # OAuth access token
    | \b1//[0-9A-Za-z_-]{16,}                     # OAuth refresh token
    | \bGOCSPX-[0-9A-Za-z_-]+                     # OAuth client secret
    | \bsk-[0-9A-Za-z_-]{16,}                     # the key of a relay that speaks OpenAI's dialect
    | \beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_.-]+     # JSON web token
    | -----BEGIN[^-]*PRIVATE\ KEY-----.*?(?:-----END[^-]*-----|\Z)
    | (?<=api_key:)[^\s'"]+                       # how Google quotes a consumer
    | (?i:(?<=bearer\ ))[^\s'"]+
    | (?<=[?&]key=)[^\s&'"]+
    """,
    re.VERBOSE | re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def redact(text: str) -> str:
    """The text with everything that looks like a credential replaced by `[redacted]`."""
    return _SECRETS.sub("[redacted]", text)


def presentable(text: str) -> str:
    """`text` redacted, on one line, and cut to `SHOWN_CHARS` characters."""
    line = _CONTROL.sub(" ", redact(text)).strip()
    return line if len(line) <= SHOWN_CHARS else line[: SHOWN_CHARS - 1] + "…"
