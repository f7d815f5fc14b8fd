"""Short answers graded against reference answers, with the features of the judging heads.

The judge's features compare the piece of an answer that fits an idea best with ways of saying it.
A grader of schoolwork knows three things more: the question, whose words earn nothing; how rare a
word is among the answers to train on; and that the whole answer is meant for this one question.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from evals.semeval import GradedSet, Question
from ingest import Encoder
from tutor.assess.features import Exemplars, exemplars, features
from tutor.dialogue import Target

STRENGTH = 0.1
FOLDS = 5
UNSEEN = 8.0
"""The rarity of a word that no answer of the training split has."""
BALANCES: tuple[str | None, ...] = (None, "balanced")
_WORD = re.compile(r"[a-z0-9.]+")
_ENDING = re.compile(r"(?:ing|ed|es|s|y|ies)$")
Matrix = NDArray[np.float64]
Rarity = dict[str, float]


def rarity_of(texts: Sequence[str]) -> Rarity:
    """By stem, how rare it is among some texts: log(1 + n / (1 + texts that have it))."""
    seen = Counter(stem for text in texts for stem in set(_stems(text)))
    return {stem: math.log(1 + len(texts) / (1 + count)) for stem, count in seen.items()}


def lexical(graded: GradedSet, rarity: Rarity) -> Matrix:
    """Overlap of words alone, [answers, 7]: the baseline."""
    return np.asarray(
        [_overlaps(a.text, graded.questions[a.question], rarity) for a in graded.answers]
    )


def judged(graded: GradedSet, encoders: Sequence[Encoder]) -> Matrix:
    """The features of the judging heads, and cosines of the whole answer, by answer."""
    known = {q.id: _known(q, encoders) for q in graded.questions.values()}
    asked = {q.id: _vectors([q.text], encoders) for q in graded.questions.values()}
    rows = []
    for answer in graded.answers:
        of = known[answer.question]
        whole = _vectors([answer.text], encoders)
        row = features(answer.text, of, encoders).values[0].tolist()
        for vector, held, question in zip(whole, of.vectors, asked[answer.question], strict=True):
            cosines = held[1:] @ vector[0]
            row += [float(cosines.max()), float(cosines.mean()), float(question[0] @ vector[0])]
        rows.append(row)
    return np.asarray(rows)


def grader(values: Matrix, grades: Sequence[str], questions: Sequence[str]) -> Pipeline:
    """A logistic head; whether grades weigh alike is chosen on questions left out of the fit."""
    folds = list(GroupKFold(FOLDS).split(values, grades, questions))
    held = np.asarray(grades)

    def score(balance: str | None) -> float:
        found = []
        for train, test in folds:
            fitted = _head(balance).fit(values[train], held[train])
            found.append(macro_f1(held[test], fitted.predict(values[test])))
        return float(np.mean(found))

    return _head(max(BALANCES, key=score)).fit(values, held)


def macro_f1(truth: Sequence[str] | NDArray[np.str_], found: NDArray[np.str_]) -> float:
    """The mean over grades of F1, which is what the shared task reports."""
    return float(f1_score(truth, found, average="macro", zero_division=0))


def _head(balance: str | None) -> Pipeline:
    return make_pipeline(
        StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=3000, class_weight=balance)
    )


def _known(question: Question, encoders: Sequence[Encoder]) -> Exemplars:
    target = Target(question.id, "expectation", question.references[0], question.references, ())
    return exemplars((target,), encoders, str)


def _vectors(texts: list[str], encoders: Sequence[Encoder]) -> list[NDArray[np.float32]]:
    return [encoder.encode_queries(texts) for encoder in encoders]


def _overlaps(text: str, question: Question, rarity: Rarity) -> list[float]:
    """The figures of the reference that shares most, and what is only the question's words."""
    listed = _stems(text)
    own, asked = set(listed), set(_stems(question.text))
    best: list[float] = []
    for reference in question.references:
        wanted = set(_stems(reference))
        shared = own & wanted
        recall = _weight(shared, rarity) / max(_weight(wanted, rarity), 1e-6)
        precision = _weight(shared, rarity) / max(_weight(own, rarity), 1e-6)
        new = _weight(wanted - asked, rarity)
        figures = [
            2 * recall * precision / max(recall + precision, 1e-6),
            recall,
            precision,
            _weight(shared - asked, rarity) / new if new else recall,
            _weight(own - wanted - asked, rarity) / max(_weight(own, rarity), 1e-6),
        ]
        best = max(best, figures)
    pairs = _pairs(listed)
    held = [_pairs(_stems(reference)) for reference in question.references]
    return [
        *best,
        len(own & asked) / max(1, len(own)),
        max(len(pairs & p) / max(1, min(len(pairs), len(p))) for p in held),
    ]


def _weight(stems: set[str], rarity: Rarity) -> float:
    return sum(rarity.get(stem, UNSEEN) for stem in stems)


def _stems(text: str) -> list[str]:
    return [_ENDING.sub("", word) for word in _WORD.findall(text.lower())]


def _pairs(stems: Sequence[str]) -> set[tuple[str, str]]:
    return set(zip(stems, stems[1:], strict=False))
