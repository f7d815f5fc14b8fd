"""The sentences of a passage: which can be quoted, and which cannot stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.language import has_han

SHORTEST, SHORTEST_HAN = 20, 10
"""Characters of a sentence that can be quoted; of one in Chinese, which says more with fewer."""
FURTHEST = 2
"""Sentences that are brought along so that one that looks back can be understood."""
_TAG = re.compile(r"\s*\[[PSCU]\]\s*$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])|(?<=[。！？])")
_ENDS = (".", "。", "！", "!")
_ANAPHOR = re.compile(
    r"(?:this|these|they|them|it|its|their|he|she|his|her|such|both|neither"
    r"|the (?:former|latter|same)|however|therefore|thus|but|so|then|instead|otherwise|nor"
    r"|moreover|hence|those(?! who| that)"
    r"|that(?= (?:is|was|does|did|means|would|makes|said)\b))\b"
    r"|[此該该這这那它]|[他她]們|[他她]们|其(?![他它餘余中])|因此|由此|所以|但|不[過过]|然而|否[則则]"
    r"|前者|[後后]者|[兩两]者|上述|以上",
    re.IGNORECASE,
)
_OF_TITLE = re.compile(
    r"(?:this|these|its?|both) (?:(?:\w+ )?(?:study|statements?|guidance|guidelines?|digest"
    r"|framework|declaration|judgment|ordinance|law|rules?|principles?|texts?"
    r"|is an? [\w-]+ (?:of|from)))\b"
    r"|(?:本|[這该該这此](?:[項项些部個个份套]|))(?:研究|原[則则]|指引|指南|方法|框架|宣言|[聲声]明|判[決决]"
    r"|條例|条例|法律|[規规]定|意[見见]|守[則则]|摘要|是)",
    re.IGNORECASE,
)
"""What looks back at the document itself: its title stands beside every quote."""


@dataclass(frozen=True, slots=True)
class Quotable:
    """A sentence that can be quoted, verbatim, and where it stands."""

    text: str
    line: int
    """0-based number of its line in the passage."""

    @property
    def looks_back(self) -> bool:
        """Whether it begins with a word for something said before it: "This", "They", 「此」."""
        return bool(_ANAPHOR.match(self.text)) and not _OF_TITLE.match(self.text)


def quotables(text: str) -> list[Quotable]:
    """The sentences of a passage without bullets and confidence tags, each verbatim."""
    found: list[Quotable] = []
    for line, whole in enumerate(text.splitlines()):
        bare = _TAG.sub("", whole.strip().lstrip("-*• ")).strip()
        if bare.startswith(("*", "#", "|")):
            continue
        for sentence in _SENTENCE.split(bare):
            least = SHORTEST_HAN if has_han(sentence) else SHORTEST
            if len(sentence) >= least and sentence.rstrip().endswith(_ENDS):
                found.append(Quotable(sentence.strip(), line))
    return found


def understood(sentences: Sequence[Quotable], place: int) -> tuple[int, ...]:
    """The places that have to be quoted for one sentence to be understood, in order.

    A sentence that looks back takes the one before it in its line along, as often as that looks
    back as well. None where what it looks back at is not to be had: then it is no quote.
    """
    first = place
    while sentences[first].looks_back:
        first -= 1
        if first < 0 or place - first > FURTHEST or sentences[first].line != sentences[place].line:
            return ()
    return tuple(range(first, place + 1))
