"""Google's support codes, in words: why a prompt, an image or a video was withheld."""

import re
from collections.abc import Mapping

SUPPORT_CODES: Mapping[int, str] = {
    code: meaning
    for meaning, codes in {
        "depiction of a child": (58061214, 17301594),
        "a celebrity's likeness": (29310472, 15236754),
        "video safety": (64151117, 42237218),
        "dangerous content": (62263041,),
        "hate": (57734940, 22137204),
        "other safety reasons": (74803281, 29578790, 42876398),
        "prohibited content": (89371032, 49114662, 63429089, 72817394, 60599140),
        "third-party content": (35561574, 35561575),
        "sexual content": (90789179, 43188360),
        "toxic language": (78610348,),
        "violence": (61493863, 56562880),
        "vulgar language": (32635315,),
        "a person or face": (39322892,),
        "personal information": (92201652,),
    }.items()
    for code in codes
}
"""Support code -> meaning (Vertex AI docs, "Responsible AI for Veo" and "... for Imagen", 2026-11)."""

_CODE = re.compile(r"\b\d{8}\b")


def explain_support_codes(text: str) -> list[str]:
    """What the support codes in a sentence of Google's mean, each once, in order; an unknown code is named as such.

    `"... Support codes: 58061214, 62263041"` -> `["depiction of a child (58061214)", "dangerous content (62263041)"]`.
    """
    codes = dict.fromkeys(int(code) for code in _CODE.findall(text))
    return [f"{SUPPORT_CODES.get(code, 'a reason Google does not publish')} ({code})" for code in codes]
