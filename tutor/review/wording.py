"""Which words may become an exemplar."""

from __future__ import annotations

from ingest.screening import flagged_text
from tutor.dialogue.sentences import words
from tutor.errors import InvalidRequest
from tutor.safety import redact
from tutor.safety.text import clean

MAX_EXEMPLAR_CHARS = 400
LEAST_WORDS = 2
"""Fewer say nothing by themselves: "yes" would then be heard as the idea in every answer."""


def exemplar_text(text: str, told: str) -> str:
    """Words as an exemplar: redacted, short, and nothing that addresses a program.

    Args:
        text: the words.
        told: the text of the case, whose invented people may be named.

    Raises:
        InvalidRequest: they cannot be one.
        TooLarge: they are too long.
    """
    text = " ".join(clean(text, what="The example", limit=MAX_EXEMPLAR_CHARS).split())
    text, _ = redact(text, told=told)
    if words(text) < LEAST_WORDS:
        raise InvalidRequest(
            "These words are too few to be an example: they would be heard everywhere.",
            remedy="Choose more of the answer, or decide that it is not usable.",
        )
    if flagged_text(text):
        raise InvalidRequest(
            "These words read like an instruction to a program.",
            remedy="Choose the clause that speaks of the case, or decide that it is not usable.",
        )
    return text
