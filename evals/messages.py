"""One message said in a fresh session, and what it achieved there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from evals.conversation import measure
from evals.learners import PERSONAS, Said, Session, truth_of
from ingest import Language
from tutor.cases import LoadedCase
from tutor.dialogue import Covered, LearnerSaid, TutorMoved, fold, open_session, turn
from tutor.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message led to."""

    acts: tuple[str, ...]
    """The main one first."""
    moves: tuple[str, ...]
    credited: frozenset[str]
    """Expectations that it covered."""
    leaked: tuple[str, ...]
    """Open expectations that the reply says in so many words: see `evals.conversation`."""
    changed: bool
    """Something was covered, supplied or ended by it: more than a turn was counted."""
    reply: str

    def as_json(self) -> dict[str, Any]:
        """For a log."""
        return asdict(self) | {"credited": sorted(self.credited)}


def say(runtime: Runtime, case: LoadedCase, language: Language, text: str) -> Heard:
    """Open a case, say one thing."""
    opened = open_session(case, language, runtime.wording)
    new = turn(
        case,
        opened,
        text,
        judge=runtime.judge,
        answerer=runtime.answerer,
        wording=runtime.wording,
    )
    persona = PERSONAS[0]
    session = Session(
        case,
        language,
        persona,
        truth_of(case, persona, 0),
        events=[*opened, *new],
        said=[Said(text)],
        replies=[list(new)],
    )
    before, after = fold(opened), fold([*opened, *new])
    said = next(e for e in new if isinstance(e, LearnerSaid))
    moves = [e for e in new if isinstance(e, TutorMoved)]
    return Heard(
        acts=said.acts,
        moves=tuple(m.move for m in moves),
        credited=frozenset(e.target for e in new if isinstance(e, Covered)),
        leaked=measure(session, lambda _text, _target: False).leaked,
        changed=(before.covered, before.tutored, before.ended, before.outcome)
        != (after.covered, after.tutored, after.ended, after.outcome),
        reply=" ".join(m.text for m in moves),
    )
