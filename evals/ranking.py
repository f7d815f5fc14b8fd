"""Figures of a ranking, exact: nDCG, recall and reciprocal rank, as trec_eval computes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Relevance = Mapping[str, int]
"""Grade by document; 0 and less: not relevant. What is not listed is not relevant."""


def ndcg(ranked: Sequence[str], relevance: Relevance, k: int = 10) -> float:
    """Normalised discounted cumulative gain, gain = grade, discount = log2(rank + 1).

    Järvelin and Kekäläinen (2002). 0 where nothing is relevant.
    """
    gains = [max(relevance.get(document, 0), 0) for document in ranked[:k]]
    ideal = sorted((grade for grade in relevance.values() if grade > 0), reverse=True)[:k]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def recall(ranked: Sequence[str], relevance: Relevance, k: int) -> float:
    """Share of the relevant documents among the first k. 0 where nothing is relevant."""
    relevant = {document for document, grade in relevance.items() if grade > 0}
    return len(relevant & set(ranked[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], relevance: Relevance) -> float:
    """1 / rank of the first relevant document; 0 where there is none."""
    for rank, document in enumerate(ranked, start=1):
        if relevance.get(document, 0) > 0:
            return 1 / rank
    return 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
