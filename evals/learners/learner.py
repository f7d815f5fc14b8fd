"""One scripted learner in one case: says what it knows when asked for it, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from evals.learners.personas import Persona
from evals.learners.voice import Voice
from ingest import Language
from tutor.cases import LoadedCase
from tutor.dialogue import REPAIR, State, TutorMoved

ASIDES = frozenset({"answer", "acknowledge", "redirect"})
"""Moves after which the tutor comes back to what it had asked before."""
DISPUTED = frozenset({"correction", "hint", "challenge"})
"""Moves that a learner who argues does not take at once."""
DISTRESS_TURNS = range(2, 9)
"""The learner's messages, counted from 1, of which some may be words of distress."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a learner knows and believes: by target id, never guessed at."""

    knows: frozenset[str]
    believes: frozenset[str]
    position: str | None
    patience: Mapping[str, int]
    """By misconception: the tutor's turns on it until it is put right."""
    distress_at: tuple[int, ...] = ()
    """Messages, counted from 1, from which on words of distress are due."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message, and the targets it says; `M1:repair` is the corrected idea of M1."""

    text: str
    targets: frozenset[str] = frozenset()
    distress: bool = False
    """These are words of distress."""


def truth_of(case: LoadedCase, persona: Persona, seed: int) -> Truth:
    """What a learner of that kind knows of a case: the same in every language."""
    draw = random.Random(f"{seed}/{case.id}/{persona.name}")
    structure = case.structure
    held = draw.sample(structure.misconceptions, round(persona.believes * _of(case, "M")))
    known = draw.sample(structure.expectations, round(persona.knows * _of(case, "E")))
    position = draw.choice(structure.positions).id if structure.positions else None
    return Truth(
        knows=frozenset(e.id for e in known),
        believes=frozenset(m.id for m in held),
        position=position,
        patience={m.id: draw.randint(1, persona.stubborn) for m in held},
        distress_at=tuple(sorted(draw.sample(DISTRESS_TURNS, persona.distress))),
    )


class Learner:
    """Answers the tutor's turns. The same seed gives the same words to the same turns."""

    def __init__(
        self, case: LoadedCase, language: Language, persona: Persona, truth: Truth, seed: int
    ) -> None:
        self.truth = truth
        self._text = case.texts[language]
        self._persona = persona
        draw = random.Random(f"{seed}/{case.id}/{persona.name}/{language}")
        self._voice = Voice(self._text, persona.manner, draw)
        self._said: set[str] = set()
        self._pressed: dict[str, int] = {}
        self._disputed: set[tuple[str, str | None]] = set()
        self._distress = list(truth.distress_at)
        self._last = Said("")
        self._turns = 0

    def reply(self, move: TutorMoved, state: State) -> Said:
        """The answer to the tutor's last turn."""
        self._turns += 1
        said = self._aside(move) or self._answer(move, state)
        self._said |= said.targets
        self._last = said
        return said

    def _aside(self, move: TutorMoved) -> Said | None:
        """What is said whatever was asked."""
        if move.move == "synthesis":
            return self._phrase("reflection")
        if move.move == "support":
            self._voice.come_to_the_point()
            return Said(self._voice.fresh_phrase("go_on"))
        if self._distress and self._turns >= self._distress[0]:
            del self._distress[0]
            return Said(self._voice.phrase("distress"), distress=True)
        if self._persona.attacks and self._turns % 3 != 1:
            return self._phrase("attack")
        if self._persona.fishes and move.move == "assertion":
            return Said(move.text)
        if self._persona.argues and move.move in DISPUTED:
            return self._dispute(move)
        return None

    def _dispute(self, move: TutorMoved) -> Said | None:
        """A reason against what the tutor just said; for what the learner holds, that again.

        Nothing the second time: then the learner yields, or has no other answer.
        """
        if (move.move, move.target) in self._disputed:
            return None
        self._disputed.add((move.move, move.target))
        held = self.truth.position if move.move == "challenge" else move.target
        if held is None or held not in {self.truth.position, *self.truth.believes}:
            return self._phrase("dispute")
        if held in self.truth.believes:
            self._pressed[held] = self._pressed.get(held, 0) + 1
        return Said(self._voice.insist(held), frozenset({held}))

    def _answer(self, move: TutorMoved, state: State) -> Said:
        target = state.focus if move.move in ASIDES else move.target
        if move.move == "confirm":
            meant = target is not None and target in self._last.targets
            return self._phrase("agree" if meant else "disagree")
        if move.move == "challenge":
            return self._next_known(state) or self._phrase("stopgap")
        if move.move == "pump" and (belief := self._next_belief(state)) is not None:
            return belief
        if target is not None and target.startswith("M"):
            return self._on_misconception(target)
        if target is not None and target.startswith("E"):
            if move.move == "assertion" or (move.move == "restate" and not self._persona.fishes):
                return self._exemplar(target)
            if target in self.truth.knows:
                return self._exemplar(target)
            return self._ignorance()
        return self._opening(state)

    def _opening(self, state: State) -> Said:
        """What is said to a stage's question: a belief, then a choice, then what is known."""
        belief = self._next_belief(state)
        if belief is not None:
            return belief
        positions = {p.id for p in self._text.stage(state.stage or "").positions}
        if self.truth.position in positions and not state.positions:
            return self._exemplar(self.truth.position or "")
        return self._next_known(state) or self._ignorance()

    def _next_belief(self, state: State) -> Said | None:
        for misconception in self._text.stage(state.stage or "").misconceptions:
            if misconception.id in self.truth.believes - self._said:
                return self._exemplar(misconception.id)
        return None

    def _next_known(self, state: State) -> Said | None:
        stage = self._text.stage(state.stage or "")
        for expectation in stage.expectations:
            if expectation.id in self.truth.knows - self._said:
                return self._exemplar(expectation.id)
        return None

    def _on_misconception(self, target: str) -> Said:
        """Put right once the tutor has pressed often enough; never, where it was never believed."""
        self._pressed[target] = self._pressed.get(target, 0) + 1
        if target not in self.truth.believes:
            return self._ignorance()
        if self._pressed[target] < self.truth.patience[target]:
            return self._ignorance()
        return self._exemplar(target + REPAIR)

    def _ignorance(self) -> Said:
        return Said(self._voice.ignorance("fishing" if self._persona.fishes else "dont_know"))

    def _exemplar(self, target: str) -> Said:
        return Said(self._voice.say(target), frozenset({target}))

    def _phrase(self, kind: str) -> Said:
        return Said(self._voice.phrase(kind))


def _of(case: LoadedCase, kind: str) -> int:
    structure = case.structure
    return len(structure.misconceptions if kind == "M" else structure.expectations)
