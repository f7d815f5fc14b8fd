"""A wording that has a chat model reword the authored turn, and shows it if the guard agrees."""

from __future__ import annotations

import re
from dataclasses import replace

from tutor.dialogue import Move, Spoken, Wording
from tutor.dialogue.moment import Moment
from tutor.llm.evidence import evidence_of
from tutor.llm.guard import Guard
from tutor.llm.model import Model, ModelFailed
from tutor.llm.prompts import again, speaking, version

WORDED: frozenset[Move] = frozenset(
    {"pump", "hint", "prompt", "assertion", "restate", "correction", "challenge"}
)
"""The rest stays authored: questions of the case, answers from the corpus, asides and support are
exact, and to "is that your point?" a yes counts."""
TRIES = 2
_HAN = r"[\u3400-\u9fff]"
_GAPS = re.compile(rf"(?<=[。！？；：，、」』”])\s+|(?<={_HAN})\s+(?={_HAN})")


class LlmWording:
    """Words a move with a model, or with the fallback where that does not come off."""

    def __init__(self, model: Model, fallback: Wording, guard: Guard) -> None:
        self._model = model
        self._fallback = fallback
        self._guard = guard

    def word(self, moment: Moment) -> Spoken:
        """See `Wording`. `refused` of the turn says what became of the model's attempts."""
        authored = self._fallback.word(moment)
        if moment.say.move not in WORDED or "injection" in moment.turn.acts:
            return authored
        evidence = evidence_of(moment, authored)
        messages, told = speaking(evidence), version(evidence.language)
        refused: list[str] = []
        until = self._model.deadline()
        for _ in range(TRIES):
            try:
                said = self._model.text(messages, until, purpose="word", prompt=told)
                text = tidy(said, evidence.language)
            except ModelFailed as failure:
                refused.append(failure.reason)
                break
            reasons = self._guard(text, evidence, moment)
            if not reasons:
                return Spoken(text, authored.citations, self._model.name, tuple(refused), told)
            refused += reasons
            messages += again(text, reasons, evidence.language)
        return replace(authored, refused=tuple(refused), prompt=told)


def tidy(text: str, language: str) -> str:
    """One paragraph, with no space between Chinese sentences, and no quotation marks around it."""
    flat = " ".join(text.split())
    if flat[:1] in {'"', "“", "「"} and flat[-1:] in {'"', "”", "」"}:
        inner = flat[1:-1]
        flat = flat if any(mark in inner for mark in '"“”「」') else inner
    return flat if language == "en" else _GAPS.sub("", flat)
