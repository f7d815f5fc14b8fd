"""A conversation under test: a case, a judge, and what was said so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest import Language
from tutor.ask import Answer
from tutor.cases import LoadedCase
from tutor.dialogue import (
    Act,
    Answerer,
    AuthoredWording,
    Completed,
    Event,
    Judge,
    Judged,
    Judgement,
    State,
    Target,
    TutorMoved,
    Verdict,
    Wording,
    fold,
    open_session,
    turn,
)
from tutor.dialogue.phrases import load_phrases
from tutor.dialogue.speech_acts import rule_acts
from tutor.runtime import Runtime

LANGUAGES: tuple[Language, ...] = ("en", "zh-Hant", "zh-Hans")
G1, A1, A2 = "g1-sister-not-told", "a1-quiet-alert", "a2-scribe-heard-a-drug"
CASES = (G1, A1, A2)
DONT_KNOW: dict[Language, tuple[str, str, str]] = {
    "en": ("I don't know", "no idea", "just tell me"),
    "zh-Hant": ("唔知", "冇諗法", "直接話我知"),
    "zh-Hans": ("不知道", "没想法", "直接告诉我"),
}
THIN: dict[Language, str] = {
    "en": "That is a matter of being careful here",
    "zh-Hant": "總之要小心一點處理這件事",
    "zh-Hans": "总之要小心一点处理这件事",
}
WORDING = AuthoredWording()
_MARK = re.compile(r"([+~%])([EMP]\d+(?::repair)?)")
_STRENGTH: dict[str, tuple[Verdict, float]] = {
    "+": ("covered", 0.95),
    "~": ("partial", 0.2),
    "%": ("unsure", 0.35),
}


@dataclass(frozen=True)
class MarkedJudge:
    """Hears what is marked: +E1 says it, ~E1 touches it, %E1 leaves it open; rules find the acts.

    The marks are the same in all languages, so that a script can be played in each.
    """

    name: str = "marked 1"

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        """As set phrases show them."""
        del language
        return rule_acts(text)

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """One judgement a target; the span is the mark itself."""
        del language
        marks = {m.group(2): m for m in _MARK.finditer(text)}
        return tuple(self._one(t, marks.get(t.id)) for t in targets)

    def _one(self, target: Target, mark: re.Match[str] | None) -> Judgement:
        if mark is None:
            return Judgement(
                target=target.id, verdict="absent", probability=0.05, assessor=self.name
            )
        verdict, probability = _STRENGTH[mark.group(1)]
        if target.kind == "misconception" and verdict == "covered":
            verdict = "present"
        return Judgement(
            target=target.id,
            verdict=verdict,
            probability=probability,
            span=mark.group(0),
            assessor=self.name,
        )


def silent(question: str, language: Language) -> Answer:
    """An empty corpus."""
    del question
    return Answer(language)


@dataclass
class Talk:
    """A session that is spoken to."""

    case: LoadedCase
    language: Language = "en"
    judge: Judge = field(default_factory=MarkedJudge)
    answerer: Answerer = silent
    wording: Wording = WORDING
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.events:
            self.events = open_session(self.case, self.language, self.wording)

    def say(self, *texts: str) -> TutorMoved:
        """What the tutor answers to the last of these messages."""
        for text in texts:
            self.events += turn(
                self.case,
                self.events,
                text,
                judge=self.judge,
                answerer=self.answerer,
                wording=self.wording,
            )
        return self.moves[-1]

    def until_stage(self, stage: str) -> None:
        """Say what means nothing until that stage has begun."""
        for _ in range(60):
            if self.state.stage == stage:
                return
            self.say(THIN[self.language])
        raise AssertionError(f"the stage {stage} was not reached")

    def until_closed(self, text: str, limit: int = 300) -> int:
        """Say the same until the case has ended; the number of messages it took."""
        for count in range(limit):
            if self.outcome is not None:
                return count
            self.say(text)
        raise AssertionError(f"the case had not ended after {limit} messages")

    @property
    def state(self) -> State:
        """How the session stands."""
        return fold(self.events)

    @property
    def moves(self) -> list[TutorMoved]:
        """The tutor's turns."""
        return [e for e in self.events if isinstance(e, TutorMoved)]

    @property
    def plan(self) -> list[tuple[str, str | None]]:
        """Move and target of each of them."""
        return [(m.move, m.target) for m in self.moves]

    @property
    def judgements(self) -> list[Judgement]:
        """Of the last message that was judged."""
        judged = [e for e in self.events if isinstance(e, Judged)]
        return list(judged[-1].judgements) if judged else []

    @property
    def outcome(self) -> str | None:
        """Of the case, once it has ended."""
        return next((e.outcome for e in self.events if isinstance(e, Completed)), None)


def real(runtime: Runtime, slug: str, language: Language = "en") -> Talk:
    """A session of a real case with the real judge and the real corpus."""
    return Talk(runtime.cases[slug], language, runtime.judge, runtime.answerer, runtime.wording)


class Shelf:
    """Cases by slug, the tiny one among them; its short name keeps reports readable."""

    def __init__(self, *cases: LoadedCase) -> None:
        self._cases = {case.id: case for case in cases}

    def __getitem__(self, slug: str) -> LoadedCase:
        return self._cases[slug]

    def __repr__(self) -> str:
        return "the shelf"


OUTSIDE: dict[Language, str] = {
    "en": "What is the capital of France?",
    "zh-Hant": "法國的首都是哪裏？",
    "zh-Hans": "法国的首都是哪里？",
}
"""Questions that no digest answers."""


def frames(language: Language, key: str) -> tuple[str, ...]:
    return load_phrases()[language].frames[key]
