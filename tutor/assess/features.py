"""What an answer and an idea have in common, in figures: the input of the judging heads.

Every figure is computed for the piece of the answer that fits the idea best; `docs/method.md` says
what each is for. Training and judging share this code, so that they cannot drift apart.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest import Encoder
from tutor.assess import cues
from tutor.assess.tables import Layout, Matrix, Table
from tutor.assess.units import is_question, is_shouted, units
from tutor.dialogue.judge import Target
from tutor.dialogue.polarity import denies

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
    "margin_to_opposite",
    "opposite",
    "margin_to_other_kind",
)
COMMON = (
    "overlap_accept",
    "overlap_near_miss",
    "overlap_contrast",
    "overlap_rare",
    *cues.NAMES,
    "denies",
    "asks",
    "log_piece_length",
    "log_pieces",
    "log_length",
)
_TOKEN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
Tokens = frozenset[str]


@dataclass(frozen=True)
class Exemplars:
    """The targets of a case in one language, as vectors: made once, used for every answer."""

    fold: Callable[[str], str]
    """Applied to every text first: identity, or Traditional to Simplified script."""
    layout: Layout
    vectors: tuple[Matrix, ...]
    """One matrix an encoder, rows in the order statement, accept, near-miss, target by target."""
    texts: tuple[str, ...]
    """Folded, in the same order."""
    tokens: tuple[Tokens, ...]
    rarity: dict[str, float]
    """By token, the logarithm of how few of the texts have it."""
    weights: tuple[float, ...]
    """Of `tokens`, in the same order."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """What is listened for."""
        return self.layout.targets

    def weight(self, tokens: Iterable[str]) -> float:
        """The sum of the rarities; what no text has is as rare as can be."""
        return _weight(tokens, self.rarity, len(self.texts))


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
    tokens = tuple(_tokens(text) for text in texts)
    seen = Counter(token for held in tokens for token in held)
    rarity = {token: math.log(1 + len(texts) / count) for token, count in seen.items()}
    return Exemplars(
        fold=fold,
        layout=Layout(tuple(targets), tuple(starts)),
        vectors=tuple(e.encode_queries(texts) for e in encoders),
        texts=tuple(texts),
        tokens=tokens,
        rarity=rarity,
        weights=tuple(_weight(held, rarity, len(texts)) for held in tokens),
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


@dataclass(frozen=True)
class _Pieces:
    """An answer cut up, with what does not depend on a target."""

    raw: Sequence[str]
    folded: Sequence[str]
    tokens: Sequence[Tokens]
    weights: Sequence[float]
    """Of `tokens`, among the exemplars."""
    asks: NDArray[np.float64]
    length: int
    """Distinct tokens of the whole answer."""


def features(text: str, known: Exemplars, encoders: Sequence[Encoder]) -> Features:
    """The features of an answer against every target.

    Args:
        text: the learner's words, not empty.
        known: the targets.
        encoders: those that made the targets' vectors, in the same order.
    """
    raw = units(text)
    folded = [known.fold(u) for u in (map(str.lower, raw) if is_shouted(text) else raw)]
    tokens = [_tokens(u) for u in folded]
    pieces = _Pieces(
        raw=raw,
        folded=folded,
        tokens=tokens,
        weights=[known.weight(held) for held in tokens],
        asks=np.asarray([float(is_question(u)) for u in raw]),
        length=len(_tokens(text)),
    )
    similar = [
        vectors @ encoder.encode_queries(folded).T
        for encoder, vectors in zip(encoders, known.vectors, strict=True)
    ]
    tables = [Table(matrix, known.layout) for matrix in similar]
    rows, fitting = [], []
    for j in range(len(known.targets)):
        fit = np.mean([t.accept[j] - 0.3 * np.maximum(-t.contrast[j], 0) for t in tables], axis=0)
        best = int(np.argmax(fit - 0.05 * pieces.asks))
        compared = [figure for table in tables for figure in table.row(j, best)]
        rows.append(compared + _common(pieces, best, known, j, similar[0]))
        fitting.append(raw[best])
    return Features(np.asarray(rows, dtype=np.float64), tuple(fitting))


def _common(pieces: _Pieces, best: int, known: Exemplars, j: int, similar: Matrix) -> list[float]:
    """The figures of `COMMON` for target `j`, of which piece `best` fits best."""
    first, accept, near, end = known.layout.spans(j)
    own = pieces.tokens[best]
    over = max(_overlap(own, other) for other in known.tokens[first:near])
    against = max((_overlap(own, missed) for missed in known.tokens[near:end]), default=0.0)
    closest = accept + int(np.argmax(similar[accept:near, best]))
    return [
        over,
        against,
        over - against,
        max(_rare_overlap(pieces, best, known, i) for i in range(first, near)),
        *cues.cues(pieces.folded[best], known.texts[closest]),
        float(denies(pieces.folded[best], known.texts[first:near])),
        float(pieces.asks[best]),
        math.log1p(len(own)),
        math.log1p(len(pieces.raw)),
        math.log1p(pieces.length),
    ]


def _tokens(text: str) -> Tokens:
    single = _TOKEN.findall(text.lower())
    return frozenset(single) | {a + b for a, b in zip(single, single[1:], strict=False)}


def _overlap(a: Tokens, b: Tokens) -> float:
    return len(a & b) / max(1, min(len(a), len(b)))


def _rare_overlap(pieces: _Pieces, best: int, known: Exemplars, i: int) -> float:
    """Of a piece and text `i`: a token counts the more, the fewer exemplars of the case have it."""
    shared = known.weight(pieces.tokens[best] & known.tokens[i])
    return shared / max(1e-6, min(pieces.weights[best], known.weights[i]))


def _weight(tokens: Iterable[str], rarity: Mapping[str, float], texts: int) -> float:
    most = math.log(1 + texts)
    # A set has no order that is the same in every process; an exact sum needs none.
    return math.fsum(rarity.get(token, most) for token in tokens)
