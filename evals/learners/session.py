"""A scripted learner and the tutor, to the end of a case."""

from __future__ import annotations

from dataclasses import dataclass, field

from evals.learners.learner import Learner, Said, Truth, truth_of
from evals.learners.personas import Persona
from ingest import Language
from tutor.cases import LoadedCase
from tutor.dialogue import Event, TutorMoved, fold, open_session, turn
from tutor.runtime import Runtime

MOST_TURNS = 80
"""Messages after which a session counts as one that does not end."""


@dataclass
class Session:
    """What happened, and what was true."""

    case: LoadedCase
    language: Language
    persona: Persona
    truth: Truth
    events: list[Event] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    """The learner's messages, in order."""
    replies: list[list[Event]] = field(default_factory=list)
    """By message: the events that it led to."""
    ended: bool = False
    """The session was closed before the turns ran out."""

    @property
    def name(self) -> str:
        """Case, language and persona."""
        return f"{self.case.id}/{self.language}/{self.persona.name}"


def play(
    runtime: Runtime, case: LoadedCase, language: Language, persona: Persona, seed: int
) -> Session:
    """A whole session; the same seed and the same tutor give the same events."""
    session = Session(case, language, persona, truth_of(case, persona, seed))
    learner = Learner(case, language, persona, session.truth, seed)
    session.events = open_session(case, language, runtime.wording)
    state = fold(session.events)
    while state.phase != "closed" and len(session.said) < MOST_TURNS:
        move = session.events[-1]
        if not isinstance(move, TutorMoved):
            move = next(e for e in reversed(session.events) if isinstance(e, TutorMoved))
        said = learner.reply(move, state)
        new = turn(
            case,
            session.events,
            said.text,
            judge=runtime.judge,
            answerer=runtime.answerer,
            wording=runtime.wording,
        )
        session.said.append(said)
        session.replies.append(new)
        session.events += new
        state = fold(new, state)
    session.ended = state.phase == "closed"
    return session
