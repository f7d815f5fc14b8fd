"""Scripted learners and a tutor with a chat model: every turn, its time, and what got through."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from evals.leaks import SecondEar, said_in_words
from evals.learners import PERSONAS
from evals.learners.learner import Learner, truth_of
from evals.learners.personas import Persona
from ingest import LANGUAGES, Language
from tutor.cases import LoadedCase
from tutor.cases.schema import Expectation
from tutor.dialogue import (
    AuthoredWording,
    Event,
    Judge,
    State,
    TutorMoved,
    Wording,
    fold,
    open_session,
    turn,
)
from tutor.dialogue.moment import Moment
from tutor.llm import Guard, Leaks, LlmJudge, LlmWording, Model
from tutor.llm.evidence import Evidence
from tutor.llm.guard import new_sentences
from tutor.runtime import Runtime

LONGEST_SESSION = 40
Before = Callable[[Language, Sequence[Expectation]], None]
"""Told before each turn what the learner is still to find."""


@dataclass(slots=True)
class Watched:
    """The guard, and what it let through."""

    guard: Guard
    passed: dict[str, tuple[Evidence, Moment]] = field(default_factory=dict)

    def __call__(self, text: str, evidence: Evidence, moment: Moment) -> tuple[str, ...]:
        """See `Guard`."""
        reasons = self.guard(text, evidence, moment)
        if not reasons:
            self.passed[text] = (evidence, moment)
        return reasons


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn as the learner saw it."""

    case: str
    language: Language
    persona: str
    move: TutorMoved
    seconds: float
    waited: float
    """Seconds of these in which the model was waited for."""
    answered: bool
    """The message led to exactly one turn of the tutor, with text."""
    open: tuple[str, ...]
    """What the learner was still to find, by the truth of the script."""
    unguarded: bool = False
    """It is the model's, and the guard did not pass it."""
    in_words: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether the model was asked for its words."""
        return bool(self.move.guard) or self.generated

    @property
    def generated(self) -> bool:
        """Whether the words are the model's."""
        return self.move.wording != "authored"


class Timed(Model):
    """A model that says how long it was waited for."""

    waited = 0.0
    """Seconds, since it was set to nought."""

    def text(self, *args: Any, **kwargs: Any) -> str:
        """See `Model`."""
        began = time.perf_counter()
        try:
            return super().text(*args, **kwargs)
        finally:
            self.waited += time.perf_counter() - began

    def parsed(self, *args: Any, **kwargs: Any) -> Any:
        """See `Model`."""
        began = time.perf_counter()
        try:
            return super().parsed(*args, **kwargs)
        finally:
            self.waited += time.perf_counter() - began


class Stage:
    """The tutor with a model, played to by one learner after another."""

    def __init__(
        self, runtime: Runtime, model: Timed, ear: SecondEar, seed: int, *, marks: bool = True
    ) -> None:
        """`marks`: whether the model marks what a learner says, or the embedded judge alone."""
        self._runtime = runtime
        self._model = model
        self._ear = ear
        self._seed = seed
        embedded = runtime.judge
        assert runtime.encoders
        self._watched = Watched(Guard(Leaks(embedded, runtime.encoders)))
        self._judge: Judge = LlmJudge(model, embedded) if marks else embedded
        self._wording: Wording = LlmWording(model, AuthoredWording(), self._watched)  # type: ignore[arg-type]

    def turns(self, before: Before, series: int = 0) -> Iterator[Shown]:
        """Turns without end: sessions in a seeded order, each at most `LONGEST_SESSION` long.

        Args:
            before: told before each turn what the learner is still to find.
            series: another number, another order.
        """
        plans = [
            (persona, case, language)
            for persona, case, language in product(
                PERSONAS, sorted(self._runtime.cases.values(), key=lambda c: c.id), LANGUAGES
            )
            if language in case.languages
        ]
        random.Random(f"{self._seed}/{series}").shuffle(plans)
        while True:
            for persona, case, language in plans:
                yield from self._session(persona, case, language, before)

    def _session(
        self, persona: Persona, case: LoadedCase, language: Language, before: Before
    ) -> Iterator[Shown]:
        truth = truth_of(case, persona, self._seed)
        learner = Learner(case, language, persona, truth, self._seed)
        events: list[Event] = open_session(case, language, self._wording)
        said: set[str] = set()
        for _ in range(LONGEST_SESSION):
            state = fold(events)
            if state.phase == "closed":
                return
            last = next(e for e in reversed(events) if isinstance(e, TutorMoved))
            message = learner.reply(last, state)
            said |= message.targets
            before(language, _still_open(case, language, said, state))
            began, self._model.waited = time.perf_counter(), 0.0
            with self._model.turn("eval", case.id):
                new = turn(
                    case,
                    events,
                    message.text,
                    judge=self._judge,
                    answerer=self._runtime.answerer,
                    wording=self._wording,
                )
            seconds = time.perf_counter() - began
            events += new
            moves = [e for e in new if isinstance(e, TutorMoved)]
            answered = len(moves) == 1 and bool(moves[0].text.strip())
            secrets = _still_open(case, language, said, fold(events), moves[-1])
            names = tuple(e.id for e in secrets)
            shown = Shown(
                case.id,
                language,
                persona.name,
                moves[-1],
                seconds,
                self._model.waited,
                answered,
                names,
            )
            yield self._examined(shown, secrets)

    def _examined(self, shown: Shown, secrets: Sequence[Expectation]) -> Shown:
        if not shown.generated:
            return shown
        text = shown.move.text
        passed = self._watched.passed.get(text)
        if passed is None:
            return replace(shown, unguarded=True)
        evidence, moment = passed
        added = new_sentences(text, evidence)
        known = f"{evidence.material} {' '.join(moment.state.tutor_texts)}"
        return replace(
            shown,
            in_words=said_in_words(added, known, secrets),
            suspects=self._ear.suspects(added, evidence.authored, secrets, shown.language),
        )


def _still_open(
    case: LoadedCase,
    language: Language,
    said: set[str],
    state: State,
    move: TutorMoved | None = None,
) -> list[Expectation]:
    """What the learner has not said by the truth of the script, and the tutor has not supplied.

    The judge has no say in it: an idea that a model's false mark credited is open here.
    """
    done = said | set(state.tutored) | set(state.left)
    if move is not None and move.move in {"assertion", "prompt"} and move.target is not None:
        done = done | {move.target}  # Its own sentence, to the letter.
    return [e for e in case.texts[language].expectations if e.id not in done]
