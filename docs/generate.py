"""Writes docs/compatibility.md from the tables in the code: `python docs/generate.py`. A stale page fails a test."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from proxy.openapi.components import PARAMETERS  # noqa: E402
from proxy.openapi.operations import OPERATIONS  # noqa: E402
from proxy.openapi.place import Place  # noqa: E402
from proxy.routes.places import places_of  # noqa: E402
from proxy.routes.table import routes  # noqa: E402
from translators import completions  # noqa: E402
from translators.chat import fields as chat  # noqa: E402
from translators.field_fates import Fates  # noqa: E402
from translators.images.fields import FATES as IMAGES  # noqa: E402
from translators.messages import fields as messages  # noqa: E402
from translators.native import fields as native  # noqa: E402
from translators.responses import fields as responses  # noqa: E402
from translators.video import create_fields as create  # noqa: E402
from translators.video import fields as video  # noqa: E402
from translators.wire.video import BESIDE  # noqa: E402

TARGET = ROOT / "docs" / "compatibility.md"
PREFACE = ROOT / "docs" / "compatibility.preface.md"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


_IN_CHAT = "What a field becomes, it becomes in a chat completion."
_FATES = (
    ("mapped", "becomes"),
    ("ignored", "accepted without effect, silently, because"),
    ("warned", "accepted without effect, told in `warnings`, because"),
    ("rejected", "a 400 with the way out"),
    ("members", "below the top level, accepted without effect, silently, because"),
)


def section(title: str, fates: Fates, *words: str) -> list[str]:
    """One protocol's fields, a table for each fate."""
    tables = [
        [table(["field", heading], ([f"`{name}`", why] for name, why in getattr(fates, fate).items())), ""]
        for fate, heading in _FATES
        if getattr(fates, fate)
    ]
    prose = [*words, ""] if words else []
    return [f"## {title}", "", *prose, *(line for made in tables for line in made)]


def every_route() -> str:
    """Each operation once: its first path, how many others there are, and what else than a body it reads."""
    found: dict[str, list[Place]] = {}
    for place in places_of(routes(described=True)):
        if place.method != "HEAD":
            found.setdefault(place.operation, []).append(place)
    rows = []
    for name, operation in OPERATIONS.items():
        first, *others = found[name]
        asked = [PARAMETERS[parameter] for parameter in operation.parameters]
        read = ", ".join(f"`{'?' if one['in'] == 'query' else ''}{one['name']}`" for one in asked)
        rows.append([f"`{first.method} {first.path}`", operation.summary, read, ", ".join(_short(others))])
    return table(["route", "for", "reads, beside a body", "also at"], rows)


def _short(others: Sequence[Place]) -> list[str]:
    return [f"`{place.path}`" for place in others[:2]] + ([f"{len(others) - 2} more"] if len(others) > 2 else [])


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            PREFACE.read_text(encoding="utf-8").rstrip(),
            "",
            "## Every route",
            "",
            "`GET /openapi.json` describes them in full, and `/docs` shows it. Every GET takes HEAD, too.",
            "",
            every_route(),
            "",
            "## Fields of a chat completion: text and images",
            "",
            "Mapped:",
            "",
            table(["field", "becomes"], ([f"`{name}`", why] for name, why in chat.MAPPED.items())),
            "",
            "Accepted without effect, silently:",
            "",
            table(["field", "why"], ([f"`{name}`", why] for name, why in chat.IGNORED.items())),
            "",
            "Accepted without effect, told in `warnings` (so is every field that nobody knows):",
            "",
            table(["field", "why"], ([f"`{name}`", why] for name, why in chat.WARNED.items())),
            "",
            "Rejected with 400:",
            "",
            table(["field", "why"], ([f"`{name}`", why] for name, why in chat.REJECTED.items())),
            "",
            "## Fields of an image request: `/v1/images/generations` and `/v1/images/edits`",
            "",
            table(["field", "becomes"], ([f"`{name}`", why] for name, why in IMAGES.mapped.items())),
            "",
            "Accepted without effect, silently:",
            "",
            table(["field", "why"], ([f"`{name}`", why] for name, why in IMAGES.ignored.items())),
            "",
            "Accepted without effect, told in `warnings` (so is every field that nobody knows), except for values that",
            "ask for nothing (`auto`, and `standard` for quality):",
            "",
            table(["field", "why"], ([f"`{name}`", why] for name, why in IMAGES.warned.items())),
            "",
            "Rejected with 400 (`background` only when it is `transparent`):",
            "",
            table(["field", "why"], ([f"`{name}`", why] for name, why in IMAGES.rejected.items())),
            "",
            "A `size` that the model does not have becomes the nearest. That is told in `warnings`, and so is an image",
            "of other dimensions or another type than were asked for. When some of several calls fail, the others'",
            "images are the answer, which tells the failures.",
            "",
            "A request with a seed, or with `cache: true`, that comes again from the same caller is answered with the",
            "image made before: `cached: true`, the header `x-mediashim-cache: hit`, a cost of 0. So in chat too.",
            "",
            "## Fields of a chat completion: video",
            "",
            table(["field", "becomes"], ([f"`{name}`", why] for name, why in video.CHAT_FIELDS.items())),
            "",
            "Everything else in the tables above has no counterpart in a video and is ignored, because chat front-ends",
            "send it with every request. A member of `video_config` that stands beside it instead of in it is a 400:",
            "it would be paid for in vain. At home there in their own protocols, and read there too, are",
            f"{', '.join(f'`{name}`' for name in sorted(BESIDE))}.",
            "",
            "## `video_config`",
            "",
            table(
                ["member", "values", "Veo, Gemini API", "Veo, Vertex AI", "Gemini Omni"],
                (
                    [f"`{name}`", fate.values, fate.gemini, fate.vertex, fate.omni]
                    for name, fate in video.FIELDS.items()
                ),
            ),
            "",
            *section(
                "Fields of `POST /v1/videos`, its edits, extensions and remixes, and `/api/v1/videos`",
                create.FATES,
                "Every member of `video_config`, too, at the top level. Any other field is a 400. In a form, a file",
                "stands where JSON has a data URI.",
            ),
            *section(
                "Fields of `:predictLongRunning`",
                native.VEO,
                "The words on the right are those of `video_config`, whose table says what each backend makes of them.",
                native.UNKNOWN,
            ),
            *section("Fields of `POST /v1beta/interactions`", native.INTERACTION, native.UNKNOWN),
            "## `:generateContent`, `:streamGenerateContent`, `:countTokens`, `:predict`",
            "",
            "The body goes to the model as it is, and the answer comes back as it is; nothing in it is mapped, ignored",
            "or refused here, except that it must be a JSON object. Of the query, `alt`, `fields` and `prettyPrint` go",
            "along, with or without a `$`; any other name but the key's is a 400.",
            "",
            *section("Fields of `POST /v1/responses`", responses.FATES, _IN_CHAT),
            *section("Fields of `POST /v1/messages` and `/v1/messages/count_tokens`", messages.FATES, _IN_CHAT),
            *section("Fields of `POST /v1/completions`", completions.FATES, _IN_CHAT),
        ]
    )


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
