"""What a question is about: the part that asks, the names and the places in it."""

from __future__ import annotations

import re

ALONE, MAX_NAMES = 5, 4
"""Words or Chinese characters of a question that can be understood without what was said before
it; names in it that are looked up."""
_PLACE_NAMES = {
    "AU": r"austral|澳洲|澳大利[亞亚]",
    "CA": r"canad|加拿大",
    "EU": r"\beu\b|europe|[歐欧]盟|[歐欧]洲",
    "IN": r"\bindia|印度(?!尼)",
    "JP": r"japan|日本",
    "KR": r"\bkorea|[韓韩][國国]",
    "NZ": r"new zealand|[紐新]西[蘭兰]",
    "PH": r"philippin|菲律[賓宾]",
    "SG": r"singapor|新加坡|星加坡",
    "TW": r"taiwan|[台臺][灣湾]",
    "UK": r"\buk\b|brit(?:ain|ish)|\bengl(?:and|ish)\b|英[國国]",
    "US": r"\bus\b|\busa\b|united states|america|美[國国]",
}
"""Places other than Hong Kong, Macao and the mainland: what is asked of one of them is answered by
a document of that place or not at all, for another place's rule is no answer."""
PLACES = {code: re.compile(names, re.IGNORECASE) for code, names in _PLACE_NAMES.items()}
_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]*[A-Z][A-Za-z0-9]{2,}")
_LOOKS_BACK = re.compile(
    r"\b(?:it|its|he|him|his|she|her|they|them|their|this|that|these|those|there|then|one)\b"
    r"|[他她它佢這这那此該该]",
    re.IGNORECASE,
)
_PART = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_WORD = re.compile(r"[A-Za-z0-9]+|[\u3400-\u9fff]")


def what_is_asked(message: str) -> str:
    """The sentences of a message that ask, where they can stand alone; else all of it.

    What a learner says of the case before asking is about the corpus; the question may not be.
    """
    asking = [s for s in _PART.split(message) if s.rstrip().endswith(("?", "？"))]
    alone = " ".join(asking)
    stands = len(_WORD.findall(alone)) >= ALONE and not _LOOKS_BACK.search(alone)
    return alone if stands else message


def names(question: str) -> list[str]:
    """Words in a question that are written as names: capitals, but not because they come first."""
    found = list(_NAME.finditer(question))
    # "What" is no name; "GDPR", which may also come first, is.
    kept = [m.group() for m in found if m.start() > 0 or not m.group()[1:].islower()]
    return kept[:MAX_NAMES]


def places(question: str) -> frozenset[str]:
    """The jurisdictions of `PLACES` that a question names."""
    return frozenset(code for code, known in PLACES.items() if known.search(question))
