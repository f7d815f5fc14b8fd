"""Similarities of an answer's pieces with what is known of the targets, under one encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.dialogue.judge import REPAIR, Target

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Layout:
    """Where the exemplars of each target stand among all of them."""

    targets: tuple[Target, ...]
    starts: tuple[tuple[int, int, int], ...]
    """By target: first row of statement, of accept, of near-miss; the last one closes the list."""

    def spans(self, j: int) -> tuple[int, int, int, int]:
        """Of target `j`: first row of statement, accept and near-miss, and the row after."""
        first, accept, near = self.starts[j]
        return first, accept, near, self.starts[j + 1][0]

    def opposites(self) -> list[int | None]:
        """By target, the place of what contradicts it: of a misconception its corrected idea."""
        at = {target.id: j for j, target in enumerate(self.targets)}
        return [at.get(_opposite(target)) for target in self.targets]


class Table:
    """Cosines [exemplars, pieces] arranged by target; each entry is a vector over pieces."""

    def __init__(self, similar: Matrix, layout: Layout) -> None:
        targets = layout.targets
        spans = [layout.spans(j) for j in range(len(targets))]
        none = np.zeros(similar.shape[1], dtype=np.float32)
        self.statement = [similar[s] for s, _, _, _ in spans]
        self.accept = [similar[a:n].max(axis=0) for _, a, n, _ in spans]
        self.top2 = [np.sort(similar[a:n], axis=0)[-2:].mean(axis=0) for _, a, n, _ in spans]
        self.near = [similar[n:e].max(axis=0) if e > n else none for _, _, n, e in spans]
        self.contrast = [
            self.accept[j] - self.near[j] if e > n else none for j, (_, _, n, e) in enumerate(spans)
        ]
        self._mean = np.mean(self.top2, axis=0)
        self._opposites = layout.opposites()
        kinds = [target.kind for target in targets]
        self._rivals = [
            self._best([i for i, kind in enumerate(kinds) if i != j and kind == kinds[j]], none)
            for j in range(len(targets))
        ]
        held = {
            kind: self._best([i for i, other in enumerate(kinds) if other == kind], none)
            for kind in ("expectation", "misconception")
        }
        self._others = [
            held["misconception" if kind == "expectation" else "expectation"] for kind in kinds
        ]

    def _best(self, places: Sequence[int], none: Matrix) -> Matrix:
        return np.max([self.accept[i] for i in places], axis=0) if places else none

    def row(self, j: int, best: int) -> list[float]:
        """The figures of `PER_ENCODER` for target `j`, of which piece `best` fits best."""
        accept, opposite = self.accept[j], self._opposites[j]
        against = accept if opposite is None else self.accept[opposite]
        return [
            float(self.statement[j].max()),
            float(accept.max()),
            float(self.top2[j].max()),
            float(self.near[j][best]),
            float(self.contrast[j][best]),
            float(accept[best] - self._rivals[j][best]),
            float((self.top2[j] - self._mean).max()),
            float(self.statement[j][best]),
            float(self.contrast[j].min()),
            float(accept[best] - against[best]),
            0.0 if opposite is None else float(against.max()),
            float(accept[best] - self._others[j][best]),
        ]


def _opposite(target: Target) -> str:
    if target.kind == "repair":
        return target.id.removesuffix(REPAIR)
    return target.id + REPAIR
