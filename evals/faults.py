"""Faults that are planted on purpose, to show that a gate notices each of them.

`maieutic eval faults` runs the gates with and without each and prints what they say. A fault is
planted into the tutor that a run measures; no line of the product knows of any.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from evals.learners import Said
from ingest import E5, Language, Searcher
from tutor.ask import Answer, CorpusAnswerer
from tutor.cases import LoadedCase
from tutor.citations import Citation
from tutor.dialogue import Act, Judge, Judgement, Target
from tutor.runtime import Runtime

CANTONESE = "嘅咗唔喺冇哋嗰啲咁乜佢"
"""Characters of written Cantonese that standard written Chinese does not have."""
SURE, NEVER = 0.99, 0.01


class UnknownFault(ValueError):
    """There is no fault of that name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something broken, and the gates that have to notice."""

    name: str
    says: str
    into: Callable[[Runtime], Runtime] | None = None
    redact: Callable[[str], tuple[str, tuple[str, ...]]] | None = None
    """In place of the redaction of personal data."""
    starves: str | None = None
    """The scripted learner whose messages never arrive."""


@dataclass(frozen=True)
class _Judging:
    """A judge whose verdicts are tampered with."""

    judge_: Judge
    tamper: Callable[[str, Judgement], Judgement]

    @property
    def name(self) -> str:
        return self.judge_.name

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        return self.judge_.acts(text, language)

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        found = self.judge_.judge(text, targets, language)
        return tuple(self.tamper(text, judgement) for judgement in found)


class _OneLanguage:
    """A searcher whose index has lost every passage that is not English."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def __getattr__(self, name: str) -> Any:
        return getattr(self._searcher, name)

    def find(self, query: str, **asked: Any) -> Any:
        return self._searcher.find(query, **{**asked, "language": "en"})

    def search(self, query: str, **asked: Any) -> Any:
        return self._searcher.search(query, **{**asked, "language": "en"})

    def relevance(self, query: str, **asked: Any) -> Any:
        return self._searcher.relevance(query, **{**asked, "language": "en"})


def _covers_everything(runtime: Runtime) -> Runtime:
    def tamper(text: str, judgement: Judgement) -> Judgement:
        if not judgement.target.startswith("E"):
            return judgement
        return judgement.model_copy(
            update={"verdict": "covered", "probability": SURE, "span": text}
        )

    return replace(runtime, judge=_Judging(runtime.judge, tamper))


def _unheard(judgement: Judgement) -> Judgement:
    return judgement.model_copy(update={"verdict": "absent", "probability": NEVER, "span": None})


def _despises_cantonese(runtime: Runtime) -> Runtime:
    def tamper(text: str, judgement: Judgement) -> Judgement:
        if not any(character in text for character in CANTONESE):
            return judgement
        return _unheard(judgement)

    return replace(runtime, judge=_Judging(runtime.judge, tamper))


def _spells_strictly(runtime: Runtime) -> Runtime:
    def tamper(text: str, judgement: Judgement) -> Judgement:
        if zlib.crc32(text.encode()) % 2:
            return judgement
        return _unheard(judgement)

    return replace(runtime, judge=_Judging(runtime.judge, tamper))


def _leaking_hints(runtime: Runtime) -> Runtime:
    """Every hint says what the learner was to find."""

    def leaking(case: LoadedCase) -> LoadedCase:
        texts = {}
        for language, text in case.texts.items():
            stages = tuple(
                stage.model_copy(
                    update={
                        "expectations": tuple(
                            e.model_copy(update={"hints": tuple(e.statement for _ in e.hints)})
                            for e in stage.expectations
                        )
                    }
                )
                for stage in text.stages
            )
            texts[language] = text.model_copy(update={"stages": stages})
        return replace(case, texts=texts)

    cases = {name: leaking(case) for name, case in runtime.cases.items()}
    return replace(runtime, cases=cases)


def _swapped_citations(runtime: Runtime) -> Runtime:
    """Quotes are attributed to the first passage of another document than their own."""
    first = {
        document.id: passages[0]
        for document in runtime.searcher.documents()
        if (passages := runtime.searcher.passages(document.id))
    }

    def moved(citation: Citation) -> Citation:
        other = next(name for name in first if name != citation.document_id)
        update = {"passage_id": first[other].id, "document_id": other}
        return citation.model_copy(update=update)

    def answer(question: str, language: Language) -> Answer:
        found = runtime.answerer(question, language)
        sentences = tuple(
            replace(sentence, citations=tuple(moved(c) for c in sentence.citations))
            for sentence in found.sentences
        )
        return replace(found, sentences=sentences)

    return replace(runtime, answerer=answer)


def _no_chinese(runtime: Runtime) -> Runtime:
    searcher = cast(Searcher, _OneLanguage(runtime.searcher))
    answerer = CorpusAnswerer(searcher, runtime.encoders[E5])
    return replace(runtime, searcher=searcher, answerer=answerer)


FAULTS: tuple[Fault, ...] = (
    Fault(
        "covers_everything",
        "a judge that says covered to everything",
        into=_covers_everything,
    ),
    Fault("leaking_hints", "hints that say what was to be found", into=_leaking_hints),
    Fault(
        "swapped_citations",
        "quotes attributed to another document",
        into=_swapped_citations,
    ),
    Fault("no_chinese", "the Chinese passages gone from the index", into=_no_chinese),
    Fault("no_redaction", "redaction of personal data off", redact=lambda text: (text, ())),
    Fault("starved_hedger", "a persona whose messages never arrive", starves="hedger"),
    Fault(
        "despises_cantonese",
        "a judge that hears nothing in written Cantonese",
        into=_despises_cantonese,
    ),
    Fault(
        "spells_strictly",
        "a judge that is deaf to half of all spellings",
        into=_spells_strictly,
    ),
)


def fault_named(name: str) -> Fault:
    """A fault by its name.

    Raises:
        UnknownFault: there is none.
    """
    known: Mapping[str, Fault] = {fault.name: fault for fault in FAULTS}
    if name not in known:
        raise UnknownFault(f"There is no fault {name!r}. The faults are: {', '.join(known)}.")
    return known[name]


def starved(said: Said) -> Said:
    """A message that did not arrive; what it would have said stays the truth."""
    return replace(said, text="")
