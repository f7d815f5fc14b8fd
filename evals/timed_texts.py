"""Texts to take times with: for each thing that is measured its own, no two alike."""

from __future__ import annotations

from functools import cache
from typing import Literal

from evals.acts import read_messages
from evals.bench_judge import ANSWERS, LENGTH, WARM, long_answers
from evals.questions import read_questions
from ingest import Language
from tutor.dialogue.sentences import words

__all__ = ["CHARACTERS", "LENGTH", "TEXTS", "WARM", "TimedPart", "texts_for"]
TimedPart = Literal["judging", "acts", "search", "ask", "turn", "ask-http"]
TEXTS = ANSWERS + WARM
"""Texts of each kind at most, by language; the first `WARM` of them are to be used up."""
CHARACTERS = LENGTH * 3 // 2
"""Chinese ones for as many words."""


@cache
def texts_for(part: TimedPart, language: Language) -> tuple[str, ...]:
    """Answers and messages of `LENGTH` words or `CHARACTERS`, or questions as they were asked.

    Args:
        part: what is to be done with them. Those that are done in one process share no text.
        language: of all of them.
    """
    if part in {"judging", "turn"}:
        return tuple(long_answers(language))
    if part == "acts":
        return tuple(_long_messages(language))
    split = "dev" if part == "search" else "test"
    asked = [q.text for q in read_questions() if (q.language, q.split) == (language, split)]
    return tuple(asked[:TEXTS])


def _long_messages(language: Language) -> list[str]:
    """Labelled messages, one after another until there are words enough."""
    joiner = " " if language == "en" else ""
    made: list[str] = []
    text = ""
    for message in read_messages():
        if message.language != language:
            continue
        text = f"{text}{joiner}{message.text}" if text else message.text
        if words(text) >= LENGTH:
            cut = text.split(" ")[:LENGTH] if language == "en" else list(text[:CHARACTERS])
            made.append(joiner.join(cut))
            text = ""
    return made[:TEXTS]
