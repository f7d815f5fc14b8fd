"""Whether the corpus answers a question: one probability, and the cost of being wrong.

Seven measures go into a logistic function that `python -m evals.fit_ask` fits on the `dev`
questions and writes to `gate.json`, with what it was fitted on and how well the probability held in
cross-validation. What is answered follows from two stated costs: with a wrong answer twice as dear
as a needless "not in the corpus", the corpus speaks from 2/3 on (Chow, "On optimum recognition
error and reject tradeoff", IEEE Trans. Inf. Theory 16, 1970).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from ingest import Hit, Language

FEATURES: Final = ("sentence", "near", "centred", "search", "unknown", "chinese", "unpriced")
GATE: Final = Path(__file__).with_name("gate.json")
WRONG, NEEDLESS = 2.0, 1.0
"""Costs of an answer where the corpus has none, and of a "not in the corpus" where it has one."""
WORDS, MOST_WORDS, CHINESE_WORDS = 0.015, 8.0, 0.4
"""Nearness of a passage is its cosine + WORDS * min(its BM25, MOST_WORDS); Chinese BM25, which is
a sum over characters and their pairs, counts for less."""
FURTHEST = 4.0
"""Bound of the search's log-odds, so that a new fit of the search moves the gate a little only."""
_PRICE = re.compile(
    r"\bhow much\b.*\b(?:costs?|charged?|pay)\b|\bprices?\b|\bcosts?\b|\bfees?\b|\bsalary\b"
    r"|\bwages?\b|\bpays?\b"
    r"|[幾几]多[錢钱]|多少[錢钱]|收[費费]|要[錢钱]|[補补][貼贴]|[報报][銷销]|工[資资]|付[錢钱]",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\$|\bcosts?\b|\bprices?\b|\bdollars?\b|\bpa(?:y|id)\b|\bfees?\b|\bfined?\b|元|[錢钱]|[費费]|[罰罚]",
    re.IGNORECASE,
)


def measure(
    question: str,
    language: Language,
    hits: Sequence[Hit],
    *,
    sentence: float,
    centred: float | None,
    search: float,
    unknown: bool,
    told: str,
) -> list[float]:
    """The values of `FEATURES`, in their order; NaN for what a small corpus cannot give.

    Args:
        question: what is asked.
        language: of the question.
        hits: the passages found, at least one.
        sentence: best cosine of a sentence.
        centred: the same with the mean of each language taken off; None in a small corpus.
        search: the search's own probability that its best hit answers.
        unknown: whether the question names what no document mentions.
        told: the best sentences.
    """
    bounded = min(max(search, 1e-6), 1 - 1e-6)
    odds = math.log(bounded / (1 - bounded))
    return [
        sentence,
        max(_nearness(hit, language) for hit in hits),
        math.nan if centred is None else centred,
        min(max(odds, -FURTHEST), FURTHEST),
        float(unknown),
        float(language != "en"),
        float(bool(_PRICE.search(question)) and not _MONEY.search(told)),
    ]


def probability(values: Sequence[float], head: Mapping[str, Any] | None = None) -> float:
    """That the corpus answers, 0 to 1, for values of `FEATURES`; what is NaN counts as usual."""
    held = gate() if head is None else head
    z = held["intercept"] + sum(
        weight * (0.0 if math.isnan(value) else (value - mean) / scale)
        for value, weight, mean, scale in zip(
            values, held["weights"], held["mean"], held["scale"], strict=True
        )
    )
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, z))))


def threshold(wrong: float = WRONG, needless: float = NEEDLESS) -> float:
    """The probability from which answering costs less than declining."""
    return wrong / (wrong + needless)


@cache
def gate() -> dict[str, Any]:
    """The fitted head and what is known of it."""
    held: dict[str, Any] = json.loads(GATE.read_text(encoding="utf-8"))
    return held


def _nearness(hit: Hit, language: Language) -> float:
    """Meaning and words together, in one passage; a leg that did not return it counts nothing."""
    dense, lexical = hit.legs.get("dense"), hit.legs.get("lexical")
    counted = 1.0 if language == "en" else CHINESE_WORDS
    words = min(counted * lexical.score, MOST_WORDS) if lexical else 0.0
    return (dense.score if dense else 0.0) + WORDS * words
