"""Which of the three languages a text is in, and Chinese in one script for comparing.

A language is told by its characters: no model, and nothing that could fail on a short text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ingest.documents import Language

if TYPE_CHECKING:
    from opencc import OpenCC

_SAMPLE = 20_000
"""Characters that are looked at: more do not change the answer."""
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")


def detect_language(text: str, *, fallback: Language | None = None) -> Language:
    """The language of a text, `fallback` where its characters leave it open.

    A text is Chinese where it has more Han characters than Latin words, which leaves a clinician
    room to mix English terms in. It is Traditional where simplifying would change more of it than
    the reverse. Without a fallback, no letters at all read as English, and Han characters that
    both scripts share as Traditional, the script of the product's first users.
    """
    sample = text[:_SAMPLE]
    han = len(_HAN.findall(sample))
    words = len(_LATIN_WORD.findall(sample))
    if not han and not words:
        return fallback or "en"
    if han <= words:
        return "en"
    traditional = _changed(sample, _converter("t2s"))
    simplified = _changed(sample, _converter("s2t"))
    if traditional == simplified:
        return fallback if fallback in ("zh-Hant", "zh-Hans") else "zh-Hant"
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def to_simplified(text: str) -> str:
    """The text with Traditional characters made Simplified, so that both scripts compare."""
    return _converter("t2s").convert(text) if _HAN.search(text) else text


def to_traditional(text: str) -> str:
    """The text with Simplified characters made Traditional; where one stands for several, the
    converter chooses by the words around it.
    """
    return _converter("s2t").convert(text) if _HAN.search(text) else text


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in the text."""
    return _HAN.search(text) is not None


@cache
def _converter(config: str) -> OpenCC:
    """A converter is costly to make and safe to share."""
    from opencc import OpenCC

    return OpenCC(config)


def _changed(text: str, converter: OpenCC) -> int:
    """How many characters a conversion changes."""
    converted = converter.convert(text)
    return sum(a != b for a, b in zip(text, converted, strict=False))
