"""A tiny case in three languages, a judge that can be told what it hears, and a corpus of two.

Everything is real but the encoder (hashing) and the judge (scripted): fast, and exact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import HashingEncoder, Language, Searcher, open_searcher, sync
from tutor.ask import Answer, AnswerSentence
from tutor.cases import Case, LoadedCase
from tutor.citations import cite
from tutor.dialogue import Act, AuthoredWording, Judgement, Target
from tutor.runtime import Runtime

QUOTE = "Ask the patient why before anything is disclosed."
TESTED, KEYS = ("E1", "E2", "M1", "E1"), "bdac"
"""What the four questions of a form ask about, and their best answers."""
DIGEST = f"""---
title: A code of conduct
issuer: A council
year: 2020
url: https://example.org/code
jurisdiction: HK
as_of: 2026-11-22
licence: CC-BY-4.0
---
# A code of conduct
It binds every registered practitioner. [S]

## What it asks of a clinician
- {QUOTE} [S]

## What it does not say
- It does not rank the duties of a clinician. [U]
"""


@dataclass(frozen=True)
class ScriptedJudge:
    """Hears a target where its id stands in the text: "because E1" covers E1."""

    name: str = "scripted 1"

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        """Three acts are enough here."""
        del language
        if text.rstrip().endswith(("?", "？")):
            return ("question",)
        if "don't know" in text:
            return ("dont_know",)
        return ("assertion",)

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """Certain, one way or the other."""
        del language
        said = set(text.replace(".", " ").replace(",", " ").split())
        return tuple(
            Judgement(
                target=t.id,
                verdict=("present" if t.kind == "misconception" else "covered")
                if t.id in said
                else "absent",
                probability=0.95 if t.id in said else 0.05,
                span=t.id if t.id in said else None,
                assessor=self.name,
            )
            for t in targets
        )


@dataclass(frozen=True)
class ScriptedAnswerer:
    """Answers what mentions the code, with a checked citation; else is silent."""

    searcher: Searcher

    def __call__(self, question: str, language: Language) -> Answer:
        """See `tutor.dialogue.Answerer`."""
        if "code" not in question:
            return Answer(language)
        for passage in self.searcher.passages("guidelines/code.en"):
            if QUOTE in passage.text:
                return Answer(language, (AnswerSentence(QUOTE, (cite(passage, QUOTE),)),))
        return Answer(language)


def make_searcher(folder: Path) -> Searcher:
    """A real index over one digest and one case folder's library card."""
    root = folder / "corpus"
    (root / "guidelines").mkdir(parents=True)
    (root / "guidelines" / "code.en.md").write_text(DIGEST, encoding="utf-8")
    (root / "guidelines" / "note.zh-Hant.md").write_text(
        DIGEST.replace("A code of conduct", "守則")
        .replace(QUOTE, "披露之前，先問病人為何。")
        .replace("It binds every registered practitioner.", "它約束每一位註冊執業者。"),
        encoding="utf-8",
    )
    encoder = HashingEncoder()
    sync(root, folder / "index", encoder)
    return open_searcher(folder / "index", encoder)


def make_case(searcher: Searcher) -> LoadedCase:
    """Two stages: one to clarify (E1, E2 optional, M1), one to decide (P1, P2)."""
    texts: dict[Language, Case] = {
        language: Case.model_validate(_case(language)) for language in ("en", "zh-Hant", "zh-Hans")
    }
    passage = next(p for p in searcher.passages("guidelines/code.en") if QUOTE in p.text)
    citation = cite(passage, QUOTE)
    ids = ("E1", "E2", "M1", *(q.id for q in texts["en"].choices))
    return LoadedCase(
        texts,
        {(language, i): (citation,) for language in texts for i in ids},
        {(language, "code"): citation for language in texts},
    )


def make_runtime(folder: Path) -> Runtime:
    """All of it."""
    searcher = make_searcher(folder)
    case = make_case(searcher)
    return Runtime(
        {case.id: case}, ScriptedJudge(), ScriptedAnswerer(searcher), AuthoredWording(), searcher
    )


def _case(language: Language) -> dict[str, object]:
    def said(words: str) -> str:
        return words if language == "en" else f"{words}（{language}）"

    def question(words: str) -> str:
        return f"{words}?" if language == "en" else f"{words}（{language}）？"

    def several(words: str, count: int) -> list[str]:
        return [f"{said(words)} {n}" for n in range(count)]

    cites = [{"doc": "code", "quote": QUOTE}]

    def expectation(name: str, *, required: bool) -> dict[str, object]:
        return {
            "id": name,
            "topic": said(f"matter {name}"),
            "statement": said(f"The clinician thinks of {name} first."),
            "required": required,
            "competency": "communicator",
            "principle": "autonomy",
            "cites": cites,
            "accept": several(f"thinking of {name}", 5),
            "near_miss": several(f"never think of {name}", 3),
            "hints": [question(f"Hint {n} towards {name}, what is it") for n in range(3)],
            "prompt": said(f"For {name} one would begin with ____."),
            "assertion": said(f"One begins with {name} itself."),
        }

    def choice(number: int, target: str, key: str) -> dict[str, object]:
        words = {letter: f"Course {letter} of Q{number}" for letter in "abcd"}
        words[key] = f"The soundest course of Q{number}"
        return {
            "id": f"Q{number}",
            "target": target,
            "stem": question(f"In situation {number}, what is best"),
            "options": [said(text) for text in words.values()],
            "key": key,
            "rationale": said(f"The reason why of Q{number}."),
            "cites": cites,
        }

    misconception = {
        "id": "M1",
        "topic": said("a shortcut"),
        "statement": said("The shortcut is always allowed."),
        "exemplars": several("just take the shortcut", 5),
        "near_miss": several("the shortcut is not allowed", 3),
        "corrected": said("The shortcut is allowed with consent only."),
        "repair": several("only with consent", 5),
        "hints": [question(f"Hint {n} about the shortcut, what does it skip") for n in range(3)],
        "prompt": said("The shortcut is allowed only with ____."),
        "correction": said("The shortcut skips consent; with consent it is allowed."),
        "cites": cites,
    }
    positions = [
        {
            "id": name,
            "topic": said(f"choice {name}"),
            "statement": said(f"One takes course {name}."),
            "exemplars": several(f"course {name}", 5),
            "must_weigh": ["E1"],
            "challenge": question(f"What would somebody against course {name} say"),
        }
        for name in ("P1", "P2")
    ]
    return {
        "id": "tiny",
        "version": "0.1.0",
        "language": language,
        "title": said("The tiny case"),
        "summary": said("A relative has not been told."),
        "minutes": 5,
        "difficulty": "introductory",
        "authors": ["Test"],
        "licence": "CC-BY-4.0",
        "as_of": dt.date(2026, 11, 22),
        "jurisdictions": ["HK"],
        "professions": ["doctor", "nurse"],
        "competencies": ["communicator"],
        "principles": ["autonomy"],
        "four_boxes": ["patient_preferences"],
        "supervision": 4,
        "vignette": said("You meet a patient whose sister has *not* been told."),
        "stages": [
            {
                "id": "clarify",
                "kind": "clarify",
                "title": said("What is going on"),
                "question": question("What would you find out first"),
                "expectations": [
                    expectation("E1", required=True),
                    expectation("E2", required=False),
                ],
                "misconceptions": [misconception],
            },
            {
                "id": "decide",
                "kind": "decide",
                "title": said("What to do"),
                "reveal": said("The sister calls the clinic."),
                "question": question("What would you do now, and why"),
                "positions": positions,
            },
        ],
        "debrief": {
            "synthesis": said("More than one course can be defended."),
            "questions": [question("What did you notice"), question("What would you change")],
            "reading": [{"doc": "code", "why": said("It says more.")}],
        },
        "self_test": {
            form: [choice(first + n, target, KEYS[n]) for n, target in enumerate(TESTED)]
            for form, first in (("pre", 1), ("post", 5))
        },
    }
