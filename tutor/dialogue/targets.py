"""Which expectation to work on next."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.cases.loaded import LoadedCase
from tutor.cases.schema import Stage
from tutor.dialogue.state import State

FRONTIER, COHERENCE, CENTRALITY = 0.5, 0.3, 0.2
"""Weights of AutoTutor's three preferences (Graesser et al.): near to being said, near to what
was said last, near to the rest."""


def open_expectations(stage: Stage, state: State) -> list[str]:
    """Those of the stage that are neither covered nor supplied nor left, in file order."""
    return [e.id for e in stage.expectations if e.id not in state.settled]


def by_priority(case: LoadedCase, state: State, candidates: Sequence[str]) -> list[str]:
    """Candidates, the one to work on first.

    The one just abandoned goes last; ties keep the order of the case file.
    """
    rest = [e.id for e in case.structure.expectations if e.id not in state.settled]

    def priority(target: str) -> float:
        others = [case.near(target, o) for o in rest if o != target]
        centrality = sum(others) / len(others) if others else 0.0
        coherence = case.near(target, state.last_covered) if state.last_covered else 0.0
        return (
            FRONTIER * state.best.get(target, 0.0) + COHERENCE * coherence + CENTRALITY * centrality
        )

    abandoned = state.left[-1] if state.left else None
    return sorted(candidates, key=lambda t: (t == abandoned, -priority(t)))
