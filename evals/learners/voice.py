"""The words of a scripted learner: exemplars of the case file, in the learner's manner."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from ruamel.yaml import YAML

from evals.learners.personas import Manner
from ingest import Language
from tutor.cases.schema import Case
from tutor.dialogue import REPAIR

FRAMES: Mapping[Manner, str] = {"hedged": "hedge", "mixed": "mix"}
"""Manners that put a phrase around the words, and the kind of phrase."""


class Voice:
    """Finds words; which ones is drawn, and is the same for the same draws.

    Args:
        text: the case in the learner's language.
        manner: how the learner talks.
        draw: the source of chance.
    """

    def __init__(self, text: Case, manner: Manner, draw: random.Random) -> None:
        self._text = text
        self._manner = manner
        self._draw = draw
        self._phrases = _phrases()[text.language]
        self._english = text.language == "en"
        self._used: set[str] = set()
        self._to_the_point = False

    def say(self, target: str) -> str:
        """Words for a target in the manner; not the same ones twice while there are more.

        A learner who fishes and was told by the tutor learns the words: they are exemplars too.
        """
        text = self._words(target)
        if self._manner == "rambling":
            return self._rambled(text)
        if self._manner in FRAMES:
            return self._framed(self.phrase(FRAMES[self._manner]), text)
        return text

    def insist(self, target: str) -> str:
        """Words for a target, held against the tutor."""
        return self._framed(self.phrase("insist"), self._words(target))

    def ignorance(self, kind: str) -> str:
        """A phrase that says nothing of the case, in the manner."""
        said = self.phrase(kind)
        return self._rambled(said) if self._manner == "rambling" else said

    def phrase(self, kind: str) -> str:
        """Any phrase of a kind of phrases.yaml."""
        return self._draw.choice(self._phrases[kind])

    def fresh_phrase(self, kind: str) -> str:
        """One that was not used yet, while there are such."""
        return self._fresh(self._phrases[kind])

    def come_to_the_point(self) -> None:
        """No small talk in what is said next: whoever was taken for distressed over it says the
        same without it, as people do.
        """
        self._to_the_point = True

    def _words(self, target: str) -> str:
        return self._fresh(self._choices(target), short=self._manner == "short")

    def _fresh(self, choices: Sequence[str], *, short: bool = False) -> str:
        fresh = [text for text in choices if text not in self._used] or list(choices)
        text = min(fresh, key=len) if short else self._draw.choice(fresh)
        self._used.add(text)
        return text

    def _choices(self, target: str) -> Sequence[str]:
        base = target.removesuffix(REPAIR)
        for expectation in self._text.expectations:
            if expectation.id == base:
                return expectation.accept
        for wrong in self._text.misconceptions:
            if wrong.id == base:
                return wrong.repair if target.endswith(REPAIR) else wrong.exemplars
        for position in self._text.positions:
            if position.id == base:
                return position.exemplars
        raise KeyError(target)

    def _framed(self, frame: str, text: str) -> str:
        starts_sentence = not frame.startswith("{x}")
        return frame.format(x=_lowered(text) if self._english and starts_sentence else text)

    def _rambled(self, text: str) -> str:
        """Between sentences of small talk, which say nothing of any case."""
        if self._to_the_point:
            self._to_the_point = False
            return text
        before, between, after = self._draw.sample(self._phrases["small_talk"], 3)
        stop, space = (".", " ") if self._english else ("。", "")
        whole = text if text.endswith((".", "!", "?", "。", "！", "？")) else text + stop
        return space.join((before, between, whole, after))


def _lowered(text: str) -> str:
    """Without its capital, unless that belongs to the word."""
    word = text.split(" ", 1)[0]
    kept = word in {"I", "I'd", "I'm", "I'll", "I've"} or not word[1:].islower()
    return text if kept else text[0].lower() + text[1:]


@cache
def _phrases() -> Mapping[Language, Mapping[str, list[str]]]:
    path = resources.files(__package__) / "phrases.yaml"
    loaded: Mapping[Language, Mapping[str, list[str]]] = YAML(typ="safe", pure=True).load(
        path.read_text(encoding="utf-8")
    )
    return loaded
