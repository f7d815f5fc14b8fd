"""What an answer and an idea have in common, in figures: the input of the judging heads.

Every figure is computed for the piece of the answer that fits the idea best; `docs/method.md` says
what each is for. Training and judging share this code, so that they cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest import Encoder
from tutor.assess.units import is_question, units
from tutor.dialogue.judge import Target

Matrix = NDArray[np.float32]
PER_ENCODER = (
    "statement",
    "accept",
    "accept_top2",
    "near_miss_at_best",
    "accept_minus_near_miss",
    "margin_to_others",
    "lead_over_mean",
    "statement_at_best",
    "worst_contrast",
)
COMMON = (
    "overlap_accept",
    "overlap_near_miss",
    "overlap_contrast",
    "polarity_differs",
    "negated",
    "asks",
    "log_piece_length",
    "log_pieces",
    "log_length",
)
_NEGATION = re.compile(
    r"\b(?:not|never|no|don'?t|doesn'?t|didn'?t|cannot|can'?t|won'?t|isn'?t|aren'?t|without|nor|neither|"
    r"shouldn'?t|needn'?t|mustn'?t|nothing|nobody|none|unnecessary|irrelevant|pointless|refuse|"
    r"forget|skip|ignore|avoid|hardly|rather than|instead of)\b|"
    r"不|唔|無|无|冇|沒|没|未|別|别|毋|勿|拒|免",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")


@dataclass(frozen=True)
class Exemplars:
    """The targets of a case in one language, as vectors: made once, used for every answer."""

    targets: tuple[Target, ...]
    fold: Callable[[str], str]
    """Applied to every text first: identity, or Traditional to Simplified script."""
    vectors: tuple[Matrix, ...]
    """One matrix an encoder, rows in the order statement, accept, near-miss, target by target."""
    starts: tuple[tuple[int, int, int], ...]
    """By target: first row of statement, of accept, of near-miss; the last one closes the list."""
    tokens: tuple[frozenset[str], ...]
    negated: tuple[bool, ...]


def exemplars(
    targets: Sequence[Target], encoders: Sequence[Encoder], fold: Callable[[str], str]
) -> Exemplars:
    """The vectors of all that is known of some targets."""
    texts: list[str] = []
    starts: list[tuple[int, int, int]] = []
    for target in targets:
        first = len(texts)
        texts.append(fold(target.statement))
        texts += map(fold, target.accept)
        near = len(texts)
        texts += map(fold, target.near_miss)
        starts.append((first, first + 1, near))
    starts.append((len(texts),) * 3)
    return Exemplars(
        targets=tuple(targets),
        fold=fold,
        vectors=tuple(e.encode_queries(texts) for e in encoders),
        starts=tuple(starts),
        tokens=tuple(_tokens(t) for t in texts),
        negated=tuple(bool(_NEGATION.search(t)) for t in texts),
    )


def feature_names(encoders: int) -> list[str]:
    """The names of the columns, for that many encoders."""
    return [f"{n}_{i}" for i in range(encoders) for n in PER_ENCODER] + list(COMMON)


@dataclass(frozen=True)
class Features:
    """One row a target, and the piece of the answer each row was computed for."""

    values: NDArray[np.float64]
    """Shape [targets, features], columns as in `feature_names`."""
    pieces: tuple[str, ...]


def features(text: str, known: Exemplars, encoders: Sequence[Encoder]) -> Features:
    """The features of an answer against every target.

    Args:
        text: the learner's words, not empty.
        known: the targets.
        encoders: those that made the targets' vectors, in the same order.
    """
    raw = units(text)
    folded = [known.fold(u) for u in raw]
    similar = [
        vectors @ encoder.encode_queries(folded).T
        for encoder, vectors in zip(encoders, known.vectors, strict=True)
    ]
    tokens = [_tokens(u) for u in folded]
    negated = [bool(_NEGATION.search(u)) for u in folded]
    asks = [is_question(u) for u in raw]
    tables = [_Table(matrix, known) for matrix in similar]
    rows, pieces = [], []
    for j in range(len(known.targets)):
        fit = np.mean([t.accept[j] - 0.3 * np.maximum(-t.contrast[j], 0) for t in tables], axis=0)
        best = int(np.argmax(fit - 0.05 * np.asarray(asks)))
        row: list[float] = []
        for table in tables:
            row += table.row(j, best)
        first, accept, near = known.starts[j]
        end = known.starts[j + 1][0]
        over = max(_overlap(tokens[best], known.tokens[i]) for i in range(first, near))
        misses = known.tokens[near:end]
        against = max((_overlap(tokens[best], missed) for missed in misses), default=0)
        closest = accept + int(np.argmax(similar[0][accept:near, best]))
        row += [
            over,
            against,
            over - against,
            float(negated[best] != known.negated[closest]),
            float(negated[best]),
            float(asks[best]),
            float(np.log1p(len(tokens[best]))),
            float(np.log1p(len(raw))),
            float(np.log1p(len(_tokens(text)))),
        ]
        rows.append(row)
        pieces.append(raw[best])
    return Features(np.asarray(rows, dtype=np.float64), tuple(pieces))


class _Table:
    """Similarities under one encoder, arranged by target; each entry is a vector over pieces."""

    def __init__(self, similar: Matrix, known: Exemplars) -> None:
        starts = known.starts
        spans = [(a, n, starts[j + 1][0]) for j, (_, a, n) in enumerate(starts[:-1])]
        self.statement = [similar[s] for s, _, _ in starts[:-1]]
        self.accept = [similar[a:n].max(axis=0) for a, n, _ in spans]
        self.top2 = [np.sort(similar[a:n], axis=0)[-2:].mean(axis=0) for a, n, _ in spans]
        self.near = [
            similar[n:e].max(axis=0) if e > n else np.full(similar.shape[1], 0.0)
            for _, n, e in spans
        ]
        self.contrast = [
            a - n if e > s else np.zeros_like(a)
            for a, n, (_, s, e) in zip(self.accept, self.near, spans, strict=True)
        ]
        self._mean = np.mean(self.top2, axis=0)
        self._rivals = [
            self._best_rival(known.targets, j, similar.shape[1]) for j in range(len(spans))
        ]

    def _best_rival(self, targets: Sequence[Target], j: int, pieces: int) -> Matrix:
        rivals = [
            self.accept[i]
            for i, other in enumerate(targets)
            if i != j and other.kind == targets[j].kind
        ]
        return np.max(rivals, axis=0) if rivals else np.zeros(pieces, dtype=np.float32)

    def row(self, j: int, best: int) -> list[float]:
        """The figures of `PER_ENCODER` for target `j`."""
        return [
            float(self.statement[j].max()),
            float(self.accept[j].max()),
            float(self.top2[j].max()),
            float(self.near[j][best]),
            float(self.contrast[j][best]),
            float(self.accept[j][best] - self._rivals[j][best]),
            float((self.top2[j] - self._mean).max()),
            float(self.statement[j][best]),
            float(self.contrast[j].min()),
        ]


def _tokens(text: str) -> frozenset[str]:
    single = _TOKEN.findall(text.lower())
    return frozenset(single) | {a + b for a, b in zip(single, single[1:], strict=False)}


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(1, min(len(a), len(b)))
