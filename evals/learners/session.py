"""A scripted learner and the tutor, to the end of a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from evals.learners.learner import Learner, Said, Truth, truth_of
from evals.learners.personas import Persona
from evals.tutors import Tutor
from ingest import Language
from tutor.cases import LoadedCase
from tutor.dialogue import Event, State, TutorMoved, fold

MOST_TURNS = 80
"""Messages after which a session counts as one that does not end."""


class Speaker(Protocol):
    """A learner: scripted, or played by a chat model."""

    truth: Truth

    def reply(self, move: TutorMoved, state: State) -> Said:
        """The answer to the tutor's last turn."""
        ...


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
    truth_is: Literal["exact", "claimed"] = "exact"
    """Scripted learners are known to have said what `said` holds; others claim it."""

    @property
    def name(self) -> str:
        """Case, language and persona."""
        return f"{self.case.id}/{self.language}/{self.persona.name}"


def play(
    tutor: Tutor,
    case: LoadedCase,
    language: Language,
    persona: Persona,
    seed: int,
    arrives: Callable[[Said], Said] = lambda said: said,
    speaker: Speaker | None = None,
) -> Session:
    """A whole session; the same seed and the same tutor give the same events.

    Args:
        tutor: a fresh one; it holds one session.
        case: the case, for what the learner knows of it.
        language: that both speak.
        persona: the kind of learner.
        seed: of what the learner knows and how it puts it.
        arrives: what the tutor gets of a message; what was said stays the truth.
        speaker: who talks in place of the scripted learner; its words are claimed, not exact.
    """
    learner = speaker or Learner(case, language, persona, truth_of(case, persona, seed), seed)
    session = Session(case, language, persona, learner.truth)
    session.truth_is = "exact" if speaker is None else "claimed"
    session.events = tutor.open(case, language)
    state = fold(session.events)
    while state.phase != "closed" and len(session.said) < MOST_TURNS:
        move = session.events[-1]
        if not isinstance(move, TutorMoved):
            move = next(e for e in reversed(session.events) if isinstance(e, TutorMoved))
        said = learner.reply(move, state)
        new = tutor.hear(arrives(said).text)
        session.said.append(said)
        session.replies.append(new)
        session.events += new
        state = fold(new, state)
    session.ended = state.phase == "closed"
    return session
