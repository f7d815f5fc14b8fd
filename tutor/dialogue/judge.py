"""The first seam: whoever judges an answer. The policy never asks how it was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ingest import Language
from tutor.ask import Answer
from tutor.cases.loaded import LoadedCase
from tutor.cases.schema import Case
from tutor.dialogue.events import Act, Judgement

TargetKind = Literal["expectation", "misconception", "repair", "position"]
REPAIR = ":repair"
"""Suffix of the target that stands for the corrected idea of a misconception."""


@dataclass(frozen=True, slots=True)
class Target:
    """An idea to listen for, and how it is and is not said."""

    id: str
    kind: TargetKind
    statement: str
    accept: tuple[str, ...]
    near_miss: tuple[str, ...]


class Judge(Protocol):
    """Says what a learner's words amount to."""

    @property
    def name(self) -> str:
        """Name and version, written into every judgement."""
        ...

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        """The speech acts of a message, the main one first; never empty."""
        ...

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """One judgement a target, in their order; spans are parts of `text`."""
        ...


class Answerer(Protocol):
    """Answers a learner's question from the corpus, or says that it cannot."""

    def __call__(self, question: str, language: Language) -> Answer:
        """A cited answer of at most three sentences, or one that is not found."""
        ...


def targets_of(case: LoadedCase, language: Language) -> tuple[Target, ...]:
    """Everything to listen for in a case, in one language.

    Chinese is listened for in both scripts at once: a learner in either may write like the other.
    """
    chinese: tuple[Language, ...] = ("zh-Hant", "zh-Hans")
    scripts = [language, *(o for o in chinese if language != "en" and o != language)]
    texts = [case.texts[s] for s in scripts if s in case.texts]
    found: list[Target] = []
    for items in zip(*(t.expectations for t in texts), strict=True):
        accept = tuple(x for e in items for x in e.accept)
        near = tuple(x for e in items for x in e.near_miss)
        found.append(Target(items[0].id, "expectation", items[0].statement, accept, near))
    for wrong in zip(*(t.misconceptions for t in texts), strict=True):
        first = wrong[0]
        voiced = tuple(x for m in wrong for x in m.exemplars)
        near = tuple(x for m in wrong for x in m.near_miss)
        repair = tuple(x for m in wrong for x in m.repair)
        found.append(Target(first.id, "misconception", first.statement, voiced, near))
        found.append(Target(first.id + REPAIR, "repair", first.corrected, repair, voiced))
    found += _positions(texts)
    return tuple(found)


def _positions(texts: Sequence[Case]) -> list[Target]:
    """Positions are told apart by each other: what is said for one is a near miss of the rest.

    Those of one stage are alternatives; those of different stages are not compared.
    """
    found = []
    for stages in zip(*(t.stages for t in texts), strict=True):
        said = {
            held[0].id: tuple(x for p in held for x in p.exemplars)
            for held in zip(*(s.positions for s in stages), strict=True)
        }
        for position in stages[0].positions:
            rivals = tuple(x for other, xs in said.items() if other != position.id for x in xs)
            name, accept = position.id, said[position.id]
            found.append(Target(name, "position", position.statement, accept, rivals))
    return found
