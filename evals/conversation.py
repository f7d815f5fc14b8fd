"""What can be counted in one scripted session, whose truth is known. `docs/evaluation.md` defines
every figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evals.learners import Session
from tutor.cases.schema import Expectation
from tutor.dialogue import (
    REPAIR,
    Completed,
    Covered,
    Event,
    LearnerSaid,
    Outcome,
    StageEntered,
    State,
    TutorMoved,
    fold,
)
from tutor.dialogue.events import MisconceptionRepaired, MisconceptionVoiced
from tutor.dialogue.sentences import is_cjk, normalise, questions, sentences, words

TALK_END = frozenset({"synthesis", "closing"})
"""Moves that sum up; they ask nothing of the kind that is counted."""
LOOP = 3
"""Tutor turns in a row with the same move on the same target that make a stuck loop."""
HALF, GRAM, CHARACTERS = 0.5, 3, 4
"""Share of an assertion's n-grams that a leak holds; words, and Chinese characters, of one."""
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」")

Hears = Callable[[str, str], bool]
"""Whether the assessor hears a target in a text: (text, target id)."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts of one session; pairs are (of which, all)."""

    one_question: tuple[int, int]
    words: tuple[int, int]
    """Words of the tutor, tutor turns."""
    repeated: tuple[int, int]
    """Tutor sentences said before in the session, all of them."""
    success: tuple[int, int]
    """Required expectations that came from the learner, all that were reached."""
    telling: tuple[int, int]
    """Required expectations that the tutor supplied, all that were reached."""
    heard: tuple[int, int]
    """Expectations that the learner said and was credited with, all that the learner said."""
    unearned: tuple[int, int]
    """Expectations credited to the learner without having been said, all that were credited."""
    noticed: tuple[int, int]
    """Misconceptions that were voiced and corrected, all that were voiced."""
    repaired: tuple[int, int]
    """Misconceptions put right and recognised as such, all that the learner put right."""
    false_corrections: tuple[int, int]
    """Misconceptions corrected that were not voiced, messages that voice none."""
    distress: tuple[int, int]
    """Words of distress that were answered with support, all of them."""
    alarms: tuple[int, int]
    """Other messages that were answered with support, all of those."""
    leaked: tuple[str, ...]
    """Targets given away word for word before the ladder allows it."""
    hinted: tuple[str, ...]
    """Targets that the assessor hears in a tutor turn before the ladder allows it."""
    looped: bool
    turns: int
    """Messages until the case was completed, or all of them where it never was."""
    outcome: Outcome | None


def measure(session: Session, hears: Hears) -> Measures:
    """Count everything."""
    moves = [e for e in session.events if isinstance(e, TutorMoved)]
    asking = [m for m in moves if m.move not in TALK_END]
    states = list(_states(session.events))
    required = _reached(session)
    final = fold(session.events)
    said = {t for message in session.said for t in message.targets}
    credited = {e.target for e in session.events if isinstance(e, Covered) and e.by != "contested"}
    restated = {t for t, done in final.tutored.items() if done}
    told = set(final.tutored)
    voiced = {t for t in said if t.startswith("M") and not t.endswith(REPAIR)}
    mended = {t.removesuffix(REPAIR) for t in said if t.endswith(REPAIR)}
    found = {e.target for e in session.events if isinstance(e, MisconceptionVoiced)}
    healed = {e.target for e in session.events if isinstance(e, MisconceptionRepaired)}
    tellable = {t for t in said if t.startswith("E")}
    false, innocent = _false_corrections(session)
    return Measures(
        one_question=(sum(questions(m.text) == 1 for m in asking), len(asking)),
        words=(sum(words(m.text) for m in asking), len(asking)),
        repeated=_repeated(asking),
        success=(len(required & credited), len(required)),
        telling=(len(required & told), len(required)),
        heard=(len(tellable & (credited | restated)), len(tellable)),
        unearned=(len(credited - said), len(credited)),
        noticed=(len(voiced & found), len(voiced)),
        repaired=(len(mended & found & healed), len(mended & found)),
        false_corrections=(false, innocent),
        distress=_supported(session, distress=True),
        alarms=_supported(session, distress=False),
        leaked=tuple(_leaks(session, states, _in_words(session))),
        hinted=tuple(_leaks(session, states, hears)),
        looped=_loops(moves) or not session.ended,
        turns=_turns(session.events),
        outcome=final.outcome,
    )


def _reached(session: Session) -> set[str]:
    entered = {e.stage for e in session.events if isinstance(e, StageEntered)}
    stages = [s for s in session.case.structure.stages if s.id in entered]
    return {e.id for s in stages for e in s.expectations if e.required}


def _states(events: Sequence[Event]) -> Iterator[State]:
    """The state before each event."""
    state = State()
    for event in events:
        yield state
        state = fold([event], state)


def _repeated(moves: Sequence[TutorMoved]) -> tuple[int, int]:
    seen: set[str] = set()
    again = total = 0
    for move in moves:
        for sentence in sentences(move.text):
            again += sentence in seen
            total += 1
            seen.add(sentence)
    return again, total


def _false_corrections(session: Session) -> tuple[int, int]:
    false = innocent = 0
    voiced: set[str] = set()
    for said, new in zip(session.said, session.replies, strict=True):
        voiced |= said.targets
        found = {e.target for e in new if isinstance(e, MisconceptionVoiced)}
        false += len(found - voiced)
        innocent += not any(t.startswith("M") and not t.endswith(REPAIR) for t in said.targets)
    return false, innocent


def _supported(session: Session, *, distress: bool) -> tuple[int, int]:
    answers = [
        any(isinstance(e, TutorMoved) and e.move == "support" for e in new)
        for said, new in zip(session.said, session.replies, strict=True)
        if said.distress is distress
    ]
    return sum(answers), len(answers)


def _leaks(session: Session, states: Sequence[State], holds: Hears) -> Iterator[str]:
    """Open expectations that a turn gives away.

    A prompt is nearly the whole sentence by design, and an assertion may follow a prompt; both
    are excused for their own target only. An answer is what the learner asked for, and a
    correction says what its misconception needs: neither is looked at.
    """
    for move, state in zip(session.events, states, strict=True):
        if not isinstance(move, TutorMoved) or move.move in TALK_END | {"answer", "correction"}:
            continue
        own = _QUOTED.sub(" ", move.text)
        ladder = state.ladder(move.target or "")
        excused = move.move == "prompt" or (move.move == "assertion" and ladder.count("prompt"))
        for expectation in session.case.structure.expectations:
            target = expectation.id
            if target in state.covered or target in state.tutored:
                continue
            if not (excused and target == move.target) and holds(own, target):
                yield target


def _in_words(session: Session) -> Hears:
    text = session.case.texts[session.language]
    known = {e.id: _grams_of(e) for e in text.expectations}

    def holds(turn: str, target: str) -> bool:
        own = _grams(turn)
        return any(g and len(g & own) >= HALF * len(g) for g in known[target])

    return holds


def _grams_of(expectation: Expectation) -> tuple[set[str], set[str]]:
    return _grams(expectation.assertion), _grams(expectation.statement)


def _grams(text: str) -> set[str]:
    flat = normalise(text)
    if is_cjk(flat):
        dense = flat.replace(" ", "")
        return {dense[i : i + CHARACTERS] for i in range(len(dense) - CHARACTERS + 1)}
    tokens = flat.split()
    return {" ".join(tokens[i : i + GRAM]) for i in range(len(tokens) - GRAM + 1)}


def _loops(moves: Sequence[TutorMoved]) -> bool:
    kinds = [(m.move, m.target) for m in moves if m.target is not None]
    runs = zip(*(kinds[i:] for i in range(LOOP)), strict=False)
    return any(len(set(run)) == 1 for run in runs)


def _turns(events: Sequence[Event]) -> int:
    end = next((i for i, e in enumerate(events) if isinstance(e, Completed)), len(events))
    return sum(isinstance(e, LearnerSaid) for e in events[:end])
