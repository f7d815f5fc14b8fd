"""The state of a session: a fold over its events, and nothing that is not in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ingest import Language
from tutor.citations import Citation
from tutor.dialogue.events import (
    Act,
    Completed,
    Contested,
    CoverageBy,
    Covered,
    Event,
    Judged,
    LanguageSwitched,
    LearnerSaid,
    Left,
    MisconceptionLeft,
    MisconceptionRepaired,
    MisconceptionVoiced,
    Move,
    Outcome,
    Paused,
    PositionStands,
    PositionTaken,
    Reflected,
    Resumed,
    SessionOpened,
    StageEnded,
    StageEntered,
    StageResult,
    Tutored,
    TutorMoved,
)
from tutor.dialogue.sentences import sentences

MisconceptionState = Literal["active", "repaired", "left", "contested"]
PositionState = Literal["held", "stands"]
HELP_ACTS = frozenset({"dont_know", "help_request", "give_up"})


@dataclass(frozen=True, slots=True)
class Ladder:
    """What the tutor has already done for one target."""

    moves: Mapping[Move, int] = field(default_factory=dict)
    helps: int = 0
    """How many of those moves answered a call for help."""

    def count(self, *moves: Move) -> int:
        """How many of those moves were made."""
        return sum(self.moves.get(m, 0) for m in moves)

    @property
    def turns(self) -> int:
        """Tutor turns spent on the target; a restatement asked for belongs to the assertion."""
        return self.count("pump", "hint", "prompt", "assertion", "confirm", "correction")

    def with_move(self, move: Move, *, helping: bool) -> Ladder:
        """This ladder after one more move."""
        return Ladder({**self.moves, move: self.moves.get(move, 0) + 1}, self.helps + helping)


@dataclass(frozen=True, slots=True)
class State:
    """Everything the policy looks at."""

    case_id: str = ""
    case_version: str = ""
    language: Language = "en"
    stage: str | None = None
    entered: tuple[str, ...] = ()
    ended: Mapping[str, StageResult] = field(default_factory=dict)
    covered: Mapping[str, CoverageBy] = field(default_factory=dict)
    spans: Mapping[str, str] = field(default_factory=dict)
    tutored: Mapping[str, bool] = field(default_factory=dict)
    """Expectations that the tutor supplied; True once restated in the learner's own words."""
    left: tuple[str, ...] = ()
    misconceptions: Mapping[str, MisconceptionState] = field(default_factory=dict)
    positions: Mapping[str, PositionState] = field(default_factory=dict)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    best: Mapping[str, float] = field(default_factory=dict)
    """The highest probability any answer has had for a target: how near it is to being said."""
    last_covered: str | None = None
    last_move: TutorMoved | None = None
    last_said: str = ""
    focus: str | None = None
    said: frozenset[str] = frozenset()
    """Every sentence the tutor has said."""
    tutor_texts: tuple[str, ...] = ()
    cited: tuple[Citation, ...] = ()
    tutor_turns: int = 0
    learner_turns: int = 0
    stage_turns: int = 0
    side_turns: int = 0
    last_acts: tuple[Act, ...] = ()
    paused: bool = False
    outcome: Outcome | None = None
    reflected: bool = False

    @property
    def phase(self) -> Literal["dialogue", "reflection", "closed"]:
        """Where the session stands: in dialogue, waiting for a reflection, or closed."""
        if self.outcome is None:
            return "dialogue"
        return "closed" if self.reflected else "reflection"

    @property
    def settled(self) -> frozenset[str]:
        """Expectations that are no longer open."""
        return frozenset(self.covered) | frozenset(self.tutored) | frozenset(self.left)

    @property
    def considered(self) -> frozenset[str]:
        """Expectations on the table, whoever put them there."""
        return frozenset(self.covered) | frozenset(self.tutored)

    def ladder(self, target: str) -> Ladder:
        """What has been done for a target so far."""
        return self.ladders.get(target, Ladder())


SIDE_MOVES: frozenset[Move] = frozenset({"answer", "acknowledge", "support", "redirect"})


def fold(events: Iterable[Event], start: State | None = None) -> State:
    """The state after these events."""
    state = start or State()
    for event in events:
        state = apply(state, event)
    return state


def apply(state: State, event: Event) -> State:
    """The state after one more event."""
    match event:
        case LearnerSaid() | TutorMoved() | Judged():
            return _apply_turn(state, event)
        case SessionOpened():
            return replace(
                state,
                case_id=event.case_id,
                case_version=event.case_version,
                language=event.language,
            )
        case StageEntered():
            return replace(
                state,
                stage=event.stage,
                entered=(*state.entered, event.stage),
                focus=None,
                stage_turns=0,
                side_turns=0,
            )
        case StageEnded():
            return replace(state, ended={**state.ended, event.stage: event.result})
        case LanguageSwitched():
            return replace(state, language=event.language)
        case Paused():
            return replace(state, paused=True)
        case Resumed():
            return replace(state, paused=False)
        case Reflected():
            return replace(state, reflected=True)
        case Completed():
            return replace(state, outcome=event.outcome)
        case _:
            return _apply_target(state, event)


def _apply_turn(state: State, event: LearnerSaid | TutorMoved | Judged) -> State:
    match event:
        case LearnerSaid():
            return replace(
                state,
                last_said=event.text,
                last_acts=event.acts,
                learner_turns=state.learner_turns + 1,
                paused=False,
            )
        case Judged():
            best = dict(state.best)
            for judgement in event.judgements:
                best[judgement.target] = max(best.get(judgement.target, 0.0), judgement.probability)
            return replace(state, best=best)
        case TutorMoved():
            side = event.move in SIDE_MOVES
            ladders = dict(state.ladders)
            if event.target and not side:
                ladders[event.target] = state.ladder(event.target).with_move(
                    event.move, helping=bool(HELP_ACTS & set(state.last_acts))
                )
            keep_focus = side or event.move in {"question", "open"}
            return replace(
                state,
                last_move=event,
                focus=state.focus if keep_focus else event.target,
                ladders=ladders,
                said=state.said | frozenset(sentences(event.text)),
                tutor_texts=(*state.tutor_texts, event.text),
                cited=(*state.cited, *event.citations),
                tutor_turns=state.tutor_turns + 1,
                stage_turns=state.stage_turns + (not side),
                side_turns=state.side_turns + side,
            )


def _apply_target(state: State, event: Event) -> State:
    match event:
        case Covered():
            return replace(
                state,
                covered={event.target: event.by, **state.covered},
                spans={event.target: event.span, **state.spans},
                tutored={t: r for t, r in state.tutored.items() if t != event.target},
                left=tuple(t for t in state.left if t != event.target),
                last_covered=event.target,
                focus=None if state.focus == event.target else state.focus,
            )
        case Tutored():
            restated = event.restated or state.tutored.get(event.target, False)
            return replace(state, tutored={**state.tutored, event.target: restated})
        case Left():
            return replace(state, left=(*state.left, event.target), focus=None)
        case MisconceptionVoiced():
            return _misconception(state, event.target, "active")
        case MisconceptionRepaired():
            return _misconception(state, event.target, "repaired")
        case MisconceptionLeft():
            return _misconception(state, event.target, "left")
        case PositionTaken():
            positions: dict[str, PositionState] = {event.target: "held", **state.positions}
            return replace(
                state, positions=positions, spans={**state.spans, event.target: event.span}
            )
        case PositionStands():
            return replace(state, positions={**state.positions, event.target: "stands"})
        case Contested():
            if event.target in state.misconceptions:
                return _misconception(state, event.target, "contested")
            return state
        case _:
            return state


def _misconception(state: State, target: str, now: MisconceptionState) -> State:
    return replace(
        state,
        misconceptions={**state.misconceptions, target: now},
        focus=state.focus if now == "active" or state.focus != target else None,
    )
