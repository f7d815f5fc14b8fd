"""The policy: given a case, a state and what an answer amounted to, what to do next.

Pure and total: the same state gives the same decision, whoever judged and whoever words it. A
decision is either something to say or something to settle first (an item left, a stage ended),
after which the policy is asked again. The tables are those of docs/method.md; first match wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tutor.cases.loaded import LoadedCase
from tutor.cases.schema import Stage
from tutor.dialogue.events import (
    Act,
    Event,
    Left,
    MisconceptionLeft,
    Move,
    PositionStands,
    StageEnded,
    StageResult,
)
from tutor.dialogue.moves import expectation_move, misconception_move
from tutor.dialogue.state import HELP_ACTS, State
from tutor.dialogue.targets import by_priority, open_expectations

SIDE_BUDGET = 12
"""Questions, asides and interruptions answered in a stage before they count as turns of it."""
POSITION_TURNS = 4
"""Tutor turns spent in a decide stage on getting a choice, its question among them."""
Aside = Literal["injection", "distress", "meta", "off_task", "empty", "affect"]
ASIDES: tuple[Aside, ...] = ("injection", "off_task", "meta", "empty", "affect")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a learner's message amounted to."""

    acts: tuple[Act, ...] = ()
    covered: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    voiced: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    restated: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    spans: Mapping[str, str] = field(default_factory=dict)
    """By target: the learner's own words that earned a verdict in this message."""
    denied: str | None = None
    """The target of a "is that your point?" that was answered with no."""

    @property
    def is_help(self) -> bool:
        """The learner asked for help, said they do not know, or gave up."""
        return bool(HELP_ACTS & set(self.acts))

    @property
    def moved(self) -> bool:
        """The message changed what is on the table."""
        return bool(self.covered or self.voiced or self.repaired or self.restated or self.positions)


@dataclass(frozen=True, slots=True)
class Say:
    """A tutor's turn to be worded."""

    move: Move
    target: str | None = None
    aside: Aside | None = None


@dataclass(frozen=True, slots=True)
class Settle:
    """Something to write down before deciding on."""

    event: Event


@dataclass(frozen=True, slots=True)
class EndCase:
    """No stage is left."""


Decision = Say | Settle | EndCase


def decide(case: LoadedCase, state: State, turn: Turn) -> Decision:
    """What to do next in the dialogue phase."""
    stage = case.structure.stage(state.stage or "")
    if state.stage in state.ended:
        return EndCase()
    aside = _aside(state, turn)
    if aside is not None:
        return aside
    decision = _misconception(case, state, turn)
    if decision is not None:
        return decision
    if state.stage_turns >= stage_budget(stage):
        return _run_out(case, state, stage)
    return (
        _restatement(state, turn)
        or _confirmation(case, state, stage, turn)
        or _position(case, state, stage, turn)
        or _expectation(case, state, stage, turn)
        or Settle(StageEnded(stage=stage.id, result=result(stage, state)))
    )


def stage_budget(stage: Stage) -> int:
    """Tutor turns a stage may take, asides apart.

    Six for each required expectation, three for each optional one, four for each misconception,
    a question and six for a decision.
    """
    required = sum(e.required for e in stage.expectations)
    optional = len(stage.expectations) - required
    decision = 6 if stage.positions else 0
    return 1 + 6 * required + 3 * optional + 4 * len(stage.misconceptions) + decision


def result(stage: Stage, state: State) -> StageResult:
    """Mastered only where every required expectation came from the learner."""
    own = all(e.id in state.covered for e in stage.expectations if e.required)
    decided = not stage.positions or any(p.id in state.positions for p in stage.positions)
    return "mastered" if own and decided else "not_mastered"


def next_stage(case: LoadedCase, state: State) -> str | None:
    """The stage after the current one: the first branch that holds, then `then`, then the next."""
    stages = case.structure.stages
    current = case.structure.stage(state.stage or "")
    for branch in current.next:
        when = branch.when
        if (
            (when.position is None or when.position in state.positions)
            and all(e in state.covered for e in when.covered)
            and (when.misconception is None or when.misconception in state.misconceptions)
        ):
            return branch.go
    if current.then is not None:
        return None if current.then == "end" else current.then
    index = stages.index(current) + 1
    return stages[index].id if index < len(stages) else None


def _aside(state: State, turn: Turn) -> Decision | None:
    if state.side_turns >= SIDE_BUDGET:
        return None
    if "question" in turn.acts and not turn.voiced:
        return Say("answer")
    for aside in ASIDES:
        if aside in turn.acts and (aside == "injection" or not turn.moved):
            move: Move = "acknowledge" if aside in {"affect", "meta"} else "redirect"
            return Say(move, aside=aside)
    return None


def _misconception(case: LoadedCase, state: State, turn: Turn) -> Decision | None:
    active = [m for m, now in state.misconceptions.items() if now == "active"]
    if not active:
        return None
    critical = {m.id for m in case.structure.misconceptions if m.severity == "safety_critical"}
    active.sort(key=lambda m: (m not in critical, m != state.focus, m not in turn.voiced))
    move = misconception_move(state.ladder(active[0]), helping=turn.is_help)
    if move is None:
        return Settle(MisconceptionLeft(target=active[0]))
    return Say(move, active[0])


def _restatement(state: State, turn: Turn) -> Decision | None:
    """After an assertion: an echo, or anything short of it in the learner's words, asks once."""
    last = state.last_move
    if last is None or last.target is None or last.move != "assertion" or turn.is_help:
        return None
    if last.target in turn.restated or last.target in state.covered or turn.moved:
        return None
    return Say("restate", last.target)


def _confirmation(case: LoadedCase, state: State, stage: Stage, turn: Turn) -> Decision | None:
    unsure = [
        t
        for t in turn.unsure
        if t in open_expectations(stage, state) and not state.ladder(t).count("confirm")
    ]
    if not unsure or turn.is_help:
        return None
    if state.focus in unsure:
        return Say("confirm", state.focus)
    return Say("confirm", by_priority(case, state, unsure)[0])


def _position(case: LoadedCase, state: State, stage: Stage, turn: Turn) -> Decision | None:
    if not stage.positions:
        return None
    held = [p for p in stage.positions if p.id in state.positions]
    if not held:
        if state.stage_turns >= POSITION_TURNS:
            return None
        listed = turn.is_help or state.stage_turns >= POSITION_TURNS - 1
        return Say("prompt" if listed else "pump")
    position = held[0]
    if not state.ladder(position.id).count("challenge"):
        return Say("challenge", position.id)
    if state.positions[position.id] != "stands" and set(position.must_weigh) <= state.considered:
        return Settle(PositionStands(target=position.id))
    unweighed = [
        t
        for t in position.must_weigh
        if t not in state.settled and t in {e.id for e in case.structure.expectations}
    ]
    return _pursue(case, state, turn, unweighed, patience=1)


def _expectation(case: LoadedCase, state: State, stage: Stage, turn: Turn) -> Decision | None:
    still_open = open_expectations(stage, state)
    required = [e.id for e in stage.expectations if e.required and e.id in still_open]
    if required:
        return _pursue(case, state, turn, required, patience=6)
    any_required = any(e.required for e in stage.expectations)
    return _pursue(case, state, turn, still_open, patience=1 if any_required else 2)


def _pursue(
    case: LoadedCase, state: State, turn: Turn, candidates: list[str], *, patience: int
) -> Decision | None:
    """The next move on the best of these targets; None where there is nothing to pursue."""
    if not candidates:
        return None
    focus = state.focus if state.focus in candidates else None
    target = focus or by_priority(case, state, candidates)[0]
    ladder = state.ladder(target)
    if ladder.turns >= 6 or (ladder.turns >= patience and not turn.is_help):
        return Settle(Left(target=target))
    pumped = any(
        state.ladder(e.id).count("pump")
        for e in case.structure.stage(state.stage or "").expectations
    )
    move = expectation_move(
        ladder,
        helping=turn.is_help,
        partial=target in turn.partial or target in turn.unsure,
        may_pump=not pumped and patience > 1,
    )
    return Settle(Left(target=target)) if move is None else Say(move, target)


def _run_out(case: LoadedCase, state: State, stage: Stage) -> Decision:
    for target in open_expectations(stage, state):
        return Settle(Left(target=target))
    for position in case.structure.stage(stage.id).positions:
        if state.positions.get(position.id) == "held" and (
            set(position.must_weigh) <= state.considered
        ):
            return Settle(PositionStands(target=position.id))
    return Settle(StageEnded(stage=stage.id, result=result(stage, state)))
